"""Adding, renaming, moving, ordering and deleting departments (D1).

Each change locks the tree before it looks at it (`locked_tree`).
"""

import unicodedata
import uuid
from enum import StrEnum

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.organisations.permissions import Permission
from app.people.department_models import Department
from app.people.departments import DepartmentTree
from app.people.errors import DepartmentNotEmpty, TooManyDepartments
from app.people.locked_tree import lock_tree
from app.people.trail import note_department
from app.people.tree import Node

LONGEST_NAME = 50
DEEPEST = 8
MOST = 500

_SAME_NAME = "同一上级下已有同名部门，请换一个名称。"
_SAME_NAME_THERE = "所选的上级下已有同名部门，请先改名再移动。"
_BELOW_ITSELF = "不能移到本部门或它的下级之下，请选择其他上级部门。"
_TOO_DEEP = "部门最多 8 级，请选择更靠上的上级部门。"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


def add_department(*, actor: Actor, name: str, parent_id: uuid.UUID | None = None) -> Department:
    """The last one under `parent_id`, or at the top. Raises InvalidInput, DepartmentNotFound, TooManyDepartments."""
    actor.require(Permission.MANAGE_PEOPLE)
    clean = _checked_name(name)
    with transaction() as session:
        locked = lock_tree(session, actor)
        if locked.depth_of(parent_id) >= DEEPEST:
            raise InvalidInput(fields={"parent_id": [_TOO_DEEP]})
        if len(locked.rows) >= MOST:
            raise TooManyDepartments(most=MOST)
        siblings = locked.children(parent_id)
        if _is_taken(clean, siblings):
            raise InvalidInput(fields={"name": [_SAME_NAME]})
        department = Department(
            id=new_id(), organisation_id=locked.organisation_id, parent_id=parent_id, name=clean,
            position=_last(siblings), created_at=now(),
        )  # fmt: skip
        session.add(department)
        session.flush()
        note_department(session, actor, "department.added", department, parent_id=parent_id)
        return department


def rename_department(*, actor: Actor, department_id: uuid.UUID, name: str) -> Department:
    """Raises InvalidInput, DepartmentNotFound."""
    actor.require(Permission.MANAGE_PEOPLE)
    clean = _checked_name(name)
    with transaction() as session:
        locked = lock_tree(session, actor)
        department, _ = locked.find(department_id)
        if department.name == clean:
            return department
        if _is_taken(clean, [one for one in locked.children(department.parent_id) if one is not department]):
            raise InvalidInput(fields={"name": [_SAME_NAME]})
        department.name = clean
        note_department(session, actor, "department.renamed", department)
        return department


def move_department(*, actor: Actor, department_id: uuid.UUID, parent_id: uuid.UUID | None) -> Department:
    """With all that is below it, to the end of another parent's, or to the top.

    Raises InvalidInput (below itself, too deep, the name is taken there), DepartmentNotFound.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        locked = lock_tree(session, actor)
        department, node = locked.find(department_id)
        above = locked.depth_of(parent_id)
        before = department.parent_id
        if before == parent_id:
            return department
        siblings = locked.children(parent_id)
        _check_move(node, parent_id, above + _height(locked.tree, node))
        if _is_taken(department.name, siblings):
            raise InvalidInput(fields={"parent_id": [_SAME_NAME_THERE]})
        department.parent_id, department.position = parent_id, _last(siblings)
        note_department(session, actor, "department.moved", department, before=before, after=parent_id)
        return department


def shift_department(*, actor: Actor, department_id: uuid.UUID, direction: Direction) -> Department:
    """One place up or down among its siblings; at the end nothing happens. Raises DepartmentNotFound."""
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        locked = lock_tree(session, actor)
        department, _ = locked.find(department_id)
        siblings = locked.children(department.parent_id)
        place = siblings.index(department)
        other = place + (1 if direction == Direction.DOWN else -1)
        if not 0 <= other < len(siblings):
            return department
        siblings[place], siblings[other] = siblings[other], siblings[place]
        for position, one in enumerate(siblings):
            one.position = position
        note_department(session, actor, "department.reordered", department, position=other)
        return department


def delete_department(*, actor: Actor, department_id: uuid.UUID) -> None:
    """Only an empty one. Raises DepartmentNotEmpty, DepartmentNotFound."""
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        department, node = lock_tree(session, actor).find(department_id)
        if node.below or node.employees:
            raise DepartmentNotEmpty(below=len(node.below), employees=node.employees)
        session.delete(department)
        session.flush()
        note_department(session, actor, "department.deleted", department)


def _checked_name(name: str) -> str:
    clean = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise InvalidInput(fields={"name": ["请填写 1 至 50 字的部门名称。"]})
    return clean


def _is_taken(name: str, siblings: list[Department]) -> bool:
    return any(one.name.casefold() == name.casefold() for one in siblings)


def _check_move(node: Node, parent_id: uuid.UUID | None, deepest: int) -> None:
    if parent_id == node.id or parent_id in node.below:
        raise InvalidInput(fields={"parent_id": [_BELOW_ITSELF]})
    if deepest > DEEPEST:
        raise InvalidInput(fields={"parent_id": [_TOO_DEEP]})


def _height(tree: DepartmentTree, node: Node) -> int:
    """How many levels a department takes, its own included."""
    return max((one.depth for one in tree.nodes if one.id in node.below), default=node.depth) - node.depth + 1


def _last(siblings: list[Department]) -> int:
    return siblings[-1].position + 1 if siblings else 0
