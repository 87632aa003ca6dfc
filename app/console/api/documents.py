"""What a contract looks like and what happened to it (H10, H11)."""

import io
import uuid
from typing import Any

from flask import Response, send_file

from app.console.answers import zip_answer
from app.console.api.contract_schemas import (
    ArchiveQuerySchema,
    EmployerProgressSchema,
    EmployerTextSchema,
    EmployerTimelineEntrySchema,
)
from app.console.api.dumps import dump_timeline
from app.contracts.documents import read_page_image, read_signed_archive, read_signed_file, read_text
from app.contracts.queries import get_contract, own_party, step_of
from app.contracts.trail import get_timeline
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers

blueprint = ApiBlueprint("console_documents", __name__, url_prefix="/api/v1/console", description="用人单位：合同文件")


@blueprint.get("/contracts/<uuid:contract_id>/progress")
@blueprint.response(200, EmployerProgressSchema)
def progress(contract_id: uuid.UUID) -> Any:
    """Cheap enough to be polled."""
    actor = current_actor()
    contract = get_contract(actor=actor, contract_id=contract_id)
    sealed = own_party(contract, actor).sealed_at is not None
    state = {"status": contract.status, "step": step_of(actor, contract)}
    return state | {"sealed": sealed, "updated_at": in_shanghai(contract.updated_at)}


@blueprint.get("/contracts/<uuid:contract_id>/timeline")
@blueprint.response(200, EmployerTimelineEntrySchema(many=True))
def timeline(contract_id: uuid.UUID) -> Any:
    """What happened, oldest first."""
    return [dump_timeline(entry) for entry in get_timeline(actor=current_actor(), contract_id=contract_id)]


@blueprint.get("/contracts/<uuid:contract_id>/pages/<int:page>")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
def page_image(contract_id: uuid.UUID, page: int) -> Any:
    """A picture of one page, from 1."""
    data, media_type = read_page_image(
        actor=current_actor(), contract_id=contract_id, page=page, blobs=providers().blobs
    )
    return Response(data, content_type=media_type, headers={"Cache-Control": "private, no-store"})


@blueprint.get("/contracts/<uuid:contract_id>/text")
@blueprint.response(200, EmployerTextSchema)
def text(contract_id: uuid.UUID) -> Any:
    """The content as text, page by page."""
    contract, pages = read_text(actor=current_actor(), contract_id=contract_id, blobs=providers().blobs)
    numbered = [{"number": number, "paragraphs": paragraphs} for number, paragraphs in enumerate(pages, 1)]
    return {"content_sha256": contract.content_sha256, "pages": numbered}


@blueprint.get("/contracts/<uuid:contract_id>/file")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def download(contract_id: uuid.UUID) -> Any:
    """The signed PDF, once completed."""
    contract, data = read_signed_file(actor=current_actor(), contract_id=contract_id, blobs=providers().blobs)
    name = f"{contract.title}-{contract.number}.pdf"
    response = send_file(io.BytesIO(data), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/contracts/archive")
@blueprint.arguments(ArchiveQuerySchema, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def download_archive(query: dict[str, Any]) -> Any:
    """Completed contracts as one zip: `?ids=…&ids=…`, at most 50."""
    data = read_signed_archive(actor=current_actor(), contract_ids=query["ids"], blobs=providers().blobs)
    return zip_answer(data)
