"""Real-name verification: methods, attempts (B2, B3, B4, B5)."""

import uuid
from typing import Any

from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.http.logins import LoggedInSchema, TransportSchema, answer_login, client_origin
from app.http.shared.verifications import add_verifications, dump_attempt, start_verification
from app.identity.recovery import claim_account
from app.identity.verification_views import VerificationView
from app.worker_api.faces import dump_face, take_way
from app.worker_api.verification_schemas import VerificationSchema, VerificationStartSchema

blueprint = ApiBlueprint("worker_verification", __name__, url_prefix="/api/v1/worker", description="劳动者：实名认证")


@blueprint.post("/verifications")
@blueprint.arguments(VerificationStartSchema)
@blueprint.response(201, VerificationSchema)
def start(body: dict[str, Any]) -> Any:
    """Phone: three factors, then a code. Bank: four factors, then a code to the reserved phone. Face: a page of the
    vendor to open. Review: pictures of the document, looked at by people.
    """
    way = take_way(body)
    return dump_verification(start_verification(body, way))


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
    """`VerificationSchema`."""
    return dump_face(view.face) | dump_attempt(view) | ({"claim": view.claim} if view.claim else {})


add_verifications(blueprint, VerificationSchema, dump_verification)
