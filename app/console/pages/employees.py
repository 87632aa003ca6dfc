"""The roster by department, and choosing somebody from it for a contract (K5, G3)."""

import uuid
from typing import Any

from flask import Response, request, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_id, go, is_htmx, part, show, typed, typed_id
from app.http.context import current_actor
from app.organisations.service import get_organisation
from app.people.errors import DepartmentNotFound
from app.people.queries import count_waiting
from app.people.roster import list_roster
from app.people.service.employees import assign_department

PAGE = 15
PICKER_PAGE = 8
UNASSIGNED = "none"


@blueprint.get("/employees")
def show_roster() -> Response:
    """Accepted people, the last accepted first. Filters live in the address."""
    values = _found(PAGE) | {"waiting": count_waiting(actor=current_actor())}
    if is_htmx():
        return part("console/partials/employee_list.html", **values)
    return show("console/employees.html", "people", **values)


@blueprint.get("/employees/picker")
def pick_employee() -> Response:
    """The same inside a contract's draft, to choose one."""
    found = get_organisation(actor=current_actor())
    return part("console/partials/employee_picker.html", found=found, **_found(PICKER_PAGE))


@blueprint.post("/employees/<uuid:onboarding_id>/department")
def change_department(onboarding_id: uuid.UUID) -> Response:
    department_id = typed_id("department_id") if typed("department_id") else None
    assign_department(actor=current_actor(), onboarding_id=onboarding_id, department_id=department_id)
    return go(url_for("console.show_onboarding", onboarding_id=onboarding_id, done="department_changed"))


def _found(size: int) -> dict[str, Any]:
    """`filters.department`: an id, `none` for who is in no department, or empty. Raises DepartmentNotFound."""
    text, department = request.args.get("text", "").strip()[:100], request.args.get("department", "")
    cursor, department_id = find_id(request.args.get("cursor", "")), find_id(department)
    if department not in ("", UNASSIGNED) and department_id is None:
        raise DepartmentNotFound
    page = list_roster(
        actor=current_actor(), text=text, department_id=department_id, unassigned=department == UNASSIGNED,
        cursor=str(cursor) if cursor else None, limit=size,
    )  # fmt: skip
    return {"page": page, "filters": {"text": text, "department": department}, "is_first": cursor is None}
