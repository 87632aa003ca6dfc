"""The roster (K5), and whom a contract is addressed to (G3)."""

import uuid
from typing import Any

from app.console.api.people import dump_card, dump_department, dump_employee
from app.console.api.people_schemas import (
    AssignmentSchema,
    ContactSchema,
    EmployeePageSchema,
    EmployeeSchema,
    RosterQuerySchema,
)
from app.core.text import mask_phone
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.people.roster import Employee, list_roster
from app.people.service.employees import assign_department, read_contact
from app.people.service.reviewing import get_review

blueprint = ApiBlueprint("console_employees", __name__, url_prefix="/api/v1/console", description="用人单位：花名册")


@blueprint.get("/employees")
@blueprint.arguments(RosterQuerySchema, location="query")
@blueprint.response(200, EmployeePageSchema)
def find(query: dict[str, Any]) -> Any:
    """Accepted people, the last accepted first; a department includes those below it."""
    cursor = query.pop("cursor")
    page = list_roster(actor=current_actor(), cursor=str(cursor) if cursor else None, **query)
    return {"items": [_dump(one) for one in page.items], "next_cursor": page.next_cursor}


@blueprint.put("/employees/<uuid:onboarding_id>/department")
@blueprint.arguments(AssignmentSchema)
@blueprint.response(200, EmployeeSchema)
def assign(body: dict[str, Any], onboarding_id: uuid.UUID) -> Any:
    """Into a department, or out of all."""
    actor = current_actor()
    row = assign_department(actor=actor, onboarding_id=onboarding_id, **body)
    return dump_employee(get_review(actor=actor, onboarding_id=row.id))


@blueprint.post("/employees/<uuid:onboarding_id>/contact")
@blueprint.response(200, ContactSchema)
@no_idempotency_key
def show_contact(onboarding_id: uuid.UUID) -> Any:
    """Name and present phone, whole, for a contract's draft; every look is in the log."""
    return read_contact(actor=current_actor(), onboarding_id=onboarding_id)


def _dump(employee: Employee) -> dict[str, Any]:
    return dump_card(employee.onboarding) | {
        "phone_masked": mask_phone(employee.phone),
        "department": dump_department(employee.department),
    }
