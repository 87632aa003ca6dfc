"""The link again, urging, and how the SMS arrived (G6, H6)."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.accounts.errors import LinkExpired
from app.accounts.links import claim_link, preview_link
from app.contracts.errors import ContractNotFound, NobodyToRemind
from app.contracts.models import Contract
from app.contracts.reminders import Notice, get_reminders
from app.contracts.service.reminding import resend_link, urge_worker
from app.contracts.service.sending import withdraw_contract
from app.contracts.trail import get_timeline
from app.core.errors import NotPermitted, ProviderError
from app.notifications.queries import Delivery
from app.notifications.reminding import TooSoonToRemind
from app.notifications.service import list_messages, note_receipts
from app.organisations.permissions import Permission
from tests.contracts.test_copies import completed_with_copy
from tests.contracts.world import World
from tests.factories import Employer, Worker, employer_with_seal


def resend(world: World, employer: Employer, contract: Contract) -> None:
    resend_link(actor=employer.actor, contract_id=contract.id, link_url=world.providers.link_url)


def urge(world: World, employer: Employer, contract: Contract) -> None:
    urge_worker(actor=employer.actor, contract_id=contract.id, link_url=world.providers.link_url)


def notices(employer: Employer, contract: Contract) -> tuple[Notice, ...]:
    return get_reminders(actor=employer.actor, contract_id=contract.id).notices


def last_token(world: World, worker: Worker) -> str:
    return world.sms.last(worker.phone).params["link"].rsplit("t=", 1)[1]


def test_the_new_link_works_and_the_old_one_dies(world: World) -> None:
    employer, worker, contract = world.sent()
    world.settle()
    old = last_token(world, worker)
    world.pass_time(minutes=31)
    resend(world, employer, contract)
    world.settle()
    new = last_token(world, worker)
    assert claim_link(actor=worker.actor, token=new).id == contract.id
    with pytest.raises(LinkExpired):
        preview_link(token=old)
    actions = [entry.action for entry in get_timeline(actor=worker.actor, contract_id=contract.id)]
    assert actions == ["contract.sent", "contract.link_resent"]
    assert len(list_messages(actor=worker.actor)) == 1, "the message centre needs no second entry"
    world.check()


def test_half_an_hour_lies_between_two_sms(world: World) -> None:
    employer, _worker, contract = world.sent()
    for _ in range(2):
        with pytest.raises(TooSoonToRemind) as refused:
            resend(world, employer, contract)
        next_at = get_reminders(actor=employer.actor, contract_id=contract.id).resend_at
        assert next_at is not None
        assert datetime.fromisoformat(refused.value.details["next_at"]) == next_at
        assert 0 < refused.value.details["retry_after"] <= 31 * 60
        assert next_at.second == 0, "what is shown is what holds"
        world.moment = next_at
        resend(world, employer, contract)


def test_urging_begins_after_six_hours(world: World) -> None:
    employer, worker, contract = world.sent()
    world.pass_time(hours=5, minutes=59)
    with pytest.raises(TooSoonToRemind):
        urge(world, employer, contract)
    world.pass_time(minutes=2)
    assert get_reminders(actor=employer.actor, contract_id=contract.id).may_urge
    urge(world, employer, contract)
    world.settle()
    assert world.sms.last(worker.phone).template == "SMS_CONTRACT_URGE"
    assert claim_link(actor=worker.actor, token=last_token(world, worker)).id == contract.id
    assert [message.kind for message in list_messages(actor=worker.actor)] == ["contract.urged", "contract.sent"]
    with pytest.raises(TooSoonToRemind):
        resend(world, employer, contract)
    world.pass_time(minutes=31)
    urge(world, employer, contract)
    assert [entry.action for entry in get_timeline(actor=employer.actor, contract_id=contract.id)] == [
        "contract.sent", "contract.urged", "contract.urged",
    ]  # fmt: skip
    world.settle()
    world.check()


def test_five_reminders_are_enough_for_a_day(world: World) -> None:
    employer, _worker, contract = world.sent()
    world.pass_time(hours=7)
    first = world.moment
    for act in (resend, urge, urge, resend, urge):
        act(world, employer, contract)
        world.pass_time(minutes=31)
    for act in (resend, urge):
        with pytest.raises(TooSoonToRemind):
            act(world, employer, contract)
    next_at = get_reminders(actor=employer.actor, contract_id=contract.id).resend_at
    assert next_at is not None
    assert 0 <= (next_at - first).total_seconds() - 24 * 3600 < 120
    world.moment = next_at
    resend(world, employer, contract)


def test_nobody_is_reminded_who_has_nothing_to_do(world: World) -> None:
    employer, _worker, signed = world.signed()
    worker_done = get_reminders(actor=employer.actor, contract_id=signed.id)
    assert (worker_done.resend_at, worker_done.urge_at) == (None, None)
    _other, worker, withdrawn = world.sent()
    withdraw_contract(actor=_other.actor, contract_id=withdrawn.id)
    late = world.send(employer, worker)
    world.pass_time(days=31)
    for by, contract in ((employer, signed), (_other, withdrawn), (employer, late)):
        for act in (resend, urge):
            with pytest.raises(NobodyToRemind):
                act(world, by, contract)


def test_reminding_is_sending(world: World) -> None:
    employer, worker, contract = world.sent()
    stranger = employer_with_seal("长春市其他有限公司")
    reader = replace(employer, actor=replace(employer.actor, permissions=frozenset({Permission.VIEW_CONTRACT})))
    world.pass_time(hours=7)
    for act in (resend, urge):
        with pytest.raises(ContractNotFound):
            act(world, stranger, contract)
        with pytest.raises(NotPermitted):
            act(world, reader, contract)
    assert get_reminders(actor=reader.actor, contract_id=contract.id).may_urge
    with pytest.raises(ContractNotFound):
        get_reminders(actor=stranger.actor, contract_id=contract.id)
    with pytest.raises(NotPermitted):
        get_reminders(actor=worker.actor, contract_id=contract.id)


def test_the_last_sms_is_followed_to_the_phone(world: World) -> None:
    employer, worker, contract = world.sent()
    (queued,) = notices(employer, contract)
    masked = f"{worker.phone[:3]}****{worker.phone[-4:]}"
    assert (queued.to, queued.name, queued.phone_masked) == ("worker", worker.name, masked)
    assert queued.delivery == Delivery.QUEUED
    world.settle()
    assert notices(employer, contract)[0].delivery == Delivery.SENT
    reference = f"sms-{world.sms.last(worker.phone).reference}"
    note_receipts(provider="fake_sms", outcomes={reference: False})
    assert notices(employer, contract)[0].delivery == Delivery.UNDELIVERED
    note_receipts(provider="fake_sms", outcomes={reference: True})
    assert notices(employer, contract)[0].delivery == Delivery.DELIVERED
    world.pass_time(minutes=31)
    resend(world, employer, contract)
    assert [one.delivery for one in notices(employer, contract)] == [Delivery.QUEUED], "the last one counts"


@pytest.mark.parametrize(
    ("error", "delivery"),
    [
        (ProviderError("sms", "number_refused", permanent=True), Delivery.UNDELIVERED),
        (ProviderError("sms", "timeout"), Delivery.UNKNOWN),
    ],
)
def test_what_went_wrong_is_said(world: World, error: ProviderError, delivery: Delivery) -> None:
    employer, _worker, contract = world.sent()
    world.sms.error = error
    world.work()
    world.pass_time(days=1)
    assert [one.delivery for one in notices(employer, contract)] == [delivery]


def test_copy_recipients_are_listed_with_their_own_sms(world: World) -> None:
    employer, worker, reader, contract = completed_with_copy(world)
    assert [(one.to, one.name, one.template, one.delivery) for one in notices(employer, contract)] == [
        ("worker", worker.name, "SMS_CONTRACT_DONE", Delivery.SENT),
        ("copy", "陈静", "SMS_CONTRACT_COPY", Delivery.SENT),
    ]  # fmt: skip
    assert notices(employer, contract)[1].phone_masked == f"{reader.phone[:3]}****{reader.phone[-4:]}"
