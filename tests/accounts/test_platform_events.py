"""What a platform's user decides there counts here: once, whenever it arrives, and for nothing that came later."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.bindings import bind_platform, list_bindings
from app.accounts.login_cleanup import forget_logins
from app.accounts.login_models import ReceivedEvent
from app.accounts.platform_events import handle_event, receive_event
from app.accounts.ports import EventKind, PlatformEvent
from app.audit.models import AuditEntry
from app.core.clock import clock_at, now
from app.core.db import reading, transaction
from app.jobs.models import Job
from app.notifications.mini import add_grant
from app.notifications.models import Message, MessageGrant
from tests.factories import Worker, new_worker
from tests.fakes import FakeMessenger, FakeMiniPlatform
from tests.support.database import Database

START = now()
PLATFORM = FakeMiniPlatform("wx-fake")
MESSENGERS = {"weixin": FakeMessenger()}
# The platform's id of one of our templates.
NAME, TEMPLATE = next(iter(FakeMessenger().subscribe_templates.items()))


@pytest.fixture(autouse=True)
def standing_clock(database: Database) -> Iterator[None]:
    PLATFORM.used.clear()
    with clock_at(START):
        yield


def bound(subject: str = "oX") -> tuple[Worker, uuid.UUID]:
    worker = new_worker()
    code = f"code-{subject}-{uuid.uuid4().hex}"
    return worker, bind_platform(actor=worker.actor, kind="weixin", platform=PLATFORM, code=code).id


def event(kind: EventKind = EventKind.IDENTITY_WITHDRAWN, *, after: float = 1, **changes: Any) -> PlatformEvent:
    values = {"key": uuid.uuid4().hex, "subject": "oX", "happened_at": START + timedelta(seconds=after), **changes}
    return PlatformEvent(kind=kind, **values)


def deliver(pushed: PlatformEvent, app_id: str = "wx-fake") -> bool:
    """As the callback and then the runner do."""
    added = receive_event(platform="weixin", app_id=app_id, event=pushed)
    for row in rows():
        handle_event(event_id=str(row.id), messengers=MESSENGERS)
    return added


def rows() -> list[ReceivedEvent]:
    with reading() as session:
        return list(session.scalars(select(ReceivedEvent)))


def grants(binding_id: uuid.UUID) -> set[str]:
    with reading() as session:
        return set(session.scalars(select(MessageGrant.template).where(MessageGrant.binding_id == binding_id)))


def allow(binding_id: uuid.UUID, template: str = NAME) -> None:
    with transaction() as session:
        add_grant(session, binding_id=binding_id, template=template, lasting=True)


def test_who_withdraws_is_unbound_and_told() -> None:
    worker, binding_id = bound()
    allow(binding_id)
    assert deliver(event())
    assert list_bindings(actor=worker.actor) == []
    assert grants(binding_id) == set()
    with reading() as session:
        told = session.scalars(select(Message.kind).where(Message.account_id == worker.actor.account_id)).all()
        logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "binding.ended")).one()
    assert sorted(told) == ["binding.added", "binding.ended"]
    assert logged.actor_kind == "system"


def test_delivered_again_it_changes_nothing() -> None:
    worker, _ = bound()
    pushed = event()
    assert deliver(pushed)
    with clock_at(START + timedelta(seconds=0.5)):  # bound again, even within the time of the event
        bind_platform(actor=worker.actor, kind="weixin", platform=PLATFORM, code="code-oX-again")
        assert not deliver(pushed)
    assert len(list_bindings(actor=worker.actor)) == 1
    assert len(rows()) == 1
    with reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "accounts.handle_platform_event")).all()
    assert len(jobs) == 1


def test_a_late_event_does_not_touch_what_was_bound_since() -> None:
    worker, binding_id = bound()
    assert deliver(event(after=-1))
    assert [view.id for view in list_bindings(actor=worker.actor)] == [binding_id]


def test_another_user_or_app_is_not_meant() -> None:
    worker, binding_id = bound()
    deliver(event(subject="oY"))
    deliver(event(), app_id="wx-other")
    assert [view.id for view in list_bindings(actor=worker.actor)] == [binding_id]


def test_refused_messages_stop_and_others_go_on() -> None:
    worker, binding_id = bound()
    allow(binding_id)
    allow(binding_id, "ANOTHER")
    deliver(event(EventKind.MESSAGES_REFUSED, templates=(TEMPLATE, "unknown id")))
    assert grants(binding_id) == {"ANOTHER"}
    assert len(list_bindings(actor=worker.actor)) == 1


def test_a_yes_that_came_after_the_no_stays() -> None:
    _, binding_id = bound()
    allow(binding_id)
    deliver(event(EventKind.MESSAGES_REFUSED, after=-1, templates=(TEMPLATE,)))
    assert grants(binding_id) == {NAME}


def test_nobody_is_kept_longer_than_needed() -> None:
    bound()
    receive_event(platform="weixin", app_id="wx-fake", event=event())
    [waiting] = rows()
    assert waiting.subject == "oX"
    assert b"oX" not in waiting.subject_ciphertext
    handle_event(event_id=str(waiting.id), messengers=MESSENGERS)
    assert rows()[0].subject_ciphertext is None
    with clock_at(START + timedelta(days=2, hours=23)):
        forget_logins()
        assert len(rows()) == 1
    with clock_at(START + timedelta(days=3, seconds=1)):
        forget_logins()
    assert rows() == []


def test_handled_twice_it_was_handled_once() -> None:
    worker, _ = bound()
    deliver(event())
    with clock_at(START + timedelta(minutes=1)):
        bind_platform(actor=worker.actor, kind="weixin", platform=PLATFORM, code="code-oX-again")
        handle_event(event_id=str(rows()[0].id), messengers=MESSENGERS)
        handle_event(event_id=str(uuid.uuid4()), messengers=MESSENGERS)
    assert len(list_bindings(actor=worker.actor)) == 1
