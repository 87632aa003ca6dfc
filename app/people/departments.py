"""Reading departments. Every read starts from `visible_departments(actor)` (T-01)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.db import reading
from app.organisations.permissions import Permission
from app.organisations.queries import find_entered
from app.people.department_models import Department
from app.people.errors import DepartmentNotFound
from app.people.lifecycle import Status
from app.people.models import Onboarding
from app.people.tree import Node, build_tree


@dataclass(frozen=True, slots=True)
class DepartmentTree:
    """`nodes`: each before those below it. `unassigned`: employees without a department; `total`: all employees."""

    nodes: list[Node]
    unassigned: int
    total: int

    def find(self, department_id: uuid.UUID | None) -> Node | None:
        return next((node for node in self.nodes if node.id == department_id), None)


def visible_departments(actor: Actor) -> Select[Department]:
    """Those of the organisation that an operator entered; nobody else knows of any."""
    if actor.is_operator and actor.organisation_id is not None:
        return select(Department).where(Department.organisation_id == actor.organisation_id)
    return select(Department).where(false())


def get_departments(*, actor: Actor) -> DepartmentTree:
    """The whole tree with how many employees are where (D1). Raises OrganisationNotChosen."""
    actor.require(Permission.MANAGE_PEOPLE)
    with reading() as session:
        find_entered(session, actor)
        return load_tree(session, actor)


def get_department(*, actor: Actor, department_id: uuid.UUID) -> tuple[DepartmentTree, Node]:
    """The tree and one of its departments. Raises DepartmentNotFound."""
    tree = get_departments(actor=actor)
    return tree, found_in(tree, department_id)


def found_in(tree: DepartmentTree, department_id: uuid.UUID) -> Node:
    """Raises DepartmentNotFound."""
    node = tree.find(department_id)
    if node is None:
        raise DepartmentNotFound
    return node


def load_tree(session: Session, actor: Actor) -> DepartmentTree:
    """As it is in this transaction."""
    return tree_of(session, actor, session.scalars(visible_departments(actor)))


def tree_of(session: Session, actor: Actor, rows: Iterable[Department]) -> DepartmentTree:
    """The same, of rows that were read already."""
    counts = _count_employees(session, actor)
    nodes = build_tree(rows, {key: count for key, count in counts.items() if key})
    return DepartmentTree(nodes, counts.get(None, 0), sum(counts.values()))


def _count_employees(session: Session, actor: Actor) -> dict[uuid.UUID | None, int]:
    here = (Onboarding.organisation_id == actor.organisation_id) & (Onboarding.status == Status.ACCEPTED)
    grouped = select(Onboarding.department_id, func.count()).where(here).group_by(Onboarding.department_id)
    return dict(session.execute(grouped).all())
