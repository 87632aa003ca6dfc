"""The operator's own verification: consent first, then phone or face (B1, B2, B3)."""

import uuid
from typing import Any

from flask import Response, request, url_for

from app.console.api.verification import start_verification
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_id, go, is_htmx, part, safe_path, show, typed
from app.http.context import current_actor, providers, settings
from app.http.kit.text import blocks
from app.http.language import language
from app.http.qr import qr_picture
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.consents import give_consent, list_consents
from app.identity.face_verification import get_verification
from app.identity.texts import get_text
from app.identity.verifications import VerificationView


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
        "console/verification.html", "account", operator, methods=settings().verification_methods,
        face_text=None if "face_consent" in given else get_text("face_consent"), **_attempt(onward),
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
    view, onward = (
        start_verification(method=typed("method"), name=typed("name"), id_number=typed("id_number")),
        safe_path(typed("next")),
    )
    return _answer(view, onward)


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
    return part("console/partials/face_over.html", 286, reason=view.reason)  # 286: htmx polls no more


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


def _attempt(onward: str) -> dict[str, Any]:
    """The attempt in the address, so that a reload shows it again."""
    attempt = find_id(request.args.get("attempt", ""))
    if attempt is None:
        return {"view": None, "next": onward}
    view = get_verification(actor=current_actor(), verification_id=attempt, faces=providers().faces)
    return _shown(view, onward)


def _shown(view: VerificationView, onward: str) -> dict[str, Any]:
    return {"view": view, "qr": qr_picture(view.url) if view.url else None, "next": onward}


def _verified(onward: str) -> str:
    return onward or url_for("console.home", done="person_verified")
