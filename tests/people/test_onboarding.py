"""From the invitation to the roster: each side does its part, nobody else does (A7, K2, K3, K4, K5, K7)."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.errors import LinkExpired, LinkForOtherPhone
from app.accounts.links import Target, claim_link, preview_link
from app.accounts.models import SmsLink
from app.audit.models import AuditEntry
from app.core.db import reading
from app.core.errors import InvalidInput
from app.identity.errors import VerificationRequired
from app.notifications.queries import list_sms
from app.notifications.reminding import TooSoonToRemind
from app.notifications.service import list_messages
from app.people.errors import (
    AlreadyInvited,
    AlreadyOnRoster,
    InvitationNameMismatch,
    InvitationOver,
    NobodyToInvite,
    NoticeOutdated,
    OnboardingActionNotAllowed,
    OnboardingChanged,
    OnboardingNotFound,
)
from app.people.jobs import forget_onboardings
from app.people.lifecycle import Status
from app.people.models import Onboarding
from app.people.queries import list_onboardings, list_todo
from app.people.roster import list_roster
from app.people.service.filling import (
    agree_to_onboarding,
    decline_onboarding,
    get_own_onboarding,
    save_onboarding_draft,
)
from app.people.service.inviting import get_reminding, invite_worker, resend_invitation, withdraw_invitation
from app.people.service.reviewing import accept_onboarding, correct_onboarding, get_review, read_id_number
from tests.contracts.world import HOME, World
from tests.factories import Worker, new_worker, verified_employer, verified_worker
from tests.people.onboarding_world import FORM, accept, agree, invite, reject, submit, submitted

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def titles(person: Any) -> list[str]:
    return [message.title for message in list_messages(actor=person.actor)]


def last_token(world: World, worker: Worker) -> str:
    world.settle()
    return world.sms.last(worker.phone).params["link"].rsplit("t=", 1)[1]


def test_from_the_invitation_to_the_roster(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    onboarding = invite(world, employer, worker)
    token = last_token(world, worker)
    assert preview_link(token=token).purpose == "onboarding"
    assert claim_link(actor=worker.actor, token=token) == Target("onboarding", onboarding.id)
    assert [card.onboarding.id for card in list_todo(actor=worker.actor)] == [onboarding.id]

    agree(worker, onboarding)
    save_onboarding_draft(actor=worker.actor, onboarding_id=onboarding.id, typed={"school": " 吉林", "sex": ""})
    own = get_own_onboarding(actor=worker.actor, onboarding_id=onboarding.id)
    assert (own.draft, own.form, own.onboarding.status) == ({"school": " 吉林"}, {}, Status.FILLING)
    assert get_review(actor=employer.actor, onboarding_id=onboarding.id).form == {}, "drafts are the worker's own"

    submit(worker, onboarding)
    assert titles(employer) == ["劳动者入职资料填写完成"]
    form = get_review(actor=employer.actor, onboarding_id=onboarding.id).form
    assert (form["name"], form["school"], form["registered_residence"]) == ("王小丽", "吉林大学", HOME)
    assert worker.id_number not in str(form), "masked until somebody looks, and that is noted"
    assert read_id_number(actor=employer.actor, onboarding_id=onboarding.id) == worker.id_number

    accept(world, employer, onboarding)
    assert claim_link(actor=worker.actor, token=last_token(world, worker)).id == onboarding.id
    assert world.sms.last(worker.phone).params["result"] == "已通过"
    assert titles(worker) == ["入职资料已通过", "请填写入职登记"]
    for text in ("王小丽", worker.phone):
        assert [card.onboarding.name for card in list_roster(actor=employer.actor, text=text).items] == ["王小丽"]
    assert list_roster(actor=employer.actor, text="王小").items == []
    assert get_own_onboarding(actor=worker.actor, onboarding_id=onboarding.id).form["school"] == "吉林大学"
    world.check()


@ON_SQLITE
def test_nothing_personal_is_readable_in_the_database_or_the_log(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    onboarding = submitted(world, employer, worker)
    correct_onboarding(
        actor=employer.actor, onboarding_id=onboarding.id, form_version=1, changes={"school": "东北师范大学"}
    )
    reject(world, employer, onboarding)
    words = ("王小丽", "王芳", worker.phone, "13700000001", worker.id_number, "吉林大学", "人民大街", "户籍地址不完整")
    with reading() as session:
        noted = select(AuditEntry).where(AuditEntry.subject == onboarding.subject).order_by(AuditEntry.number)
        entries = session.scalars(noted).all()
        row = session.get_one(Onboarding, onboarding.id)
        stored = str([json.dumps(entry.data, ensure_ascii=False) for entry in entries]) + str(vars(row))
    assert [word for word in words if word in stored] == []
    assert [entry.action for entry in entries] == [
        "onboarding.invited", "onboarding.agreed", "onboarding.submitted", "onboarding.corrected",
        "onboarding.rejected",
    ]  # fmt: skip


@ON_SQLITE
def test_rejected_with_a_reason_then_corrected_and_submitted_again(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    onboarding = submitted(world, employer, worker)
    reject(world, employer, onboarding)
    own = get_own_onboarding(actor=worker.actor, onboarding_id=onboarding.id)
    assert (own.onboarding.reason, own.draft["school"]) == ("户籍地址不完整", "吉林大学")
    world.settle()
    assert world.sms.last(worker.phone).params["result"] == "需要修改"

    submit(worker, onboarding, school="长春理工大学")
    review = get_review(actor=employer.actor, onboarding_id=onboarding.id)
    assert (review.form["school"], review.onboarding.form_version, review.onboarding.reason) == ("长春理工大学", 2, "")
    with pytest.raises(OnboardingChanged):  # a colleague's page still shows the first version
        accept_onboarding(
            actor=employer.actor, onboarding_id=onboarding.id, form_version=1, link_url=world.providers.link_url
        )
    accept(world, employer, onboarding)


@ON_SQLITE
def test_corrections_are_kept_with_who_made_them_and_shown_to_the_worker(world: World) -> None:
    employer, worker = verified_employer(name="李国强"), verified_worker()
    onboarding = submitted(world, employer, worker)
    change = {"actor": employer.actor, "onboarding_id": onboarding.id, "form_version": 1}
    with pytest.raises(InvalidInput) as refused:
        correct_onboarding(**change, changes={"emergency_phone": "13700000002"})
    assert set(refused.value.fields) == {"emergency_phone"}, "whom to call, only the worker knows"
    corrected = correct_onboarding(**change, changes={"school": "东北师范大学", "education": "bachelor"})
    assert corrected.form_version == 2
    with pytest.raises(OnboardingChanged):
        correct_onboarding(**change, changes={"school": "再改一次"})
    (one,) = get_review(actor=employer.actor, onboarding_id=onboarding.id).corrections
    assert (one.field, one.before, one.after, one.by) == ("school", "吉林大学", "东北师范大学", "李国强")
    own = get_own_onboarding(actor=worker.actor, onboarding_id=onboarding.id)
    assert own.form["school"] == "东北师范大学"
    assert own.corrections == (one,)


@ON_SQLITE
def test_second_taps_change_nothing(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    onboarding = submitted(world, employer, worker)
    assert submit(worker, onboarding).form_version == 1
    assert titles(employer) == ["劳动者入职资料填写完成"]
    for _ in range(2):
        accept(world, employer, onboarding)
    world.settle()
    assert len([sms for sms in world.sms.sent if sms.template == "SMS_ONBOARDING_RESULT"]) == 1
    with pytest.raises(OnboardingActionNotAllowed):
        submit(worker, onboarding, school="长春理工大学")


BAD = [
    ("residence", {"region": [], "detail": "1 号楼"}),
    ("registered_residence", None),
    ("education", "unknown"),
    ("school", "吉"),
    ("graduated_in", "一九九九"),
    ("graduated_in", 1900),
    ("emergency_name", "王123"),
    ("emergency_relation", ""),
    ("emergency_phone", "12345"),
]


@ON_SQLITE
def test_every_bad_field_is_named(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    onboarding = invite(world, employer, worker)
    agree(worker, onboarding)
    for field, value in BAD:
        with pytest.raises(InvalidInput) as refused:
            submit(worker, onboarding, **{field: value})
        assert set(refused.value.fields) == {field}
    with pytest.raises(InvalidInput) as refused:
        submit(worker, onboarding, **dict.fromkeys(FORM))
    assert set(refused.value.fields) == set(FORM) - {"sex"}, "the sex comes from a resident's number"
    with pytest.raises(InvalidInput) as refused:
        submit(worker, onboarding, emergency_phone=worker.phone)
    assert set(refused.value.fields) == {"emergency_phone"}, "not one's own"


@ON_SQLITE
def test_the_link_forwarded_and_the_wrong_person_open_nothing(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    onboarding = invite(world, employer, worker)
    token, stranger, rival = (
        last_token(world, worker),
        verified_worker("王小丽"),
        verified_employer("长春市旁观有限公司"),
    )
    with pytest.raises(LinkForOtherPhone):
        claim_link(actor=stranger.actor, token=token)
    for actor, look in ((stranger.actor, get_own_onboarding), (rival.actor, get_review)):
        with pytest.raises(OnboardingNotFound):
            look(actor=actor, onboarding_id=onboarding.id)
    assert list_onboardings(actor=rival.actor).items == list_todo(actor=stranger.actor) == []

    unverified = new_worker()
    theirs = invite(world, employer, Worker(unverified.actor, "", unverified.phone, "张伟"))
    with pytest.raises(VerificationRequired):
        get_own_onboarding(actor=unverified.actor, onboarding_id=theirs.id)
    other_name = verified_worker("张伟")
    misaddressed = invite(world, employer, Worker(other_name.actor, "", other_name.phone, "张小伟"))
    with pytest.raises(InvitationNameMismatch):
        get_own_onboarding(actor=other_name.actor, onboarding_id=misaddressed.id)
    with pytest.raises(InvitationNameMismatch):
        agree_to_onboarding(actor=other_name.actor, onboarding_id=misaddressed.id, notice_sha256="")


@ON_SQLITE
def test_other_words_than_those_shown_are_not_agreed_to(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    onboarding = invite(world, employer, worker)
    with pytest.raises(NoticeOutdated):
        agree_to_onboarding(actor=worker.actor, onboarding_id=onboarding.id, notice_sha256="0" * 64)


@ON_SQLITE
def test_one_person_is_invited_once_and_not_bombed(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    onboarding = invite(world, employer, worker)
    with pytest.raises(AlreadyInvited):
        invite(world, employer, worker)
    with pytest.raises(TooSoonToRemind):
        resend_invitation(actor=employer.actor, onboarding_id=onboarding.id, link_url=world.providers.link_url)
    withdraw_invitation(actor=employer.actor, onboarding_id=onboarding.id)
    with pytest.raises(TooSoonToRemind):  # withdrawing and inviting again is no way around the pause
        invite(world, employer, worker)
    world.pass_time(minutes=31)
    again = invite(world, employer, worker)
    world.pass_time(minutes=31)
    old = last_token(world, worker)
    resend_invitation(actor=employer.actor, onboarding_id=again.id, link_url=world.providers.link_url)
    assert claim_link(actor=worker.actor, token=last_token(world, worker)).id == again.id
    with pytest.raises(LinkExpired):
        preview_link(token=old)
    agree(worker, again)
    submit(worker, again)
    with pytest.raises(NobodyToInvite):
        resend_invitation(actor=employer.actor, onboarding_id=again.id, link_url=world.providers.link_url)
    assert get_reminding(actor=employer.actor, onboarding_id=again.id).resend_at is None
    accept(world, employer, again)
    with pytest.raises(AlreadyOnRoster):
        invite(world, employer, worker)


@ON_SQLITE
def test_bad_invitations_name_their_fields(world: World) -> None:
    employer = verified_employer()
    with pytest.raises(InvalidInput) as refused:
        invite_worker(actor=employer.actor, name="1", phone="2", days=31, link_url=world.providers.link_url)
    assert set(refused.value.fields) == {"name", "phone", "days"}


@ON_SQLITE
def test_each_unhappy_end_deletes_what_was_typed(world: World) -> None:
    for end, status in {"withdraw": "withdrawn", "decline": "declined", "expire": "expired"}.items():
        employer, worker = verified_employer(f"长春市{end}有限公司"), verified_worker("王小丽")
        onboarding = submitted(world, employer, worker)
        if end == "withdraw":
            withdraw_invitation(actor=employer.actor, onboarding_id=onboarding.id)
        elif end == "decline":
            decline_onboarding(actor=worker.actor, onboarding_id=onboarding.id)
        else:
            world.pass_time(days=31)
            world.settle()
        own = get_own_onboarding(actor=worker.actor, onboarding_id=onboarding.id)
        assert (own.form, own.draft) == ({}, {}), end
        review = get_review(actor=employer.actor, onboarding_id=onboarding.id)
        assert (review.form, review.onboarding.name) == ({}, "王小丽")
        world.pass_time(days=31)
        forget_onboardings()
        with reading() as session:
            row = session.get_one(Onboarding, onboarding.id)
            assert {sms.phone for sms in list_sms(session, onboarding.subject)} == {""}
            assert session.scalars(select(SmsLink).where(SmsLink.target_id == onboarding.id)).all() == []
        assert (row.name_ciphertext, row.phone_ciphertext, row.phone_index, row.person_id) == (None,) * 4, end
        assert (row.status, row.notice_sha256) == (status, own.notice.sha256), "what happened stays"


@ON_SQLITE
def test_the_deadline_counts_and_moves_with_each_turn(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    late, onboarding = verified_worker(), submitted(world, employer, worker)
    missed = invite(world, employer, late, days=1)
    agree(late, missed)
    world.pass_time(days=2)
    with pytest.raises(InvitationOver):
        submit(late, missed)
    world.settle()
    assert get_own_onboarding(actor=late.actor, onboarding_id=missed.id).onboarding.status == Status.EXPIRED
    assert "入职登记已过期" in titles(late)
    world.pass_time(days=10)  # past the invitation's own deadline: the employer's turn has its own
    world.settle()
    reject(world, employer, onboarding)
    world.pass_time(days=13)
    world.settle()
    assert submit(worker, onboarding).status == Status.REVIEWING
