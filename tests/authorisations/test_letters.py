"""An absent legal representative signs a letter, and the organisation is verified by it (C2, C3, A7)."""

import uuid
from dataclasses import replace

import pytest

from app.accounts.errors import LinkExpired, LinkForOtherPhone
from app.accounts.links import claim_link, preview_link
from app.authorisations.errors import (
    AuthorisationExpired,
    AuthorisationNotFound,
    AuthorisationOver,
    LetterNotDrawable,
    LetterNotReady,
    NotYourLetter,
    RepresentativeOnly,
)
from app.authorisations.lifecycle import Status
from app.authorisations.queries import find_latest, get_authorisation, list_waiting, read_signed_file, read_text
from app.authorisations.service.requesting import copy_link, get_link_state, resend_link, withdraw_authorisation
from app.authorisations.service.responding import refuse_authorisation
from app.core.checks import Outcome
from app.core.errors import InvalidInput, NotPermitted, ProviderError
from app.identity.errors import ConsentRequired, VerificationRequired
from app.notifications.reminding import TooSoonToRemind
from app.notifications.service import list_messages
from app.organisations.errors import (
    AuthorisationUnderWay,
    OrganisationMismatch,
    OrganisationTaken,
    RepresentativeIsYou,
    RepresentativeMismatch,
)
from app.organisations.queries import get_organisation
from app.organisations.service import save_licence, update_organisation, verify_organisation
from app.signing.errors import IntentMismatch, IntentUsed
from tests.authorisations.letters import Boss, ask, asked, new_boss, prove, reload, sign, token_for
from tests.contracts.test_reach import change
from tests.contracts.world import World
from tests.factories import (
    LICENCE,
    Employer,
    consent,
    log_in,
    new_worker,
    verified_operator,
    verified_worker,
    verify_by_phone,
)
from tests.fakes import FakeRegistry, MemoryBlobs

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_representative_signs_and_the_organisation_is_verified(world: World) -> None:
    operator, boss, letter = asked(world)
    assert world.providers.registry.asked[-1] == (operator.organisation, operator.uscc, boss.name, boss.id_number)
    assert not get_organisation(actor=operator.actor).is_verified
    worker = boss.log_in()
    assert [one.id for one in list_waiting(actor=worker.actor)] == [letter.id]
    _, paragraphs = read_text(actor=worker.actor, authorisation_id=letter.id, blobs=world.providers.blobs)
    text = "".join(paragraphs)
    assert all(part in text for part in (operator.organisation, operator.uscc, boss.name, "王小丽", "授权期限"))
    assert operator.id_number not in text
    assert boss.id_number not in text
    assert sign(world, worker, letter).status == Status.SEALING
    assert not get_organisation(actor=operator.actor).is_verified, "not before the stored bytes are verified"
    world.settle()
    view = get_organisation(actor=operator.actor)
    assert (view.is_verified, view.legal_representative_masked) == (True, "欧****")
    for reader in (operator, worker):
        _, pdf = read_signed_file(actor=reader.actor, authorisation_id=letter.id, blobs=world.providers.blobs)
        assert pdf.startswith(b"%PDF")
    assert [one.title for one in list_messages(actor=operator.actor)] == ["单位认证已完成"]
    assert world.sms.last(boss.phone).template == "SMS_AUTHORISATION_DONE"
    assert list_waiting(actor=worker.actor) == []
    world.check()


@on_sqlite
def test_the_link_tells_sender_and_purpose_and_opens_for_that_phone_only(world: World) -> None:
    operator, boss, letter = asked(world)
    copied = copy_link(actor=operator.actor, authorisation_id=letter.id)
    for token in (token_for(world, boss), copied):
        preview = preview_link(token=token)
        assert (preview.purpose, preview.organisation_id) == ("authorisation", operator.organisation_id)
        with pytest.raises(LinkForOtherPhone):
            claim_link(actor=new_worker().actor, token=token)
    stranger = verified_worker(boss.name)
    with pytest.raises(AuthorisationNotFound):
        get_authorisation(actor=stranger.actor, authorisation_id=letter.id)
    assert claim_link(actor=log_in(boss.phone).actor, token=copied).id == letter.id
    with pytest.raises(NotYourLetter):
        copy_link(actor=replace(operator.actor, account_id=uuid.uuid4()), authorisation_id=letter.id)
    withdraw_authorisation(actor=operator.actor, authorisation_id=letter.id)
    for token in (token_for(world, boss), copied):
        with pytest.raises(LinkExpired):
            preview_link(token=token)


@on_sqlite
@pytest.mark.parametrize("wrong", ["name", "document"])
def test_somebody_else_with_that_phone_is_refused(world: World, wrong: str) -> None:
    operator, boss, letter = asked(world)
    unverified = new_worker(boss.phone)
    assert [one.id for one in list_waiting(actor=unverified.actor)] == [letter.id]
    with pytest.raises(VerificationRequired):
        get_authorisation(actor=unverified.actor, authorisation_id=letter.id)
    world.pass_time(minutes=2)
    other = verified_worker(
        "赵敏" if wrong == "name" else boss.name, boss.phone, boss.id_number if wrong == "name" else ""
    )
    for attempt in (
        lambda: get_authorisation(actor=other.actor, authorisation_id=letter.id),
        lambda: prove(world, other, letter),
        lambda: sign(world, other, letter, uuid.uuid4()),
        lambda: refuse_authorisation(actor=other.actor, authorisation_id=letter.id, reason="不是我"),
    ):
        with pytest.raises(RepresentativeOnly):
            attempt()
    assert reload(operator, letter).status == Status.WAITING


@on_sqlite
def test_the_desk_cannot_sign_its_own_letter(world: World) -> None:
    operator, boss, letter = asked(world)
    with pytest.raises(NotPermitted):
        sign(world, operator, letter, uuid.uuid4())  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        refuse_authorisation(actor=operator.actor, authorisation_id=letter.id, reason="我自己来")
    with pytest.raises(NotPermitted):
        ask(world, replace(operator, actor=replace(operator.actor, permissions=frozenset())), boss)


@on_sqlite
def test_what_is_asked_of_whom(world: World) -> None:
    """The form's refusals; none of them reaches the representative."""
    operator, boss = verified_operator(name="王小丽"), new_boss()
    with pytest.raises(RepresentativeIsYou):
        ask(world, operator, Boss(operator.name, boss.phone, operator.id_number))
    with pytest.raises(InvalidInput) as own_phone:
        ask(world, operator, Boss(boss.name, operator.phone, boss.id_number))
    with pytest.raises(InvalidInput) as no_phone:
        ask(world, operator, Boss(boss.name, "123", boss.id_number))
    assert set(own_phone.value.fields) == set(no_phone.value.fields) == {"legal_representative_phone"}
    with pytest.raises(InvalidInput) as kind:
        ask(world, operator, boss, legal_representative_id_type="foreign_permanent_resident_id")
    assert set(kind.value.fields) == {"legal_representative_id_type"}
    with pytest.raises(LetterNotDrawable):
        ask(world, operator, replace(boss, name="\U00030001建国"))
    with pytest.raises(OrganisationMismatch):
        ask(world, operator, boss, registry=FakeRegistry(Outcome.MISMATCH))
    assert [sms for sms in world.sms.sent if sms.phone == boss.phone] == []
    assert find_latest(actor=operator.actor) is None


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "number"),
    [("hk_macao_permit", "H12345678"), ("taiwan_permit", "12345678"), ("passport", "AB1234567")],
)
def test_the_representatives_document_may_be_of_four_kinds(world: World, kind: str, number: str) -> None:
    operator, boss = verified_operator(name="王小丽"), replace(new_boss(), id_number=number)
    letter = ask(world, operator, boss, legal_representative_id_type=kind)
    assert (letter.representative_id_type, letter.representative_id) == (kind, number)


@on_sqlite
def test_while_the_letter_waits_nothing_under_it_changes(world: World) -> None:
    operator, boss, letter = asked(world)
    profile = {"name": "长春市另一家有限公司", "uscc": operator.uscc, "kind": "enterprise", "address": "长春市 2 号"}
    for attempt in (
        lambda: update_organisation(actor=operator.actor, **profile),
        lambda: save_licence(actor=operator.actor, picture=LICENCE, blobs=world.providers.blobs),
        lambda: ask(world, operator, boss),
        lambda: verify_organisation(
            actor=operator.actor, **profile, legal_representative=operator.name,
            legal_representative_id_number=operator.id_number, registry=FakeRegistry(),
        ),
    ):  # fmt: skip
        with pytest.raises(AuthorisationUnderWay):
            attempt()
    withdraw_authorisation(actor=operator.actor, authorisation_id=letter.id)
    assert update_organisation(actor=operator.actor, **profile).name == profile["name"]
    world.pass_time(minutes=2)
    again = ask(world, operator, boss)  # C3: the account stays
    assert (find_latest(actor=operator.actor) or letter).id == again.id
    world.check()


@on_sqlite
def test_what_changes_after_the_registrys_answer_is_not_verified_by_it(world: World) -> None:
    """A second window that is fast enough would have the platform vouch for a name and code of its choice."""
    operator, boss = verified_operator(name="王小丽"), new_boss()
    profile = {"name": "长春市另一家有限公司", "uscc": operator.uscc, "kind": "enterprise", "address": "长春市 2 号"}

    class SlowBlobs(MemoryBlobs):
        def put(self, key: str, data: bytes) -> None:
            super().put(key, data)
            update_organisation(actor=operator.actor, **profile)

    with pytest.raises(OrganisationMismatch):
        ask(world, operator, boss, blobs=SlowBlobs())
    assert find_latest(actor=operator.actor) is None


@on_sqlite
def test_signing_twice_is_signing_once(world: World) -> None:
    operator, boss, letter = asked(world)
    worker = boss.log_in()
    challenge = prove(world, worker, letter)
    first = sign(world, worker, letter, challenge)
    assert sign(world, worker, letter, challenge).acted_at == first.acted_at
    world.settle()
    assert sign(world, worker, letter, challenge).status == Status.SIGNED
    assert world.authority.issued == ["person-once"]
    with pytest.raises(AuthorisationOver):
        withdraw_authorisation(actor=operator.actor, authorisation_id=letter.id)
    with pytest.raises(AuthorisationOver):
        refuse_authorisation(actor=worker.actor, authorisation_id=letter.id, reason="后悔了")
    world.check()


@on_sqlite
def test_refusing_tells_the_operator_why(world: World) -> None:
    operator, boss, letter = asked(world)
    worker = boss.log_in()
    with pytest.raises(InvalidInput):
        refuse_authorisation(actor=worker.actor, authorisation_id=letter.id, reason="不")
    refuse_authorisation(actor=worker.actor, authorisation_id=letter.id, reason="经办人已经换了")
    seen = reload(operator, letter)
    assert (seen.status, seen.end_reason) == (Status.REFUSED, "经办人已经换了")
    assert [one.title for one in list_messages(actor=operator.actor)] == ["法定代表人拒绝了授权书"]
    with pytest.raises(AuthorisationOver):
        sign(world, worker, letter, uuid.uuid4())
    with pytest.raises(LetterNotReady):
        read_signed_file(actor=operator.actor, authorisation_id=letter.id, blobs=world.providers.blobs)
    world.settle()
    world.check()


@on_sqlite
def test_after_three_days_it_is_too_late(world: World) -> None:
    operator, boss, letter = asked(world)
    token = token_for(world, boss)
    worker = boss.log_in()
    challenge = prove(world, worker, letter)
    world.pass_time(days=3)
    with pytest.raises(AuthorisationExpired):  # whether or not the job has run
        sign(world, worker, letter, challenge)
    with pytest.raises(AuthorisationExpired):
        resend_link(actor=operator.actor, authorisation_id=letter.id, link_url=world.providers.link_url)
    with pytest.raises(LinkExpired):
        preview_link(token=token)
    world.settle()
    assert reload(operator, letter).status == Status.EXPIRED
    assert [one.title for one in list_messages(actor=operator.actor)] == ["授权书已过期"]
    world.check()


@on_sqlite
def test_the_link_is_sent_again_after_half_an_hour_and_five_times_a_day(world: World) -> None:
    operator, boss, letter = asked(world)

    def again() -> None:
        resend_link(actor=operator.actor, authorisation_id=letter.id, link_url=world.providers.link_url)
        world.settle()

    with pytest.raises(TooSoonToRemind):
        again()
    first = token_for(world, boss)
    for _ in range(5):
        world.pass_time(minutes=31)
        again()
    with pytest.raises(LinkExpired):
        preview_link(token=first)
    world.pass_time(hours=2)
    with pytest.raises(TooSoonToRemind):
        again()
    state = get_link_state(actor=operator.actor, authorisation_id=letter.id)
    assert (state.delivery, state.may_resend) == ("sent", False)


@on_sqlite
def test_consent_to_signing_electronically_comes_first(world: World) -> None:
    _operator, boss, letter = asked(world)
    worker = new_worker(boss.phone)
    consent(worker.actor, "verification_consent")
    verify_by_phone(worker.actor, boss.phone, boss.name, boss.id_number)
    world.pass_time(minutes=2)
    verified = replace(worker, actor=log_in(boss.phone).actor)
    with pytest.raises(ConsentRequired):
        prove(world, verified, letter)


@on_sqlite
def test_another_proof_of_will_signs_nothing(world: World) -> None:
    operator, boss, letter = asked(world)
    worker = boss.log_in()
    challenge = prove(world, worker, letter)
    withdraw_authorisation(actor=operator.actor, authorisation_id=letter.id)
    world.pass_time(minutes=2)
    other = ask(world, operator, boss)
    with pytest.raises(IntentMismatch):
        sign(world, worker, other, challenge)
    fresh = prove(world, worker, other)
    sign(world, worker, other, fresh)
    world.settle()
    with pytest.raises((AuthorisationOver, IntentUsed)):
        sign(world, worker, letter, fresh)
    world.check()


@on_sqlite
@pytest.mark.parametrize("vendor", ["authority", "timestamper"])
def test_an_outage_delays_and_loses_nothing(world: World, vendor: str) -> None:
    operator, boss, letter = asked(world)
    down = getattr(world, vendor)
    down.error = ProviderError(vendor, "unreachable")
    sign(world, boss.log_in(), letter)
    assert world.work() == [f"authorisations.seal: ProviderError {vendor}:unreachable"]
    assert reload(operator, letter).status == Status.SEALING
    world.check(settled=False)
    with pytest.raises(AuthorisationOver):  # signed is signed
        withdraw_authorisation(actor=operator.actor, authorisation_id=letter.id)
    down.error = None
    world.pass_time(minutes=2)
    world.settle()
    assert get_organisation(actor=operator.actor).is_verified
    assert len(world.authority.issued) == 1
    world.check()


@on_sqlite
def test_of_two_tenants_with_one_code_the_first_is_verified(world: World) -> None:
    operator, boss, letter = asked(world)
    world.timestamper.error = ProviderError("timestamper", "unreachable")
    worker = boss.log_in()
    sign(world, worker, letter)
    world.work()
    rival: Employer = verified_operator(uscc=operator.uscc, name=boss.name)
    verify_organisation(
        actor=rival.actor, name=rival.organisation, uscc=rival.uscc, kind="enterprise", address="长春市 1 号",
        legal_representative=rival.name, legal_representative_id_number=rival.id_number, registry=FakeRegistry(),
    )  # fmt: skip
    world.timestamper.error = None
    world.pass_time(minutes=2)
    world.settle()
    assert reload(operator, letter).status == Status.VOID
    assert not get_organisation(actor=operator.actor).is_verified
    assert [one.title for one in list_messages(actor=operator.actor)] == ["单位认证没有完成"]
    world.pass_time(minutes=2)
    with pytest.raises(OrganisationTaken):
        ask(world, operator, boss)
    with pytest.raises(RepresentativeMismatch):
        verify_organisation(
            actor=operator.actor, name=operator.organisation, uscc=operator.uscc, kind="enterprise",
            address="长春市 1 号", legal_representative=boss.name, legal_representative_id_number=boss.id_number,
            registry=FakeRegistry(),
        )  # fmt: skip
    world.check()


@on_sqlite
def test_a_number_that_changed_hands_shows_its_next_owner_nothing(world: World) -> None:
    _operator, boss, letter = asked(world)
    worker = boss.log_in()
    assert list_waiting(actor=worker.actor)
    world.pass_time(minutes=2)
    change(world, worker)
    assert list_waiting(actor=new_worker(boss.phone).actor) == []
    assert [one.id for one in list_waiting(actor=worker.actor)] == [letter.id], "the person keeps it, by document"
