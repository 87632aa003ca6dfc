"""My own digital certificate and its PIN (E6)."""

from typing import Any

from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.http.shared.certificates import add_certificate
from app.signing.second_proof import start_certificate_face_check
from app.worker_api.faces import FaceCheckSchema, FaceWaySchema, dump_check, take_way

blueprint = ApiBlueprint("worker_certificate", __name__, url_prefix="/api/v1/worker", description="劳动者：数字证书")


@blueprint.post("/certificate/face-checks")
@blueprint.arguments(FaceWaySchema)
@blueprint.response(201, FaceCheckSchema)
def check_face(body: dict[str, Any]) -> Any:
    """Begin a face check, to replace a PIN that I had."""
    way = take_way(body)
    return dump_check(start_certificate_face_check(actor=current_actor(), way=way, faces=providers().faces))


add_certificate(blueprint)
