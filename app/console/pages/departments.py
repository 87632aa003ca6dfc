"""Departments: the tree, and one of them with what can be done with it (D1)."""

import uuid

from flask import Response, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import go, show, typed, typed_id
from app.http.context import current_actor
from app.http.errors import BadRequest
from app.people.departments import DepartmentTree, get_department, get_departments
from app.people.queries import count_waiting
from app.people.service.departments import (
    LONGEST_NAME,
    Direction,
    add_department,
    delete_department,
    move_department,
    rename_department,
    shift_department,
)
from app.people.tree import Node


@blueprint.get("/departments")
def show_departments() -> Response:
    return _page(get_departments(actor=current_actor()), None)


@blueprint.get("/departments/<uuid:department_id>")
def show_department(department_id: uuid.UUID) -> Response:
    return _page(*get_department(actor=current_actor(), department_id=department_id))


@blueprint.post("/departments")
def add_new_department() -> Response:
    """Stays where it was added, so that the next one can follow."""
    parent_id = _parent()
    add_department(actor=current_actor(), name=typed("name"), parent_id=parent_id)
    if parent_id:
        return go(_address(parent_id, "department_added"))
    return go(url_for("console.show_departments", done="department_added"))


@blueprint.post("/departments/<uuid:department_id>/name")
def name_department(department_id: uuid.UUID) -> Response:
    rename_department(actor=current_actor(), department_id=department_id, name=typed("name"))
    return go(_address(department_id, "saved"))


@blueprint.post("/departments/<uuid:department_id>/parent")
def put_department(department_id: uuid.UUID) -> Response:
    move_department(actor=current_actor(), department_id=department_id, parent_id=_parent())
    return go(_address(department_id, "department_moved"))


@blueprint.post("/departments/<uuid:department_id>/shift")
def order_department(department_id: uuid.UUID) -> Response:
    if typed("direction") not in list(Direction):
        raise BadRequest
    shift_department(actor=current_actor(), department_id=department_id, direction=Direction(typed("direction")))
    return go(_address(department_id, "department_moved"))


@blueprint.post("/departments/<uuid:department_id>/deletion")
def drop_department(department_id: uuid.UUID) -> Response:
    delete_department(actor=current_actor(), department_id=department_id)
    return go(url_for("console.show_departments", done="department_deleted"))


def _page(tree: DepartmentTree, current: Node | None) -> Response:
    waiting = count_waiting(actor=current_actor())
    return show("console/departments.html", "people", tree=tree, current=current, waiting=waiting, longest=LONGEST_NAME)


def _parent() -> uuid.UUID | None:
    """The top is an empty choice."""
    return typed_id("parent_id") if typed("parent_id") else None


def _address(department_id: uuid.UUID, done: str) -> str:
    return url_for("console.show_department", department_id=department_id, done=done)
