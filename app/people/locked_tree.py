"""The departments of an organisation while its row is locked: what every change of them starts with (D1).

The tree is read after the lock: two moves at once make no cycle, two additions no second name, and a department stays
while somebody is put into it.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.organisations.queries import find_entered
from app.people.department_models import Department
from app.people.departments import DepartmentTree, found_in, tree_of, visible_departments
from app.people.errors import DepartmentNotFound
from app.people.tree import Node, children_of


@dataclass(frozen=True, slots=True)
class LockedTree:
    """As rows to change, and as a tree."""

    organisation_id: uuid.UUID
    rows: dict[uuid.UUID, Department]
    tree: DepartmentTree

    def find(self, department_id: uuid.UUID) -> tuple[Department, Node]:
        """Raises DepartmentNotFound."""
        return self.rows[found_in(self.tree, department_id).id], found_in(self.tree, department_id)

    def children(self, parent_id: uuid.UUID | None) -> list[Department]:
        return children_of(self.rows.values()).get(parent_id, [])

    def depth_of(self, parent_id: uuid.UUID | None) -> int:
        """Raises DepartmentNotFound."""
        return found_in(self.tree, parent_id).depth if parent_id else 0


def hold_department(session: Session, actor: Actor, department_id: uuid.UUID | None) -> None:
    """Lock the organisation, so that the department stays while somebody is put into it. Raises DepartmentNotFound."""
    locked = lock_tree(session, actor)
    if department_id is not None and department_id not in locked.rows:
        raise DepartmentNotFound


def lock_tree(session: Session, actor: Actor) -> LockedTree:
    """Until the end of the transaction. Raises OrganisationNotChosen."""
    organisation = find_entered(session, actor, lock=True)
    rows = {row.id: row for row in session.scalars(visible_departments(actor))}
    return LockedTree(organisation.id, rows, tree_of(session, actor, rows.values()))
