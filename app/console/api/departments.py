"""Departments as a tree (D1)."""

import uuid
from typing import Any

from app.console.api.department_schemas import (
    DepartmentNameSchema,
    DepartmentParentSchema,
    DepartmentSchema,
    DepartmentShiftSchema,
    DepartmentTreeSchema,
    NewDepartmentSchema,
)
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.people.departments import get_department, get_departments
from app.people.service.departments import (
    Direction,
    add_department,
    delete_department,
    move_department,
    rename_department,
    shift_department,
)

blueprint = ApiBlueprint(
    "console_departments", __name__, url_prefix="/api/v1/console", description="用人单位：部门"
)  # fmt: skip


@blueprint.get("/departments")
@blueprint.response(200, DepartmentTreeSchema)
def find() -> Any:
    """The whole tree, with how many employees are where."""
    tree = get_departments(actor=current_actor())
    return {"items": tree.nodes, "unassigned": tree.unassigned, "total": tree.total}


@blueprint.post("/departments")
@blueprint.arguments(NewDepartmentSchema)
@blueprint.response(201, DepartmentSchema)
def add(body: dict[str, Any]) -> Any:
    """A new one, the last under its parent."""
    return _shown(add_department(actor=current_actor(), **body).id)


@blueprint.put("/departments/<uuid:department_id>/name")
@blueprint.arguments(DepartmentNameSchema)
@blueprint.response(200, DepartmentSchema)
def rename(body: dict[str, Any], department_id: uuid.UUID) -> Any:
    """Another name; unique among its siblings."""
    return _shown(rename_department(actor=current_actor(), department_id=department_id, **body).id)


@blueprint.put("/departments/<uuid:department_id>/parent")
@blueprint.arguments(DepartmentParentSchema)
@blueprint.response(200, DepartmentSchema)
def move(body: dict[str, Any], department_id: uuid.UUID) -> Any:
    """Under another one, with all that is below it."""
    return _shown(move_department(actor=current_actor(), department_id=department_id, **body).id)


@blueprint.post("/departments/<uuid:department_id>/shift")
@blueprint.arguments(DepartmentShiftSchema)
@blueprint.response(200, DepartmentSchema)
def shift(body: dict[str, Any], department_id: uuid.UUID) -> Any:
    """One place up or down among its siblings."""
    direction = Direction(body["direction"])
    return _shown(shift_department(actor=current_actor(), department_id=department_id, direction=direction).id)


@blueprint.delete("/departments/<uuid:department_id>")
@blueprint.response(204)
def delete(department_id: uuid.UUID) -> None:
    """Only an empty one: 409 `department_not_empty` otherwise."""
    delete_department(actor=current_actor(), department_id=department_id)


def _shown(department_id: uuid.UUID) -> Any:
    return get_department(actor=current_actor(), department_id=department_id)[1]
