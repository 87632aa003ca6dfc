"""The operator's own digital certificate: see it, set and change its PIN, renew, revoke (E6)."""

import uuid
from typing import Any

from flask import Response, request, url_for

from app.console.api.verification import face_way
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.doors import code_part, ticked
from app.console.pages.web import find_id, go, is_htmx, part, safe_path, show, typed
from app.core.errors import InvalidInput
from app.http.context import current_actor, providers
from app.http.faces import face_page, face_qr
from app.http.idempotency import no_idempotency_key
from app.http.verification_methods import pc_vendors
from app.identity.consents import give_consent, list_consents
from app.identity.face_checks import FaceCheckView, refresh_face_check
from app.identity.texts import get_text
from app.signing.personal_certificates import (
    activate_certificate,
    change_pin,
    get_own_certificate,
    renew_certificate,
    request_certificate_code,
    revoke_certificate,
)
from app.signing.second_proof import SecondProof, start_certificate_face_check

AGREEMENT = "certificate_agreement"
FORMS = ("set", "change", "renew")


@blueprint.get("/account/certificate")
def show_certificate() -> Response:
    """`do`: the form that is open; `face`: a check that was begun; `next`: where one came from (B5)."""
    operator, onward = load_operator(current_actor()), safe_path(request.args.get("next", ""))
    if operator.person is None:
        return go(url_for("console.verify_operator", next=url_for("console.show_certificate", next=onward or None)))
    view, given = get_own_certificate(actor=current_actor()), _given()
    wanted = request.args.get("do", "")
    asks = "set" if view.status in ("none", "revoked") else wanted if wanted in FORMS else ""
    return show(
        "console/certificate.html", "account", operator, view=view, asks=asks, next=onward,
        agreement=None if AGREEMENT in given else get_text(AGREEMENT), vendors=pc_vendors(),
        face_text=None if "face_consent" in given else get_text("face_consent"), **_check(),
    )  # fmt: skip


@blueprint.get("/account/certificate/state")
def follow_certificate() -> Response:
    """Polled while the authority issues it."""
    view = get_own_certificate(actor=current_actor())
    if is_htmx() and (view.status == "issuing" or view.renewing):
        return Response(status=204)
    return _back()


@blueprint.post("/account/certificate/agreement")
def agree_to_certificate() -> Response:
    _give_ticked()
    return _back()


@blueprint.post("/account/certificate/codes")
@no_idempotency_key
def send_certificate_code() -> Response:
    sent = request_certificate_code(actor=current_actor())
    return code_part(sent) if is_htmx() else _back(do="set")


@blueprint.post("/account/certificate/face")
def begin_certificate_face() -> Response:
    """Show the QR code for the phone; the page then follows."""
    if typed("face_consent"):
        give_consent(actor=current_actor(), kind="face_consent", version=typed("face_consent"))
    check = start_certificate_face_check(
        actor=current_actor(), way=face_way(typed("provider")), faces=providers().faces
    )  # fmt: skip
    onward = safe_path(typed("next"))
    if not is_htmx():
        return _back(do="set", face=check.id)
    response = part("console/partials/certificate_face.html", next=onward, **_shown(check))
    response.headers["HX-Replace-Url"] = url_for(
        "console.show_certificate", do="set", face=check.id, next=onward or None
    )
    return response


@blueprint.get("/account/certificate/face/<uuid:face_check_id>/state")
def follow_certificate_face(face_check_id: uuid.UUID) -> Response:
    """Polled while the operator stands before the camera; the server asks the vendor."""
    check = refresh_face_check(actor=current_actor(), face_check_id=face_check_id, faces=providers().faces)
    if not is_htmx():
        return _back(do="set", face=face_check_id)
    if check.status == "waiting":
        return Response(status=204)  # nothing new: the page stays as it is
    template = "certificate_face_passed" if check.status == "passed" else "face_over"
    return part(f"console/partials/{template}.html", 286, reason=check.reason)  # 286: htmx polls no more


@blueprint.post("/account/certificate/activation")
def activate_own_certificate() -> Response:
    _give_ticked()
    by_face = typed("proof") != "password"
    second = SecondProof(find_id(typed("face_check_id")) if by_face else None, "" if by_face else _secret("password"))
    activate_certificate(
        actor=current_actor(), pin=_new_pin(), code=typed("code"), second=second, faces=providers().faces
    )
    return _back(done="pin_saved")


@blueprint.post("/account/certificate/pin")
def change_own_pin() -> Response:
    change_pin(actor=current_actor(), pin=_new_pin(), current_pin=typed("current_pin"))
    return _back(done="pin_saved")


@blueprint.post("/account/certificate/renewal")
def renew_own_certificate() -> Response:
    _give_ticked()
    renew_certificate(actor=current_actor(), pin=typed("pin"))
    return _back()


@blueprint.post("/account/certificate/revocation")
def revoke_own_certificate() -> Response:
    revoke_certificate(actor=current_actor())
    return _back(done="certificate_revoked")


def _new_pin() -> str:
    """Typed twice, as it can't be seen. Raises InvalidInput."""
    if typed("pin") != typed("pin_again"):
        raise InvalidInput(fields={"pin_again": ["两次输入的密码不一样。"]})
    return typed("pin")


def _give_ticked() -> None:
    """To the version that was shown."""
    for kind, version in ticked():
        give_consent(actor=current_actor(), kind=kind, version=version)


def _given() -> set[str]:
    return {str(consent.kind) for consent in list_consents(actor=current_actor()) if consent.is_current}


def _check() -> dict[str, Any]:
    """The face check in the address, so that a reload shows it again."""
    check_id = find_id(request.args.get("face", ""))
    if check_id is None:
        return {"check": None, "face_page": None, "qr": None}
    check = refresh_face_check(actor=current_actor(), face_check_id=check_id, faces=providers().faces)
    return _shown(check)


def _shown(check: FaceCheckView) -> dict[str, Any]:
    return {"check": check, "face_page": face_page(check), "qr": face_qr(check)}


def _back(**query: Any) -> Response:
    onward = safe_path(typed("next") or request.args.get("next", ""))
    return go(url_for("console.show_certificate", next=onward or None, **query))


def _secret(name: str) -> str:
    """As typed: blanks belong to a password."""
    return request.form.get(name, "")
