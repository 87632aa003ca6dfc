"""The operator's own real-name verification (B2, B3)."""

import uuid
from typing import Any

from app.console.api.account_schemas import (
    METHODS,
    OperatorCodeSchema,
    OperatorMethodSchema,
    OperatorVerificationSchema,
    OperatorVerificationStartSchema,
)
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers, settings
from app.http.language import language
from app.http.offers import check_offered
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.face_checks import FaceWay
from app.identity.face_verification import get_verification, start_face_verification
from app.identity.phone_verification import start_phone_verification
from app.identity.verifications import VerificationView

blueprint = ApiBlueprint(
    "console_verification", __name__, url_prefix="/api/v1/console", description="用人单位：经办人认证"
)
# Says nothing and proves nothing, on whatever device the vendor's page was opened.
RETURN_PATH = "/console/face-done"


@blueprint.get("/verification-methods")
@blueprint.response(200, OperatorMethodSchema(many=True))
def list_methods() -> Any:
    """Ways to be verified; nobody has to show a face."""
    return [{"method": method, "available": method in settings().verification_methods} for method in METHODS]


@blueprint.post("/verifications")
@blueprint.arguments(OperatorVerificationStartSchema)
@blueprint.response(201, OperatorVerificationSchema)
def start(body: dict[str, Any]) -> Any:
    """By phone: three factors, then a code. By face: a page of the vendor to open."""
    return _dump(start_verification(**body))


@blueprint.get("/verifications/<uuid:verification_id>")
@blueprint.response(200, OperatorVerificationSchema)
def read(verification_id: uuid.UUID) -> Any:
    """Where it stands; for a face check the server asks the vendor."""
    return _dump(get_verification(actor=current_actor(), verification_id=verification_id, faces=providers().faces))


@blueprint.post("/verifications/<uuid:verification_id>/code")
@blueprint.arguments(OperatorCodeSchema)
@blueprint.response(200, OperatorVerificationSchema)
def confirm(body: dict[str, Any], verification_id: uuid.UUID) -> Any:
    """Type the code back: verified."""
    return _dump(confirm_verification_code(actor=current_actor(), verification_id=verification_id, code=body["code"]))


@blueprint.post("/verifications/<uuid:verification_id>/resend")
@blueprint.response(200, OperatorVerificationSchema)
def resend(verification_id: uuid.UUID) -> Any:
    """Another code."""
    return _dump(resend_verification_code(actor=current_actor(), verification_id=verification_id))


def start_verification(*, method: str, name: str, id_number: str) -> VerificationView:
    """Begin the way that was chosen; for pages and JSON alike."""
    check_offered(method, settings().verification_methods)
    actor = current_actor()
    if method == "phone":
        return start_phone_verification(actor=actor, name=name, id_number=id_number, carrier=providers().carrier)
    return start_face_verification(
        actor=actor, name=name, id_number=id_number, faces=providers().faces,
        way=FaceWay(providers().return_url(RETURN_PATH), elsewhere=True),
    )  # fmt: skip


def _dump(view: VerificationView) -> dict[str, Any]:
    dumped: dict[str, Any] = {
        "id": view.id,
        "method": view.method,
        "status": "waiting" if view.status == "checking" else view.status,
        "expires_at": in_shanghai(view.expires_at),
    }
    message = view.reason and (view.reason.text_en if language() == "en" else view.reason.text_zh)
    optional = {"outcome": view.outcome, "message": message, "url": view.url, "resend_after": view.resend_after}
    return dumped | {name: value for name, value in optional.items() if value is not None}
