"""The picture of the business licence (C1)."""

from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from app.console.api.account_schemas import NO_PICTURE, LicenceSchema, LicenceUploadSchema
from app.core.errors import InvalidInput
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.organisations.permissions import Permission
from app.organisations.service import read_licence, save_licence
from app.templates.pictures import clean_picture

blueprint = ApiBlueprint("console_licence", __name__, url_prefix="/api/v1/console", description="用人单位：营业执照")


@blueprint.post("/organisation/licence")
@blueprint.arguments(LicenceUploadSchema, location="files")
@blueprint.response(201, LicenceSchema)
def upload(files: dict[str, Any]) -> Any:
    """Upload the picture; a new one takes the place of the old, until the organisation is verified."""
    actor = current_actor()
    actor.require(Permission.MANAGE_ORGANISATION)  # before anything is opened
    saved = save_licence(actor=actor, picture=clean_picture(read_picture(files["file"])), blobs=providers().blobs)
    return {"sha256": saved.licence_sha256}


def read_picture(upload: FileStorage | None) -> bytes:
    """What was chosen in a form. Raises InvalidInput where nothing was."""
    if upload is None or not upload.filename:
        raise InvalidInput(fields={"file": [NO_PICTURE]})
    data: bytes = upload.read()
    return data


@blueprint.get("/organisation/licence/image")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def image() -> Any:
    """The picture as it is stored: upright and without anything but pixels. JPEG or PNG."""
    found = read_licence(actor=current_actor(), blobs=providers().blobs)
    return Response(found.data, content_type=found.media_type, headers={"Cache-Control": "private, no-store"})
