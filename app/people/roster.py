"""The roster: who was accepted, where they are, and how they are reached (K5)."""

import unicodedata
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import WorkerAccount
from app.core.actor import Actor
from app.core.crypto import blind_index
from app.core.db import reading
from app.core.errors import InvalidInput
from app.core.text import normalise_phone
from app.organisations.permissions import Permission
from app.people.departments import DepartmentTree, found_in, load_tree
from app.people.lifecycle import Status
from app.people.models import Onboarding
from app.people.queries import cut_page, is_person, visible_to
from app.people.tree import Node


@dataclass(frozen=True, slots=True)
class Employee:
    """`phone`: the one that the person has now, 11 digits. `department`: None for those who are in none."""

    onboarding: Onboarding
    phone: str
    department: Node | None


@dataclass(frozen=True, slots=True)
class RosterPage:
    """`tree`: all departments, at the same moment."""

    items: list[Employee]
    next_cursor: str | None
    tree: DepartmentTree


def list_roster(
    *, actor: Actor, text: str = "", department_id: uuid.UUID | None = None, unassigned: bool = False,
    cursor: str | None = None, limit: int = 20,
) -> RosterPage:  # fmt: skip
    """Accepted people, the last accepted first. `text`: a whole name or phone, also a former phone.

    `department_id`: with everybody below it. `unassigned`: only who is in no department.
    Raises DepartmentNotFound, InvalidInput.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    with reading() as session:
        tree = load_tree(session, actor)
        wanted = [*_named(text), *_placed(tree, department_id, unassigned)]
        accepted = visible_to(actor).where(Onboarding.status == Status.ACCEPTED, *wanted)
        found, next_cursor = cut_page(session, actor, accepted, cursor, limit)
        phones = _present_phones(session, found)
        items = [Employee(one, phones.get(one.person_id, one.phone), tree.find(one.department_id)) for one in found]
        return RosterPage(items, next_cursor, tree)


def _named(text: str) -> list[ColumnElement[bool]]:
    typed = " ".join(unicodedata.normalize("NFC", text).split())
    if not typed:
        return []
    alike = is_person(typed)
    with suppress(InvalidInput):
        index = blind_index(normalise_phone(typed), purpose="phone")
        owner = select(WorkerAccount.person_id).where(WorkerAccount.phone_index == index)
        alike.append(Onboarding.person_id.in_(owner))
    return [or_(*alike)]


def _placed(tree: DepartmentTree, department_id: uuid.UUID | None, unassigned: bool) -> list[ColumnElement[bool]]:
    if unassigned:
        return [Onboarding.department_id.is_(None)]
    if department_id is None:
        return []
    node = found_in(tree, department_id)
    return [Onboarding.department_id.in_({node.id, *node.below})]


def _present_phones(session: Session, found: Sequence[Onboarding]) -> dict[uuid.UUID | None, str]:
    """By person; whoever changed the number since is reached at the new one."""
    ids = {one.person_id for one in found}
    accounts = session.scalars(select(WorkerAccount).where(WorkerAccount.person_id.in_(ids)))
    return {account.person_id: account.phone for account in accounts if account.phone}
