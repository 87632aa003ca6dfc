"""The log can only grow, and any change to it is found (T-26, P-06)."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditChain, AuditEntry
from app.audit.service import list_entries, record, verify_all_chains, verify_chain
from app.core import db
from app.core.actor import SYSTEM, Actor, ActorKind
from app.core.db import reading, transaction
from app.core.ids import new_id


def fill(count: int = 5, chain: str = "platform") -> None:
    for number in range(count):
        with transaction() as session:
            record(session, SYSTEM, "test.happened", f"thing:{number}", chain=chain, number=number, note="合同")


def test_a_whole_chain_is_whole(database: object) -> None:
    fill()
    fill(3, "org-1")
    assert [(one.chain, one.length, one.first_bad) for one in verify_all_chains()] == [
        ("org-1", 3, None), ("platform", 5, None),
    ]  # fmt: skip


def test_who_what_and_when_are_kept(database: object) -> None:
    actor = Actor(kind=ActorKind.WORKER, account_id=new_id(), channel="h5", ip="10.0.0.1", device="d" * 300)
    with transaction() as session:
        record(session, actor, "contract.signed", "contract:1", content_sha256="ab", act_id=new_id())
    with reading() as session:
        (entry,) = list_entries(session, "contract:1")
    assert (entry.actor_kind, entry.actor_id, entry.ip) == ("worker", str(actor.account_id), "10.0.0.1")
    assert len(entry.device) == 200


def test_a_rolled_back_change_leaves_no_entry(database: object) -> None:
    def fail() -> None:
        with transaction() as session:
            record(session, SYSTEM, "test.happened", "thing:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert verify_all_chains() == []


@pytest.mark.parametrize("change", [update(AuditEntry).values(action="other"), delete(AuditEntry)])
def test_the_database_itself_refuses_to_change_the_log(database: object, change: object) -> None:
    fill(1)
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(change)  # type: ignore[call-overload]


def _edit(connection: Connection, number: int) -> None:
    connection.execute(update(AuditEntry).where(AuditEntry.number == number).values(action="never.happened"))


def _edit_data(connection: Connection, number: int) -> None:
    connection.execute(update(AuditEntry).where(AuditEntry.number == number).values(data={"number": 99}))


def _remove(connection: Connection, number: int) -> None:
    connection.execute(delete(AuditEntry).where(AuditEntry.number == number))


def _swap(connection: Connection, number: int) -> None:
    for old, new in ((number, 1000), (number + 1, number), (1000, number + 1)):
        connection.execute(update(AuditEntry).where(AuditEntry.number == old).values(number=new))


def _cut(connection: Connection, number: int) -> None:
    connection.execute(delete(AuditEntry).where(AuditEntry.number >= number))


def _add(connection: Connection, _number: int) -> None:
    last = connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.number.desc())).mappings().first()
    assert last is not None
    connection.execute(insert(AuditEntry).values(**dict(last) | {"id": new_id(), "number": last["number"] + 1}))


@pytest.mark.parametrize("tamper", [_edit, _edit_data, _remove, _swap, _cut, _add])
def test_every_tampering_is_found_at_its_first_entry(
    database: object, tamper: Callable[[Connection, int], None]
) -> None:
    fill(8)
    number = random.Random(7).randint(2, 7)
    with db.engine().begin() as connection:
        _disarm(connection)
        tamper(connection, number)
    report = verify_chain("platform")
    assert report.first_bad == (9 if tamper is _add else number)


def test_a_forged_head_is_found(database: object) -> None:
    fill(3)
    with transaction() as session:
        session.execute(update(AuditChain).values(head="0" * 64))
    assert verify_chain("platform").first_bad == 4


def _disarm(connection: Connection) -> None:
    """What an attacker with the rights of the database's owner can do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        return
    found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
