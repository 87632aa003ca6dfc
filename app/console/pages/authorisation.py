"""The organisation's verification by a letter that an absent legal representative signs (C2, C3)."""

import uuid

from flask import Response, url_for

from app.authorisations.queries import find_latest, get_authorisation
from app.authorisations.service.requesting import get_link_state, resend_link, withdraw_authorisation
from app.console.api.authorisations import ask_representative, link_to_hand_on
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.organisation import list_documents
from app.console.pages.web import go, is_htmx, part, show, typed
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.organisations.permissions import Permission
from app.organisations.service import get_organisation

_FIELDS = (
    "name", "uscc", "kind", "address", "legal_representative", "legal_representative_id_type",
    "legal_representative_id_number", "legal_representative_phone",
)  # fmt: skip


@blueprint.get("/organisation/authorisation")
def ask_by_letter() -> Response:
    """The form; while a letter is under way, that one."""
    actor = current_actor()
    actor.require(Permission.MANAGE_ORGANISATION)
    found, operator = get_organisation(actor=actor), load_operator(actor)
    if found.is_verified:
        return go(url_for("console.show_organisation"))
    latest = find_latest(actor=actor)
    if latest is not None and latest.status in ("waiting", "sealing"):
        return go(url_for("console.show_letter", authorisation_id=latest.id))
    if operator.person is None:
        return go(url_for("console.verify_own_organisation"))
    return show(
        "console/authorisation_request.html",
        "organisation",
        operator,
        found=found,
        documents=list_documents(),
        last=latest,
    )


@blueprint.post("/organisation/authorisation")
def send_letter() -> Response:
    letter = ask_representative({name: typed(name) for name in _FIELDS})
    return go(url_for("console.show_letter", authorisation_id=letter.id, done="letter_sent"))


@blueprint.get("/authorisations/<uuid:authorisation_id>")
def show_letter(authorisation_id: uuid.UUID) -> Response:
    """Its state, its page, and what can be done with it."""
    actor = current_actor()
    letter = get_authorisation(actor=actor, authorisation_id=authorisation_id)
    sms = get_link_state(actor=actor, authorisation_id=authorisation_id)
    return show(
        "console/authorisation.html", "organisation", letter=letter, sms=sms,
        is_mine=letter.created_by == actor.account_id,
    )  # fmt: skip


@blueprint.get("/authorisations/<uuid:authorisation_id>/state")
def follow_letter(authorisation_id: uuid.UUID) -> Response:
    """Look the result up: polled while the signature is being attached, asked by the button before that."""
    letter = get_authorisation(actor=current_actor(), authorisation_id=authorisation_id)
    if letter.status == "sealing" and is_htmx():
        return Response(status=204)  # nothing new: the page stays as it is
    done = "organisation_verified" if letter.status == "signed" else None
    return go(url_for("console.show_letter", authorisation_id=authorisation_id, done=done))


@blueprint.post("/authorisations/<uuid:authorisation_id>/link")
def send_letter_again(authorisation_id: uuid.UUID) -> Response:
    resend_link(actor=current_actor(), authorisation_id=authorisation_id, link_url=providers().link_url)
    return go(url_for("console.show_letter", authorisation_id=authorisation_id, done="letter_resent"))


@blueprint.post("/authorisations/<uuid:authorisation_id>/copied-link")
@no_idempotency_key
def copy_letter_link(authorisation_id: uuid.UUID) -> Response:
    """The link itself, once, for who made the letter; it is nowhere kept."""
    return part("console/partials/copied_link.html", url=link_to_hand_on(authorisation_id))


@blueprint.post("/authorisations/<uuid:authorisation_id>/withdrawal")
def withdraw_letter(authorisation_id: uuid.UUID) -> Response:
    withdraw_authorisation(actor=current_actor(), authorisation_id=authorisation_id)
    return go(url_for("console.ask_by_letter", done="letter_withdrawn"))
