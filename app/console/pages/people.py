"""Invitations to onboarding (K2)."""

import uuid
from typing import Any

from flask import Response, request, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_id, find_number, go, is_htmx, part, show, typed
from app.http.context import current_actor, providers
from app.organisations.service import get_organisation
from app.people.queries import count_waiting, list_onboardings
from app.people.service.inviting import LONGEST_DAYS, invite_worker, resend_invitation, withdraw_invitation

PAGE = 15
DAYS = (3, 7, 15, LONGEST_DAYS)


@blueprint.get("/onboardings")
def show_onboardings() -> Response:
    """Filters live in the address."""
    actor, text, status = current_actor(), request.args.get("text", "").strip()[:100], request.args.get("status", "")
    cursor = find_id(request.args.get("cursor", ""))
    page = list_onboardings(actor=actor, text=text, status=status, cursor=str(cursor) if cursor else None, limit=PAGE)
    values: dict[str, Any] = {
        "page": page, "filters": {"text": text, "status": status}, "is_first": cursor is None,
        "found": get_organisation(actor=actor), "waiting": count_waiting(actor=actor),
    }  # fmt: skip
    if is_htmx():
        return part("console/partials/onboarding_list.html", **values)
    return show("console/onboardings.html", "people", **values)


@blueprint.get("/onboardings/new")
def new_invitation() -> Response:
    get_organisation(actor=current_actor())
    return show("console/onboarding_new.html", "people", days=DAYS)


@blueprint.post("/onboardings")
def invite() -> Response:
    days = find_number(typed("days")) or 0
    invite_worker(
        actor=current_actor(), name=typed("name"), phone=typed("phone"), days=days, link_url=providers().link_url
    )
    return go(url_for("console.show_onboardings", done="invited"))


@blueprint.post("/onboardings/<uuid:onboarding_id>/link")
def send_invitation_again(onboarding_id: uuid.UUID) -> Response:
    resend_invitation(actor=current_actor(), onboarding_id=onboarding_id, link_url=providers().link_url)
    return go(url_for("console.show_onboarding", onboarding_id=onboarding_id, done="invitation_resent"))


@blueprint.post("/onboardings/<uuid:onboarding_id>/withdrawal")
def withdraw_onboarding(onboarding_id: uuid.UUID) -> Response:
    withdraw_invitation(actor=current_actor(), onboarding_id=onboarding_id)
    return go(url_for("console.show_onboarding", onboarding_id=onboarding_id, done="invitation_withdrawn"))
