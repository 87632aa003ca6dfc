"""My own digital certificate and its PIN (E6)."""

from typing import Any

from app.http.api import ApiBlueprint
from app.http.certificates import (
    CertificateActivationSchema,
    CertificateSchema,
    PinChangeSchema,
    PinSchema,
    dump_certificate,
    take_second,
)
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.signing.personal_certificates import (
    activate_certificate,
    change_pin,
    get_own_certificate,
    renew_certificate,
    request_certificate_code,
    revoke_certificate,
)
from app.signing.second_proof import start_certificate_face_check
from app.worker_api.faces import FaceCheckSchema, FaceWaySchema, dump_check, take_way
from app.worker_api.session_schemas import CodeSentSchema

blueprint = ApiBlueprint("worker_certificate", __name__, url_prefix="/api/v1/worker", description="劳动者：数字证书")


@blueprint.get("/certificate")
@blueprint.response(200, CertificateSchema)
def read() -> Any:
    """How it stands; `none` before the first."""
    return dump_certificate(get_own_certificate(actor=current_actor()))


@blueprint.post("/certificate/codes")
@blueprint.response(202, CodeSentSchema)
@no_idempotency_key
def request_code() -> Any:
    """Send a code to my own phone, to set a PIN."""
    return request_certificate_code(actor=current_actor())


@blueprint.post("/certificate/face-checks")
@blueprint.arguments(FaceWaySchema)
@blueprint.response(201, FaceCheckSchema)
def check_face(body: dict[str, Any]) -> Any:
    """Begin a face check, to replace a PIN that I had."""
    way = take_way(body)
    return dump_check(start_certificate_face_check(actor=current_actor(), way=way, faces=providers().faces))


@blueprint.post("/certificate/activation")
@blueprint.arguments(CertificateActivationSchema)
@blueprint.response(200, CertificateSchema)
def activate(body: dict[str, Any]) -> Any:
    """Set a PIN; a certificate follows within seconds unless one holds (`issuing`)."""
    second = take_second(body)
    return dump_certificate(
        activate_certificate(actor=current_actor(), second=second, faces=providers().faces, **body)
    )  # fmt: skip


@blueprint.post("/certificate/pin")
@blueprint.arguments(PinChangeSchema)
@blueprint.response(200, CertificateSchema)
def change(body: dict[str, Any]) -> Any:
    """Another PIN, by the present one."""
    return dump_certificate(change_pin(actor=current_actor(), **body))


@blueprint.post("/certificate/renewal")
@blueprint.arguments(PinSchema)
@blueprint.response(200, CertificateSchema)
def renew(body: dict[str, Any]) -> Any:
    """Another year, where `renewable`."""
    return dump_certificate(renew_certificate(actor=current_actor(), pin=body["pin"]))


@blueprint.post("/certificate/revocation")
@blueprint.response(200, CertificateSchema)
def revoke() -> Any:
    """End it, at once and for good."""
    return dump_certificate(revoke_certificate(actor=current_actor()))
