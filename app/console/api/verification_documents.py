"""Pictures of a document, for a review by people (B4)."""

from app.http.api import ApiBlueprint
from app.http.shared.verification_documents import add_verification_documents

blueprint = ApiBlueprint(
    "console_verification_documents", __name__, url_prefix="/api/v1/console", description="用人单位：证件照片"
)
add_verification_documents(blueprint)
