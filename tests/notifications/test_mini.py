"""Messages in mini-programs: counted by yes, beside the SMS, dropped where the platform refuses (A6, D7)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.bindings import bind_platform, end_binding, list_bindings
from app.accounts.errors import NotBound, TemplateUnknown
from app.accounts.mini_messages import note_platform_event, note_subscription, notify_in_mini_programs
from app.core.clock import clock_at
from app.core.db import reading, transaction
from app.core.errors import ProviderError
from app.jobs.models import Job
from app.notifications.mini import TEMPLATES, deliver_mini_message
from app.notifications.models import MessageGrant, MiniMessage
from tests.contracts.conftest import one_page_pdf
from tests.contracts.world import World, world
from tests.factories import Worker, new_worker
from tests.fakes import FakeMessenger, FakeMiniPlatform

__all__ = ["one_page_pdf", "world"]

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PLATFORM, OTHER = FakeMiniPlatform(), FakeMiniPlatform("2021")
DATA = {"organisation": "长春市启明软件技术有限公司", "title": "劳动合同"}


@pytest.fixture
def worker(database: object) -> Worker:
    """Bound at WeChat as "o1"."""
    PLATFORM.used.clear()
    found = new_worker()
    bind_platform(actor=found.actor, kind="weixin", platform=PLATFORM, code="code-o1-1")
    return found


def answer(worker: Worker, template: str = "T1", *, accepted: bool = True) -> None:
    note_subscription(
        actor=worker.actor, platform="weixin", app_id=PLATFORM.app_id, messenger=FakeMessenger(), template=template,
        accepted=accepted,
    )  # fmt: skip


def event(subject: str = "o1", template: str | None = "E1", *, accepted: bool) -> bool:
    return note_platform_event(
        platform="weixin", app_id=PLATFORM.app_id, messenger=FakeMessenger(), subject=subject, template=template,
        accepted=accepted,
    )  # fmt: skip


def notify(worker: Worker, template: str = "CONTRACT_LINK") -> list[MiniMessage]:
    """Everything that was promised so far, the oldest first."""
    assert worker.actor.account_id
    with transaction() as session:
        notify_in_mini_programs(
            session, account_id=worker.actor.account_id, template=template, data=DATA, page="pages/contract/index?id=1"
        )
    return stored()


def stored() -> list[MiniMessage]:
    with reading() as session:
        return list(session.scalars(select(MiniMessage).order_by(MiniMessage.created_at)))


def deliver(message: MiniMessage, messenger: FakeMessenger, platform: str = "weixin") -> MiniMessage:
    deliver_mini_message(message_id=str(message.id), messengers={platform: messenger})
    with reading() as session:
        return session.get_one(MiniMessage, message.id)


def test_each_yes_is_one_message(worker: Worker) -> None:
    assert notify(worker) == []
    answer(worker)
    answer(worker)
    assert [len(notify(worker)) for _ in range(3)] == [1, 2, 2]
    with reading() as session:
        assert {job.kind for job in session.scalars(select(Job))} == {
            "notifications.send_sms", "notifications.send_mini_message",
        }  # fmt: skip


def test_an_employment_relation_lasts_until_it_is_taken_back(worker: Worker) -> None:
    answer(worker, "E1")
    assert [len(notify(worker, "CONTRACT_WITHDRAWN")) for _ in range(3)] == [1, 2, 3]
    answer(worker, "E1", accepted=False)
    assert len(notify(worker, "CONTRACT_WITHDRAWN")) == 3


def test_a_no_to_one_more_takes_nothing_back(worker: Worker) -> None:
    answer(worker)
    answer(worker, accepted=False)
    assert len(notify(worker)) == 1


def test_the_message_arrives_once_and_its_texts_are_wiped(worker: Worker) -> None:
    answer(worker)
    (message,) = notify(worker)
    assert DATA["title"].encode() not in (message.data_ciphertext or b"")
    messenger = FakeMessenger()
    for _ in range(2):
        assert deliver(message, messenger).status == "sent"
    (sent,) = messenger.sent
    assert (sent.subject, sent.template, sent.data, sent.page) == (
        "o1", "CONTRACT_LINK", DATA, "pages/contract/index?id=1",
    )  # fmt: skip
    (kept,) = stored()
    assert kept.subject_ciphertext is kept.data_ciphertext is None


def test_a_refusal_corrects_the_count_and_fails_nothing(worker: Worker) -> None:
    for _ in range(3):
        answer(worker)
    (message,) = notify(worker)
    refused = FakeMessenger(error=ProviderError("wechat", "43101", permanent=True))
    kept = deliver(message, refused)
    assert (kept.status, kept.error) == ("failed", "43101")
    assert len(notify(worker)) == 1
    answer(worker)
    assert len(notify(worker)) == 2


def test_an_outage_is_tried_again_and_an_unclear_answer_is_not(worker: Worker) -> None:
    answer(worker)
    answer(worker)
    notify(worker)
    first, second = notify(worker)
    with pytest.raises(ProviderError):
        deliver(first, FakeMessenger(error=ProviderError("wechat", "-1")))
    assert deliver(first, FakeMessenger()).status == "sent"
    assert deliver(second, FakeMessenger(error=ProviderError("wechat", "timeout"))).status == "unknown"


def test_a_late_message_is_dropped(worker: Worker) -> None:
    with clock_at(START):
        answer(worker)
        (message,) = notify(worker)
    with clock_at(START + timedelta(days=1)):
        messenger = FakeMessenger()
        assert deliver(message, messenger).error == "expired"
    assert messenger.sent == []


def test_a_platform_that_is_no_longer_configured_is_no_failure(worker: Worker) -> None:
    answer(worker)
    (message,) = notify(worker)
    assert deliver(message, FakeMessenger(), "alipay").error == "not_configured"


def test_unbinding_stops_what_waits_and_forgets_what_was_allowed(worker: Worker) -> None:
    answer(worker)
    answer(worker)
    (message,) = notify(worker)
    end_binding(actor=worker.actor, binding_id=list_bindings(actor=worker.actor)[0].id)
    messenger = FakeMessenger()
    assert deliver(message, messenger).error == "revoked"
    assert messenger.sent == []
    bind_platform(actor=worker.actor, kind="weixin", platform=PLATFORM, code="code-o1-9")
    assert len(notify(worker)) == 1
    with reading() as session:
        assert session.scalars(select(MessageGrant)).all() == []


def test_only_the_platforms_user_allows_anything(worker: Worker) -> None:
    stranger = new_worker()
    with pytest.raises(NotBound):
        answer(stranger)
    with pytest.raises(TemplateUnknown):
        answer(worker, "made-up")
    with pytest.raises(NotBound):
        note_subscription(
            actor=worker.actor, platform="alipay", app_id=OTHER.app_id, messenger=FakeMessenger(), template="T1",
            accepted=True,
        )  # fmt: skip


def test_what_the_platform_pushes_counts_too(worker: Worker) -> None:
    assert event(accepted=True)
    assert len(notify(worker, "CONTRACT_WITHDRAWN")) == 1
    assert event(template=None, accepted=False)
    assert event(template=None, accepted=False)
    assert len(notify(worker, "CONTRACT_WITHDRAWN")) == 1
    assert not event("somebody-else", accepted=True)
    assert not event(template="made-up", accepted=True)


def test_a_contract_notice_goes_both_ways(world: World) -> None:
    employer, worker, contract = world.sent()
    world.settle()
    assert world.messenger.sent == []
    PLATFORM.used.clear()
    bind_platform(actor=worker.actor, kind="weixin", platform=PLATFORM, code="code-o1-1")
    answer(worker, "T2")
    world.confirm(worker, contract)
    world.sign(worker, contract)
    world.settle()
    world.seal(employer, contract)
    world.settle()
    (sent,) = world.messenger.sent
    assert (sent.template, sent.data["title"], sent.page) == (
        "CONTRACT_DONE", contract.title, f"pages/contract/index?id={contract.id}",
    )  # fmt: skip
    assert set(sent.data) == set(TEMPLATES["CONTRACT_DONE"])
    assert world.sms.last(worker.phone).template == "SMS_CONTRACT_DONE"
    assert json.dumps(sent.data)
