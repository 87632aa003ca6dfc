"""The first page after login, and help."""

from typing import Any

from flask import Response

from app.authorisations.queries import find_latest
from app.console.operator import Operator, load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import show
from app.contracts.queries import count_boxes, list_contracts
from app.core.actor import Actor
from app.http.context import current_actor, settings
from app.organisations.errors import OrganisationNotChosen
from app.people.queries import count_waiting
from app.seals.service import list_seals


@blueprint.get("/")
def home() -> Response:
    """What to do first, what waits, how much there is."""
    actor = current_actor()
    if actor.organisation_id is None:
        raise OrganisationNotChosen
    operator = load_operator(actor)
    return show(
        "console/home.html", "home", operator, steps=_first_steps(actor, operator), letter=_letter(actor, operator),
        counts=count_boxes(actor=actor),
        waiting=list_contracts(actor=actor, box="waiting", limit=6).items,
        recent=list_contracts(actor=actor, box="others", limit=6).items, reviews=count_waiting(actor=actor),
    )  # fmt: skip


@blueprint.get("/help")
def show_help() -> Response:
    return show("console/help.html", "help", telephone=settings().help_telephone)


def _letter(actor: Actor, operator: Operator) -> Any:
    """The newest letter to the legal representative, until the organisation is verified (C3)."""
    verified = operator.organisation is not None and operator.organisation.is_verified
    return None if verified else find_latest(actor=actor)


def _first_steps(actor: Actor, operator: Operator) -> dict[str, bool]:
    """Which of the steps before the first contract are done; for those who may not do them there are none."""
    if "organisation.manage" not in actor.permissions:
        return {}
    verified = operator.organisation is not None and operator.organisation.is_verified
    has_seal = verified and any(seal.revoked_at is None for seal in list_seals(actor=actor))
    return {"person": operator.person is not None, "organisation": verified, "seal": has_seal}
