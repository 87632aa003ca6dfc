"""Pictures of a document, for a review by people (B4)."""

import uuid
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from werkzeug.datastructures import FileStorage

from app.core.errors import InvalidInput
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers
from app.identity.manual_verification import check_may_upload, save_document
from app.templates.pictures import clean_picture

NO_PICTURE = "请选择 JPG 或 PNG 格式的照片。"
LARGEST_MB = 10


class DocumentUploadSchema(WireSchema):
    file = Upload(
        required=True, error_messages={"required": NO_PICTURE},
        metadata={"description": f"JPG or PNG, up to {LARGEST_MB} MB and 12 megapixels"},
    )  # fmt: skip


class DocumentSchema(ma.Schema):
    id = ma.fields.UUID(required=True)


def add_verification_documents(blueprint: ApiBlueprint) -> None:
    """`POST /verification-documents`."""

    @blueprint.post("/verification-documents")
    @blueprint.arguments(DocumentUploadSchema, location="files")
    @blueprint.response(201, DocumentSchema)
    def upload(files: dict[str, Any]) -> Any:
        """One picture, good for an application within a day."""
        return {"id": keep_picture(files["file"])}


def keep_picture(chosen: FileStorage | None) -> uuid.UUID:
    """Clean and store what was chosen; for pages and JSON alike. Raises InvalidInput where nothing was."""
    actor = current_actor()
    check_may_upload(actor=actor)  # before anything is opened
    if chosen is None or not chosen.filename:
        raise InvalidInput(fields={"file": [NO_PICTURE]})
    picture = clean_picture(chosen.read(), max_mb=LARGEST_MB)
    return save_document(actor=actor, picture=picture, blobs=providers().blobs)
