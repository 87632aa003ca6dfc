"""Transactions: who commits, what is read, what happens after (decision 0001)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.core.db import (
    NestedTransaction,
    after_commit,
    in_transaction,
    insert_if_absent,
    normalise_url,
    reading,
    transaction,
)
from app.core.ids import new_id
from app.jobs.models import Job

MOMENT = datetime(2026, 11, 21, 8, 0, tzinfo=timezone(timedelta(hours=8)))


def values(key: str) -> dict[str, object]:
    return {
        "id": new_id(), "kind": "test", "dedupe_key": key, "payload": {}, "created_at": MOMENT, "run_at": MOMENT,
        "attempts": 0,
    }  # fmt: skip


def keys() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Job.dedupe_key)))


def test_an_exception_rolls_back_and_nothing_is_called(database: object) -> None:
    called: list[str] = []

    def fail() -> None:
        with transaction() as session:
            insert_if_absent(session, Job, **values("lost"))
            after_commit(session, lambda: called.append("told"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (keys(), called) == ([], [])


def test_callbacks_come_after_the_commit(database: object) -> None:
    seen: list[list[str]] = []
    with transaction() as session:
        insert_if_absent(session, Job, **values("kept"))
        after_commit(session, lambda: seen.append(keys()))
        assert in_transaction()
    assert seen == [["kept"]]
    assert not in_transaction()


def test_transactions_do_not_nest(database: object) -> None:
    with transaction(), pytest.raises(NestedTransaction), transaction():
        pass
    with reading(), pytest.raises(NestedTransaction), transaction():
        pass


def test_a_taken_key_inserts_nothing(database: object) -> None:
    with transaction() as session:
        assert insert_if_absent(session, Job, **values("one"))
        assert not insert_if_absent(session, Job, **values("one"))
    assert keys() == ["one"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_reading_writes_nothing(database: object) -> None:
    with pytest.raises(DBAPIError), reading() as session:
        insert_if_absent(session, Job, **values("sneaked in"))


def test_times_come_back_aware_and_in_utc(database: object) -> None:
    with transaction() as session:
        insert_if_absent(session, Job, **values("time"))
    with reading() as session:
        found = session.scalars(select(Job)).one()
    assert found.run_at == MOMENT
    assert found.run_at.tzinfo is UTC


def test_a_naive_time_never_reaches_the_database(database: object) -> None:
    with pytest.raises(Exception, match="naive"), transaction() as session:
        insert_if_absent(session, Job, **values("naive") | {"run_at": MOMENT.replace(tzinfo=None)})


@pytest.mark.parametrize("given", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_usual_addresses_are_understood(given: str) -> None:
    assert normalise_url(given) == "postgresql+psycopg://u:p@h/d"
