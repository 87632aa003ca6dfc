"""The operator's own verification: consent first, then phone, bank card, face or review (B1–B4)."""

import uuid
from typing import Any

from flask import Response, request, url_for

from app.console.api.verification import verify_operator as start_verification
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_id, go, is_htmx, part, safe_path, show, typed
from app.http.context import current_actor, providers
from app.http.faces import face_page, face_qr
from app.http.kit.countries import nationalities
from app.http.kit.text import blocks
from app.http.language import language
from app.http.shared.verification_documents import keep_picture
from app.http.shared.verifications import reason_of
from app.http.verification_methods import describe_methods, pc_vendors
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.consents import give_consent, list_consents
from app.identity.face_verification import get_current_verification, get_verification
from app.identity.texts import get_text
from app.identity.verification_views import VerificationView


@blueprint.get("/verification")
def verify_operator() -> Response:
    """Verified: who. Not yet: the consent, then the form, beside an attempt that is under way."""
    operator, onward = load_operator(current_actor()), safe_path(request.args.get("next", ""))
    if operator.person is not None:
        return show("console/verified.html", "account", operator, next=onward)
    given = {consent.kind for consent in list_consents(actor=current_actor()) if consent.is_current}
    if "verification_consent" not in given:
        text = get_text("verification_consent")
        body = text.text_en if language() == "en" else text.text_zh
        return show("console/consent.html", "account", operator, text=text, blocks=blocks(body), next=onward)
    return show(
        "console/verification.html", "account", operator, methods=describe_methods(), vendors=pc_vendors(),
        countries=nationalities(), face_text=None if "face_consent" in given else get_text("face_consent"),
        **_attempt(onward),
    )  # fmt: skip


@blueprint.post("/consents")
def agree() -> Response:
    """To the version that was shown."""
    if typed("agree"):
        give_consent(actor=current_actor(), kind=typed("kind"), version=typed("version"))
    return go(url_for("console.verify_operator", next=safe_path(typed("next")) or None))


@blueprint.post("/verification")
def begin_verification() -> Response:
    """The fields stay where they are: to change the way, choose another and press again (更换)."""
    if typed("face_consent") and typed("method") == "face":
        give_consent(actor=current_actor(), kind="face_consent", version=typed("face_consent"))
    return _answer(start_verification(_typed_identity()), safe_path(typed("next")))


@blueprint.post("/verification/pictures")
def upload_document_picture() -> Response:
    """One picture of the document; the form then holds its id."""
    chosen = request.files.get("file")
    document_id = keep_picture(chosen)
    if not is_htmx():
        return go(url_for("console.verify_operator", picture=document_id, next=safe_path(typed("next")) or None))
    name = chosen.filename if chosen is not None else ""
    return part("console/partials/document_picture.html", document_id=document_id, name=name)


@blueprint.get("/verification/<uuid:verification_id>/state")
def follow_verification(verification_id: uuid.UUID) -> Response:
    """Polled while the person stands before the camera; asked by the button too."""
    view = get_verification(actor=current_actor(), verification_id=verification_id, faces=providers().faces)
    onward = safe_path(request.args.get("next", ""))
    if view.status == "verified":
        return go(_verified(onward))
    if not is_htmx():
        return go(url_for("console.verify_operator", attempt=verification_id, next=onward or None))
    if view.status == "waiting":
        return Response(status=204)  # nothing new: the page stays as it is
    if view.status == "reviewing":
        return part("console/partials/reviewing.html", view=view)
    return part("console/partials/not_verified.html", 286, message=reason_of(view))  # 286: htmx polls no more


@blueprint.post("/verification/<uuid:verification_id>/code")
def confirm_verification(verification_id: uuid.UUID) -> Response:
    confirm_verification_code(actor=current_actor(), verification_id=verification_id, code=typed("code"))
    return go(_verified(safe_path(typed("next"))))


@blueprint.post("/verification/<uuid:verification_id>/resend")
def resend_verification(verification_id: uuid.UUID) -> Response:
    view = resend_verification_code(actor=current_actor(), verification_id=verification_id)
    return _answer(view, safe_path(typed("next")), sent_again=True)


def _answer(view: VerificationView, onward: str, *, sent_again: bool = False) -> Response:
    url = url_for("console.verify_operator", attempt=view.id, next=onward or None)
    if not is_htmx():
        return go(url)
    if sent_again:
        return part("kit/partials/code_sent.html", sent=view)
    response = part("console/partials/attempt.html", **_shown(view, onward))
    response.headers["HX-Replace-Url"] = url
    return response


def _typed_identity() -> dict[str, Any]:
    """What the form holds for the way that was chosen; fields of the other ways stay where they are."""
    method = typed("method")
    names = ("name", "id_number", "provider", "card_number", "bank_phone", "nationality")
    id_type = typed(f"{method}_id_type") or "resident_id"
    ids = (find_id(value) for value in request.form.getlist("document_id"))
    return {name: typed(name) for name in names} | {
        "method": method, "id_type": id_type, "document_ids": [found for found in ids if found is not None],
    }  # fmt: skip


def _attempt(onward: str) -> dict[str, Any]:
    """The attempt in the address, or the one that is open: a reload and another window show it again."""
    attempt, ports = find_id(request.args.get("attempt", "")), providers()
    if attempt is not None:
        view: VerificationView | None = get_verification(
            actor=current_actor(), verification_id=attempt, faces=ports.faces
        )
    else:
        view = get_current_verification(actor=current_actor(), faces=ports.faces)
    picture = find_id(request.args.get("picture", ""))
    return {"picture": picture} | (_shown(view, onward) if view is not None else {"view": None, "next": onward})


def _shown(view: VerificationView, onward: str) -> dict[str, Any]:
    pages = {"face_page": face_page(view.face), "qr": face_qr(view.face)}
    return {"view": view, "next": onward, "message": reason_of(view)} | pages


def _verified(onward: str) -> str:
    return onward or url_for("console.home", done="person_verified")
