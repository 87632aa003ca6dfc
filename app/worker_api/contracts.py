"""Home, lists, one contract: read, confirm, terminate, download (H1, H4, H8, H10, H11)."""

import uuid
from typing import Any

import marshmallow as ma
from flask import Response
from flask_babel import gettext

from app.authorisations.queries import list_waiting
from app.contracts.documents import read_page_image, read_text
from app.contracts.queries import count_boxes, list_contracts
from app.contracts.service.responding import confirm_contract, record_page_views, terminate_contract
from app.contracts.trail import get_timeline
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.identity.persons import get_profile
from app.people.queries import list_todo
from app.worker_api.authorisation_views import AuthorisationCardSchema, dump_letter_card
from app.worker_api.contract_schemas import (
    ConfirmSchema,
    ContractListQuerySchema,
    ContractPageSchema,
    ContractSchema,
    HomeSchema,
    PageQuerySchema,
    PageViewsSchema,
    ProgressSchema,
    ReadingAnswerSchema,
    TerminateSchema,
    TextSchema,
    TimelineEntrySchema,
)  # fmt: skip
from app.worker_api.contract_views import dump_card, dump_page, dump_progress, dump_reading, load_page
from app.worker_api.onboardings import dump_onboarding_card

blueprint = ApiBlueprint("worker_contracts", __name__, url_prefix="/api/v1/worker", description="劳动者：合同")

TIMELINE_TEXTS = {
    "contract.sent": "用人单位发送了合同",
    "contract.link_resent": "用人单位重新发送了签署短信",
    "contract.urged": "用人单位提醒劳动者办理",
    "contract.unlocked": "劳动者查看前核对了本人",
    "contract.opened": "劳动者打开了合同",
    "contract.confirmed": "劳动者确认了合同内容",
    "contract.signed": "签署方已签署",
    "contract.sealed": "签名已写入文件并加盖时间戳",
    "contract.completed": "合同完成签署",
    "contract.withdrawn": "用人单位撤回了合同",
    "contract.terminated": "劳动者终止了合同",
    "contract.expired": "超过签署期限，合同已过期",
    "contract.downloaded": "合同被下载",
}
TIMELINE_ACTORS = {"worker": "worker", "operator": "organisation", "system": "platform"}


class WorkerHomeSchema(HomeSchema):
    """With the letters that wait for this person as a legal representative (C2)."""

    authorisations = ma.fields.List(ma.fields.Nested(AuthorisationCardSchema), required=True)


@blueprint.get("/home")
@blueprint.response(200, WorkerHomeSchema)
def get_home() -> Any:
    """Counts, what waits for me, unread messages."""
    actor = current_actor()
    todo = list_contracts(actor=actor, box="waiting", limit=20)
    return {
        "counts": count_boxes(actor=actor),
        "todo": [dump_card(card) for card in todo.items],
        "onboardings": [dump_onboarding_card(card) for card in list_todo(actor=actor)],
        "unread": get_profile(actor=actor).unread,
        "authorisations": [dump_letter_card(letter) for letter in list_waiting(actor=actor)],
    }


@blueprint.get("/contracts")
@blueprint.arguments(ContractListQuerySchema, location="query")
@blueprint.response(200, ContractPageSchema)
def find_contracts(query: dict[str, Any]) -> Any:
    """One of the four lists, newest change first."""
    cursor = query["cursor"]
    page = list_contracts(
        actor=current_actor(), box=query["box"], cursor=str(cursor) if cursor else None, limit=query["limit"]
    )
    return {"items": [dump_card(card) for card in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/contracts/<uuid:contract_id>")
@blueprint.response(200, ContractSchema)
def get_contract(contract_id: uuid.UUID) -> Any:
    """Everything that the contract's page shows."""
    return dump_page(load_page(current_actor(), contract_id))


@blueprint.get("/contracts/<uuid:contract_id>/pages/<int:page>")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
def get_page(_query: dict[str, Any], contract_id: uuid.UUID, page: int) -> Any:
    """A picture of one page, from 1."""
    data, media_type = read_page_image(
        actor=current_actor(), contract_id=contract_id, page=page, blobs=providers().blobs
    )
    response = Response(data, content_type=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/contracts/<uuid:contract_id>/text")
@blueprint.response(200, TextSchema)
def get_text(contract_id: uuid.UUID) -> Any:
    """The same content as text, for reading in large print."""
    contract, pages = read_text(actor=current_actor(), contract_id=contract_id, blobs=providers().blobs)
    return {
        "content_sha256": contract.content_sha256,
        "pages": [{"number": number, "paragraphs": paragraphs} for number, paragraphs in enumerate(pages, 1)],
    }


@blueprint.post("/contracts/<uuid:contract_id>/page-views")
@blueprint.arguments(PageViewsSchema)
@blueprint.response(200, ReadingAnswerSchema)
@no_idempotency_key
def view_pages(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """These pages were shown. The server's clock counts; repeating is harmless."""
    reading = record_page_views(actor=current_actor(), contract_id=contract_id, pages=body["pages"])
    return {"reading": dump_reading(reading)}


@blueprint.post("/contracts/<uuid:contract_id>/confirmation")
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, ContractSchema)
def confirm(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Read, understood, agreed; with both addresses."""
    confirm_contract(actor=current_actor(), contract_id=contract_id, **body)
    return dump_page(load_page(current_actor(), contract_id))


@blueprint.post("/contracts/<uuid:contract_id>/termination")
@blueprint.arguments(TerminateSchema)
@blueprint.response(200, ContractSchema)
def terminate(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Not with me: ends the contract before it is signed."""
    terminate_contract(actor=current_actor(), contract_id=contract_id, reason=body["reason"])
    return dump_page(load_page(current_actor(), contract_id))


@blueprint.get("/contracts/<uuid:contract_id>/progress")
@blueprint.response(200, ProgressSchema)
def get_progress(contract_id: uuid.UUID) -> Any:
    """Cheap enough to be polled."""
    return dump_progress(current_actor(), contract_id)


@blueprint.get("/contracts/<uuid:contract_id>/timeline")
@blueprint.response(200, TimelineEntrySchema(many=True))
def list_timeline(contract_id: uuid.UUID) -> Any:
    """What happened, oldest first."""
    entries = get_timeline(actor=current_actor(), contract_id=contract_id)
    return [
        {
            "at": in_shanghai(entry.at),
            "text": gettext(TIMELINE_TEXTS[entry.action]),
            "actor": "you" if entry.mine else TIMELINE_ACTORS[entry.by],
        }
        for entry in entries
    ]
