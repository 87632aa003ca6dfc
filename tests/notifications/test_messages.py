"""The message centre page by page: nothing twice, nothing left out, nobody else's (D7)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import clock_at
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.notifications.service import list_messages, post_message
from tests.factories import Worker, new_worker

START = datetime(2026, 11, 21, tzinfo=UTC)


def post(worker: Worker, title: str) -> None:
    account = worker.actor.account_id
    assert account is not None
    with transaction() as session:
        post_message(session, account_kind="worker", account_id=account, kind="test", title=title, body="正文")


def test_messages_of_one_moment_are_shown_once_each(database: object) -> None:
    worker = new_worker()
    for minute in range(2):
        with clock_at(START + timedelta(minutes=minute)):
            for number in range(4):
                post(worker, f"{minute}-{number}")
    shown, before = [], None
    while page := list_messages(actor=worker.actor, before=before, limit=3):
        shown += page
        before = page[-1].id
    assert len(shown) == 8
    assert sorted(message.title for message in shown) == [
        f"{minute}-{number}" for minute in (0, 1) for number in range(4)
    ]
    assert [message.title[0] for message in shown] == ["1"] * 4 + ["0"] * 4


def test_a_cursor_that_is_not_mine_is_refused(database: object) -> None:
    worker, other = new_worker(), new_worker()
    post(worker, "我的")
    post(other, "别人的")
    theirs = list_messages(actor=other.actor)[0].id
    for cursor in (theirs, new_id()):
        with pytest.raises(InvalidInput):
            list_messages(actor=worker.actor, before=cursor)
