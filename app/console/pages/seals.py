"""Make, choose, revoke seals (E1)."""

import uuid

from flask import Response, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import go, show
from app.http.context import current_actor
from app.organisations.service import get_organisation
from app.seals.service import create_seal, list_seals, revoke_seal, set_default_seal
from app.signing.certificate_view import list_seal_certificates


@blueprint.get("/seals")
def show_seals() -> Response:
    seals, found = list_seals(actor=current_actor()), get_organisation(actor=current_actor())
    valid = [seal for seal in seals if seal.revoked_at is None]
    revoked = [seal for seal in seals if seal.revoked_at is not None]
    return show(
        "console/seals.html", "seals", valid=valid, revoked=revoked, found=found,
        certificates=list_seal_certificates(actor=current_actor()),
    )  # fmt: skip


@blueprint.post("/seals")
def make_seal() -> Response:
    create_seal(actor=current_actor())
    return go(url_for("console.show_seals", done="seal_made"))


@blueprint.post("/seals/<uuid:seal_id>/default")
def choose_default_seal(seal_id: uuid.UUID) -> Response:
    set_default_seal(actor=current_actor(), seal_id=seal_id)
    return go(url_for("console.show_seals", done="seal_default"))


@blueprint.post("/seals/<uuid:seal_id>/revocation")
def revoke_own_seal(seal_id: uuid.UUID) -> Response:
    revoke_seal(actor=current_actor(), seal_id=seal_id)
    return go(url_for("console.show_seals", done="seal_revoked"))
