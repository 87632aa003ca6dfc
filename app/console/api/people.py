"""Onboardings (K2, K4).

Answers to POSTs are kept for two days, so that none holds what the worker typed.
"""

import uuid
from typing import Any

from app.console.api.dumps import shown
from app.console.api.people_schemas import (
    CorrectionsSchema,
    DecisionSchema,
    EmployerOnboardingCardSchema,
    EmployerOnboardingPageSchema,
    EmployerOnboardingSchema,
    IdNumberSchema,
    InvitationSchema,
    OnboardingQuerySchema,
    RejectionSchema,
)
from app.console.people_words import status_text
from app.core.text import mask_phone
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.people.departments import get_departments
from app.people.lifecycle import OPEN, Action
from app.people.queries import list_onboardings
from app.people.service.inviting import get_reminding, invite_worker, resend_invitation, withdraw_invitation
from app.people.service.reviewing import (
    Review,
    accept_onboarding,
    correct_onboarding,
    get_review,
    read_id_number,
    reject_onboarding,
)
from app.people.tree import Node

blueprint = ApiBlueprint("console_people", __name__, url_prefix="/api/v1/console", description="用人单位：员工")

_ACTIONS = (Action.CORRECT, Action.ACCEPT, Action.REJECT, Action.WITHDRAW)


@blueprint.post("/onboardings")
@blueprint.arguments(InvitationSchema)
@blueprint.response(201, EmployerOnboardingCardSchema)
def invite(body: dict[str, Any]) -> Any:
    """Invite one person by SMS."""
    return dump_card(invite_worker(actor=current_actor(), link_url=providers().link_url, **body))


@blueprint.get("/onboardings")
@blueprint.arguments(OnboardingQuerySchema, location="query")
@blueprint.response(200, EmployerOnboardingPageSchema)
def find(query: dict[str, Any]) -> Any:
    """Newest change first."""
    cursor = query.pop("cursor")
    page = list_onboardings(actor=current_actor(), cursor=str(cursor) if cursor else None, **query)
    return {"items": [dump_card(card.onboarding) for card in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/onboardings/<uuid:onboarding_id>")
@blueprint.response(200, EmployerOnboardingSchema)
def show(onboarding_id: uuid.UUID) -> Any:
    """What was submitted, and what was corrected."""
    return _dump(onboarding_id)


@blueprint.post("/onboardings/<uuid:onboarding_id>/id-number")
@blueprint.response(200, IdNumberSchema)
@no_idempotency_key
def show_id_number(onboarding_id: uuid.UUID) -> Any:
    """The whole number of the document; every look is in the log."""
    return {"id_number": read_id_number(actor=current_actor(), onboarding_id=onboarding_id)}


@blueprint.post("/onboardings/<uuid:onboarding_id>/link")
@blueprint.response(200, EmployerOnboardingCardSchema)
def resend(onboarding_id: uuid.UUID) -> Any:
    """The link again, as a new one; 429 `too_soon_to_remind` with `next_at`."""
    return dump_card(
        resend_invitation(actor=current_actor(), onboarding_id=onboarding_id, link_url=providers().link_url)
    )


@blueprint.post("/onboardings/<uuid:onboarding_id>/withdrawal")
@blueprint.response(200, EmployerOnboardingCardSchema)
def withdraw(onboarding_id: uuid.UUID) -> Any:
    """End it; what the worker typed is deleted."""
    return dump_card(withdraw_invitation(actor=current_actor(), onboarding_id=onboarding_id))


@blueprint.post("/onboardings/<uuid:onboarding_id>/corrections")
@blueprint.arguments(CorrectionsSchema)
@blueprint.response(200, EmployerOnboardingCardSchema)
def correct(body: dict[str, Any], onboarding_id: uuid.UUID) -> Any:
    """Correct some fields; the worker sees what was changed."""
    return dump_card(correct_onboarding(actor=current_actor(), onboarding_id=onboarding_id, **body))


@blueprint.post("/onboardings/<uuid:onboarding_id>/acceptance")
@blueprint.arguments(DecisionSchema)
@blueprint.response(200, EmployerOnboardingCardSchema)
def accept(body: dict[str, Any], onboarding_id: uuid.UUID) -> Any:
    """Onto the roster."""
    return dump_card(
        accept_onboarding(actor=current_actor(), onboarding_id=onboarding_id, link_url=providers().link_url, **body)
    )


@blueprint.post("/onboardings/<uuid:onboarding_id>/rejection")
@blueprint.arguments(RejectionSchema)
@blueprint.response(200, EmployerOnboardingCardSchema)
def reject(body: dict[str, Any], onboarding_id: uuid.UUID) -> Any:
    """Back to the worker, who corrects and submits again."""
    return dump_card(
        reject_onboarding(actor=current_actor(), onboarding_id=onboarding_id, link_url=providers().link_url, **body)
    )


def dump_card(row: Any) -> dict[str, Any]:
    times = {name: shown(getattr(row, name)) for name in ("invited_at", "updated_at", "submitted_at", "ended_at")}
    return times | {
        "id": row.id, "name": row.name, "phone_masked": mask_phone(row.phone) if row.phone else "",
        "status": row.status, "status_text": status_text(row.status),
        "expires_at": shown(row.expires_at) if row.status in OPEN else None, "form_version": row.form_version,
    }  # fmt: skip


def dump_department(node: Node | None) -> dict[str, Any] | None:
    return {"id": node.id, "path": node.path} if node else None


def dump_employee(review: Review) -> dict[str, Any]:
    """A card with the phone that an employee has now, and the department."""
    placed = review.onboarding.department_id
    node = get_departments(actor=current_actor()).find(placed) if placed else None
    phone = mask_phone(review.phone) if review.phone else ""
    return dump_card(review.onboarding) | {"phone_masked": phone, "department": dump_department(node)}


def _dump(onboarding_id: uuid.UUID) -> dict[str, Any]:
    actor = current_actor()
    review = get_review(actor=actor, onboarding_id=onboarding_id)
    row = review.onboarding
    return dump_employee(review) | {
        "form": review.form or None,
        "reason": row.reason or None,
        "corrections": [
            {"field": one.field, "before": one.before, "after": one.after, "by": one.by, "at": shown(one.at)}
            for one in review.corrections
        ],
        "resend_at": shown(get_reminding(actor=actor, onboarding_id=onboarding_id).resend_at),
        "actions": [action for action in _ACTIONS if row.allows(action)],
    }
