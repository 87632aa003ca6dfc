"""Drafts, lists, sending, withdrawing (G1, G3, G6, H5, H8)."""

import uuid
from typing import Any

from app.console.api.contract_schemas import (
    NO_FILE,
    ContractQuerySchema,
    DraftChangesSchema,
    EmployerCardPageSchema,
    EmployerContractSchema,
    EmployerCountsSchema,
    EmployerSideSchema,
    InitiatorSchema,
    PlacesSchema,
    SendingProblemSchema,
    SendingSchema,
    UploadFileSchema,
    UploadFormSchema,
    WithdrawalSchema,
    WordSupportSchema,
)
from app.console.api.dumps import dump_card, dump_contract
from app.contracts.employer_side import list_choices
from app.contracts.queries import count_boxes, get_contract, list_contracts, list_initiators
from app.contracts.search import Search
from app.contracts.service.drafting import (
    PlaceInput,
    copy_contract,
    create_draft,
    discard_draft,
    get_draft,
    place_fields,
    update_draft,
)
from app.contracts.service.sending import list_problems, send_contract, withdraw_contract
from app.core.errors import InvalidInput
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.templates.intake import word_support

blueprint = ApiBlueprint("console_contracts", __name__, url_prefix="/api/v1/console", description="用人单位：合同")


@blueprint.post("/contracts")
@blueprint.arguments(UploadFileSchema, location="files")
@blueprint.arguments(UploadFormSchema, location="form")
@blueprint.response(201, EmployerContractSchema)
def create(files: dict[str, Any], form: dict[str, Any]) -> Any:
    """Upload a PDF or Word file; answers with the draft."""
    upload = files["file"]
    if not upload.filename:
        raise InvalidInput(fields={"file": [NO_FILE]})
    draft = create_draft(
        actor=current_actor(), filename=upload.filename, data=upload.read(), title=form["title"] or None,
        blobs=providers().blobs,
    )  # fmt: skip
    return dump_contract(current_actor(), draft)


@blueprint.get("/contracts")
@blueprint.arguments(ContractQuerySchema, location="query")
@blueprint.response(200, EmployerCardPageSchema)
def find(query: dict[str, Any]) -> Any:
    """One list, newest change first."""
    box, cursor, limit = query.pop("box"), query.pop("cursor"), query.pop("limit")
    page = list_contracts(
        actor=current_actor(), box=box, search=Search(**query), cursor=str(cursor) if cursor else None, limit=limit
    )
    return {"items": [dump_card(card) for card in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/contracts/counts")
@blueprint.response(200, EmployerCountsSchema)
def counts() -> Any:
    """How many contracts each list holds."""
    return count_boxes(actor=current_actor())


@blueprint.get("/contracts/initiators")
@blueprint.response(200, InitiatorSchema(many=True))
def initiators() -> Any:
    """The operators whose contracts there are, for the list's filter."""
    return list_initiators(actor=current_actor())


@blueprint.get("/contracts/employer-side")
@blueprint.response(200, EmployerSideSchema)
def choices() -> Any:
    """What a draft's `operator_id` and `seal_id` are chosen from: who may seal, and the valid seals."""
    return list_choices(actor=current_actor())


@blueprint.get("/contracts/<uuid:contract_id>")
@blueprint.response(200, EmployerContractSchema)
def show(contract_id: uuid.UUID) -> Any:
    """Everything about one contract."""
    return dump_contract(current_actor(), get_contract(actor=current_actor(), contract_id=contract_id))


@blueprint.patch("/contracts/<uuid:contract_id>")
@blueprint.arguments(DraftChangesSchema)
@blueprint.response(200, EmployerContractSchema)
def change(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Change what is given of a draft."""
    return dump_contract(current_actor(), update_draft(actor=current_actor(), contract_id=contract_id, **body))


@blueprint.put("/contracts/<uuid:contract_id>/places")
@blueprint.arguments(PlacesSchema)
@blueprint.response(200, EmployerContractSchema)
def place(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Where the worker signs and where the seal goes; replaces what was there."""
    places = [PlaceInput(**item) for item in body["places"]]
    draft = place_fields(actor=current_actor(), contract_id=contract_id, places=places, version=body["version"])
    return dump_contract(current_actor(), draft)


@blueprint.get("/contracts/<uuid:contract_id>/problems")
@blueprint.response(200, SendingProblemSchema(many=True))
def problems(contract_id: uuid.UUID) -> Any:
    """What is missing before the draft can be sent; an empty list means ready."""
    actor = current_actor()
    return list_problems(actor=actor, contract=get_draft(actor=actor, contract_id=contract_id))


@blueprint.post("/contracts/<uuid:contract_id>/sending")
@blueprint.arguments(SendingSchema)
@blueprint.response(200, EmployerContractSchema)
def send(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Freeze the content and ask the worker."""
    sent = send_contract(
        actor=current_actor(), contract_id=contract_id, blobs=providers().blobs, link_url=providers().link_url, **body
    )
    return dump_contract(current_actor(), sent)


@blueprint.post("/contracts/<uuid:contract_id>/withdrawal")
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, EmployerContractSchema)
def withdraw(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """End what is under way."""
    withdrawn = withdraw_contract(actor=current_actor(), contract_id=contract_id, reason=body["reason"])
    return dump_contract(current_actor(), withdrawn)


@blueprint.post("/contracts/<uuid:contract_id>/copies")
@blueprint.response(201, EmployerContractSchema)
def copy(contract_id: uuid.UUID) -> Any:
    """A fresh draft with the same document, worker and places."""
    return dump_contract(current_actor(), copy_contract(actor=current_actor(), contract_id=contract_id))


@blueprint.delete("/contracts/<uuid:contract_id>")
@blueprint.response(204)
def discard(contract_id: uuid.UUID) -> None:
    """Delete a draft."""
    discard_draft(actor=current_actor(), contract_id=contract_id)


@blueprint.get("/word-support")
@blueprint.response(200, WordSupportSchema)
def show_word_support() -> Any:
    """Whether Word files can be uploaded here, and what to install if not."""
    return word_support()
