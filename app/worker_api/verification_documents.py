"""Pictures of a document, for a review by people (B4)."""

from app.http.api import ApiBlueprint
from app.http.shared.verification_documents import add_verification_documents

blueprint = ApiBlueprint(
    "worker_verification_documents", __name__, url_prefix="/api/v1/worker", description="劳动者：证件照片"
)
add_verification_documents(blueprint)
