"""Departments as a tree, in memory: order, depth, who is below whom. Pure; a few hundred at most."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.people.department_models import Department

SEPARATOR = " / "
Children = Mapping[uuid.UUID | None, list[Department]]


@dataclass(frozen=True, slots=True)
class Node:
    """One department. `depth`: 1 at the top. `path`: names from the top. `below`: all under it, itself excluded.

    `employees`: directly in it; `all_employees`: those below included. `is_last`: among its siblings.
    """

    id: uuid.UUID
    parent_id: uuid.UUID | None
    name: str
    depth: int
    path: str
    below: frozenset[uuid.UUID]
    employees: int
    all_employees: int
    is_first: bool
    is_last: bool


def build_tree(rows: Iterable[Department], employees: Mapping[uuid.UUID, int]) -> list[Node]:
    """Every department before those below it, siblings in their order."""
    children = children_of(rows)
    return [node for top in children.get(None, []) for node in _nodes(top, "", 1, children, employees)]


def children_of(rows: Iterable[Department]) -> dict[uuid.UUID | None, list[Department]]:
    """The departments under each parent, in their order."""
    children: dict[uuid.UUID | None, list[Department]] = {}
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        children.setdefault(row.parent_id, []).append(row)
    return children


def _nodes(
    row: Department, above: str, depth: int, children: Children, employees: Mapping[uuid.UUID, int]
) -> list[Node]:  # fmt: skip
    path, siblings = f"{above}{row.name}", children[row.parent_id]
    inner = [
        node for child in children.get(row.id, [])
        for node in _nodes(child, f"{path}{SEPARATOR}", depth + 1, children, employees)
    ]  # fmt: skip
    own = employees.get(row.id, 0)
    node = Node(
        id=row.id, parent_id=row.parent_id, name=row.name, depth=depth, path=path,
        below=frozenset(one.id for one in inner), employees=own,
        all_employees=own + sum(one.employees for one in inner),
        is_first=siblings[0] is row, is_last=siblings[-1] is row,
    )  # fmt: skip
    return [node, *inner]
