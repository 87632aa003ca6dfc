"""The organisation's data and its verification by the legal representative (C1, C2, C3)."""

from flask import Response, request, url_for

from app.console.api.licence import read_picture
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import go, is_htmx, part, show, typed
from app.http.context import current_actor, providers
from app.http.language import language
from app.identity.documents import NAMES
from app.organisations.permissions import Permission
from app.organisations.service import get_organisation, save_licence, update_organisation, verify_organisation
from app.organisations.service.verifying import REPRESENTATIVE_DOCUMENTS
from app.templates.pictures import clean_picture


@blueprint.get("/organisation")
def show_organisation() -> Response:
    return show("console/organisation.html", "organisation", found=get_organisation(actor=current_actor()))


@blueprint.post("/organisation")
def change_organisation() -> Response:
    update_organisation(actor=current_actor(), **_profile())
    return go(url_for("console.show_organisation", done="saved"))


@blueprint.get("/organisation/verification")
def verify_own_organisation() -> Response:
    """Step by step: the operator, then the organisation."""
    found = get_organisation(actor=current_actor())
    if found.is_verified:
        return go(url_for("console.show_organisation"))
    if found.authorisation_id is not None:
        return go(url_for("console.show_letter", authorisation_id=found.authorisation_id))
    operator = load_operator(current_actor())
    return show(
        "console/organisation_verification.html", "organisation", operator, found=found, documents=list_documents()
    )


@blueprint.post("/organisation/licence")
def upload_licence() -> Response:
    """The picture as it was stored comes back, to be looked at; a new one takes its place."""
    actor = current_actor()
    actor.require(Permission.MANAGE_ORGANISATION)  # before anything is opened
    picture = clean_picture(read_picture(request.files.get("file")))
    found = save_licence(actor=actor, picture=picture, blobs=providers().blobs)
    if is_htmx():
        return part("console/partials/licence.html", found=found)
    return go(url_for("console.verify_own_organisation"))


@blueprint.post("/organisation/verification")
def submit_organisation() -> Response:
    verify_organisation(
        actor=current_actor(), legal_representative=typed("legal_representative"),
        legal_representative_id_number=typed("legal_representative_id_number"),
        legal_representative_id_type=typed("legal_representative_id_type") or "resident_id",
        registry=providers().registry,
        **_profile(),
    )  # fmt: skip
    return go(url_for("console.home", done="organisation_verified"))


def list_documents() -> list[tuple[str, str]]:
    """The kinds that a legal representative may have, with their names."""
    return [(str(kind), NAMES[kind][language() == "en"]) for kind in REPRESENTATIVE_DOCUMENTS]


def _profile() -> dict[str, str]:
    return {name: typed(name) for name in ("name", "uscc", "kind", "address")}
