"""One onboarding: what the worker submitted, correcting, accepting, rejecting (K4)."""

import uuid

from flask import Response, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_number, go, is_htmx, part, show, typed
from app.http.context import current_actor, providers
from app.http.errors import BadRequest
from app.http.idempotency import no_idempotency_key
from app.people.departments import get_departments
from app.people.lifecycle import Action, Status
from app.people.service.inviting import get_reminding
from app.people.service.reviewing import (
    accept_onboarding,
    correct_onboarding,
    get_review,
    read_id_number,
    reject_onboarding,
)


@blueprint.get("/onboardings/<uuid:onboarding_id>")
def show_onboarding(onboarding_id: uuid.UUID) -> Response:
    return _page(onboarding_id)


@blueprint.post("/onboardings/<uuid:onboarding_id>/id-number")
@no_idempotency_key
def show_id_number(onboarding_id: uuid.UUID) -> Response:
    """The whole number, for this once: it is kept in no answer, and the look is in the log."""
    number = read_id_number(actor=current_actor(), onboarding_id=onboarding_id)
    shown = part("console/partials/id_number.html", number=number) if is_htmx() else _page(onboarding_id, number)
    shown.headers["Cache-Control"] = "private, no-store"
    return shown


@blueprint.post("/onboardings/<uuid:onboarding_id>/corrections")
def correct(onboarding_id: uuid.UUID) -> Response:
    address = {"region": typed("registered_residence").split(), "detail": typed("registered_residence_detail")}
    changes = {name: typed(name) for name in ("education", "school", "graduated_in")}
    correct_onboarding(
        actor=current_actor(), onboarding_id=onboarding_id, form_version=_version(),
        changes=changes | {"registered_residence": address},
    )  # fmt: skip
    return go(url_for("console.show_onboarding", onboarding_id=onboarding_id, done="saved"))


@blueprint.post("/onboardings/<uuid:onboarding_id>/acceptance")
def accept(onboarding_id: uuid.UUID) -> Response:
    accept_onboarding(
        actor=current_actor(), onboarding_id=onboarding_id, form_version=_version(), link_url=providers().link_url
    )
    return go(url_for("console.show_onboarding", onboarding_id=onboarding_id, done="onboarding_accepted"))


@blueprint.post("/onboardings/<uuid:onboarding_id>/rejection")
def reject(onboarding_id: uuid.UUID) -> Response:
    reject_onboarding(
        actor=current_actor(), onboarding_id=onboarding_id, form_version=_version(), reason=typed("reason"),
        link_url=providers().link_url,
    )  # fmt: skip
    return go(url_for("console.show_onboarding", onboarding_id=onboarding_id, done="onboarding_rejected"))


def _page(onboarding_id: uuid.UUID, number: str = "") -> Response:
    actor = current_actor()
    review = get_review(actor=actor, onboarding_id=onboarding_id)
    employed = review.onboarding.status == Status.ACCEPTED
    return show(
        "console/onboarding.html", "people", review=review, onboarding=review.onboarding, number=number,
        reminding=get_reminding(actor=actor, onboarding_id=onboarding_id),
        departments=get_departments(actor=actor) if employed else None,
        may_withdraw=review.onboarding.allows(Action.WITHDRAW), may_decide=review.onboarding.allows(Action.ACCEPT),
    )  # fmt: skip


def _version() -> int:
    """Of the form that the page shows. Raises BadRequest."""
    version = find_number(typed("form_version"))
    if version is None:
        raise BadRequest
    return version
