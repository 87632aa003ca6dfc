"""The operator's message centre (D7)."""

from typing import Any

from app.console.api.account_schemas import (
    OperatorMessagePageSchema,
    OperatorMessagesQuerySchema,
    OperatorReadSchema,
    OperatorUnreadSchema,
)
from app.console.api.dumps import shown
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.errors import BadRequest
from app.notifications.service import list_messages, mark_read

blueprint = ApiBlueprint("console_messages", __name__, url_prefix="/api/v1/console", description="用人单位：消息")

PAGE = 20


@blueprint.get("/messages")
@blueprint.arguments(OperatorMessagesQuerySchema, location="query")
@blueprint.response(200, OperatorMessagePageSchema)
def find(query: dict[str, Any]) -> Any:
    """Newest first."""
    found = list_messages(actor=current_actor(), before=query["cursor"], limit=PAGE + 1)
    items = [
        {
            "id": message.id, "title": message.title, "body": message.body,
            "target": {"kind": message.target_kind, "id": message.target_id} if message.target_id else None,
            "created_at": in_shanghai(message.created_at), "read_at": shown(message.read_at),
        }
        for message in found[:PAGE]
    ]  # fmt: skip
    return {"items": items, "next_cursor": str(found[PAGE - 1].id) if len(found) > PAGE else None}


@blueprint.post("/messages/read")
@blueprint.arguments(OperatorReadSchema)
@blueprint.response(200, OperatorUnreadSchema)
def read(body: dict[str, Any]) -> Any:
    """Mark these, or all, as read."""
    if ("ids" in body) == bool(body.get("all")):
        raise BadRequest
    return {"unread": mark_read(actor=current_actor(), message_ids=body.get("ids"))}
