"""The operator's own real-name verification (B2, B3)."""

from collections.abc import Mapping
from typing import Any

from app.console.api.account_schemas import OperatorVerificationSchema, OperatorVerificationStartSchema
from app.http.api import ApiBlueprint
from app.http.context import client_device, client_ip, providers
from app.http.faces import face_page, face_qr
from app.http.shared.verifications import add_verifications, dump_attempt, start_verification
from app.identity.face_checks import FaceWay
from app.identity.verification_views import VerificationView

blueprint = ApiBlueprint(
    "console_verification", __name__, url_prefix="/api/v1/console", description="用人单位：经办人认证"
)
# Says nothing and proves nothing, on whatever device the vendor's page was opened.
RETURN_PATH = "/console/face-done"


@blueprint.post("/verifications")
@blueprint.arguments(OperatorVerificationStartSchema)
@blueprint.response(201, OperatorVerificationSchema)
def start(body: dict[str, Any]) -> Any:
    """Phone: three factors, then a code. Bank: four factors, then a code to the reserved phone. Face: a QR code for the
    phone. Review: pictures of the document, looked at by people.
    """
    return _dump(verify_operator(body))


def verify_operator(told: Mapping[str, Any]) -> VerificationView:
    """Begin the way that was chosen; for pages and JSON alike. `told`: the fields of the start's schema."""
    return start_verification(told, face_way(told["provider"]))


def face_way(provider: str) -> FaceWay:
    """A computer shows the QR code, a phone does it. `provider`: "" for the preferred one."""
    return FaceWay(
        providers().return_url(RETURN_PATH), provider=provider, elsewhere=True, ip=client_ip(), device=client_device()
    )


def _dump(view: VerificationView) -> dict[str, Any]:
    pages = {"url": face_page(view.face), "qr": face_qr(view.face)}
    return dump_attempt(view) | {name: value for name, value in pages.items() if value is not None}


add_verifications(blueprint, OperatorVerificationSchema, _dump)
