"""Real-name verification: methods, attempts (B2, B3, B4, B5)."""

import uuid
from typing import Any

from flask_babel import gettext

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers, settings
from app.http.idempotency import no_idempotency_key
from app.http.language import language
from app.http.logins import LoggedInSchema, TransportSchema, answer_login, client_origin
from app.http.offers import check_offered
from app.http.verification_methods import describe_methods
from app.identity.bank_verification import start_bank_verification
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.face_verification import get_current_verification, get_verification, start_face_verification
from app.identity.manual_verification import start_manual_verification
from app.identity.phone_verification import start_phone_verification
from app.identity.recovery import claim_account
from app.identity.verifications import VerificationView
from app.worker_api.faces import dump_face, take_way
from app.worker_api.signing import CodeSchema
from app.worker_api.verification_schemas import (
    MethodSchema,
    VerificationSchema,
    VerificationStartSchema,
)

blueprint = ApiBlueprint("worker_verification", __name__, url_prefix="/api/v1/worker", description="劳动者：实名认证")


@blueprint.get("/verification-methods")
@blueprint.response(200, MethodSchema(many=True))
def list_methods() -> Any:
    """Ways to be verified; nobody has to show a face."""
    return describe_methods()


@blueprint.post("/verifications")
@blueprint.arguments(VerificationStartSchema)
@blueprint.response(201, VerificationSchema)
def start(body: dict[str, Any]) -> Any:
    """Phone: three factors, then a code. Bank: four factors, then a code to the reserved phone. Face: a page of the
    vendor to open. Review: pictures of the document, looked at by people.
    """
    check_offered(body["method"], settings().verification_methods)
    way, ports = take_way(body), providers()
    who = {"actor": current_actor()} | {name: body[name] for name in ("name", "id_number", "id_type")}
    if body["method"] == "phone":
        return dump_verification(start_phone_verification(**who, carrier=ports.carrier))
    if body["method"] == "bank":
        card = {name: body[name] for name in ("card_number", "bank_phone")}
        return dump_verification(start_bank_verification(**who, **card, bank=ports.bank))
    if body["method"] == "manual":
        pictures = {name: body[name] for name in ("document_ids", "nationality")}
        return dump_verification(start_manual_verification(**who, **pictures))
    return dump_verification(start_face_verification(**who, way=way, faces=ports.faces))


@blueprint.get("/verifications/current")
@blueprint.response(200, VerificationSchema)
@blueprint.alt_response(204, description="no attempt is open")
def read_current() -> Any:
    """The newest attempt that is open: another window, or the app after a restart, goes on with it."""
    view = get_current_verification(actor=current_actor(), faces=providers().faces)
    return dump_verification(view) if view is not None else ("", 204)


@blueprint.get("/verifications/<uuid:verification_id>")
@blueprint.response(200, VerificationSchema)
def read(verification_id: uuid.UUID) -> Any:
    """Where it stands; for a face check the server asks the vendor."""
    return dump_verification(
        get_verification(actor=current_actor(), verification_id=verification_id, faces=providers().faces)
    )  # fmt: skip


@blueprint.post("/verifications/<uuid:verification_id>/code")
@blueprint.arguments(CodeSchema)
@blueprint.response(200, VerificationSchema)
def confirm(body: dict[str, Any], verification_id: uuid.UUID) -> Any:
    """Type the code back: verified."""
    return dump_verification(
        confirm_verification_code(actor=current_actor(), verification_id=verification_id, code=body["code"])
    )


@blueprint.post("/verifications/<uuid:verification_id>/resend")
@blueprint.response(200, VerificationSchema)
def resend(verification_id: uuid.UUID) -> Any:
    """Another code."""
    return dump_verification(resend_verification_code(actor=current_actor(), verification_id=verification_id))


@blueprint.post("/verifications/<uuid:verification_id>/claim")
@blueprint.arguments(TransportSchema)
@blueprint.response(200, LoggedInSchema)
@no_idempotency_key
def claim(body: dict[str, Any], verification_id: uuid.UUID) -> Any:
    """Go on with the older account of the person who was proven; this phone becomes its phone. Once: the answer may
    hold a token, and is kept nowhere."""
    opened = claim_account(actor=current_actor(), verification_id=verification_id, **client_origin(body))
    return answer_login(opened, body)


def dump_verification(view: VerificationView) -> dict[str, Any]:
    dumped: dict[str, Any] = {
        "id": view.id,
        "method": view.method,
        "status": "waiting" if view.status == "checking" else view.status,
        "expires_at": in_shanghai(view.expires_at),
    }
    message = view.reason and (view.reason.text_en if language() == "en" else view.reason.text_zh)
    if view.review_reason:
        message = gettext("审核未通过：%(reason)s", reason=view.review_reason)
    optional = {
        "outcome": view.outcome, "message": message, "resend_after": view.resend_after,
        "phone_masked": view.phone_masked, "claim": view.claim,
    }  # fmt: skip
    return dumped | dump_face(view.face) | {name: value for name, value in optional.items() if value is not None}
