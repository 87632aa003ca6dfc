"""The message centre (D7)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor
from app.http.errors import BadRequest
from app.notifications.service import list_messages, mark_read

PAGE = 20


class MessagesQuerySchema(WireSchema):
    cursor = ma.fields.UUID(load_default=None)


class TargetSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    id = ma.fields.UUID(required=True)


class MessageSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    target = ma.fields.Nested(TargetSchema, required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class MessagePageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(MessageSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class ReadSchema(WireSchema):
    """Either `ids` or `all`."""

    ids = ma.fields.List(ma.fields.UUID(), validate=validate.Length(1, 100))
    all = ma.fields.Boolean(truthy={True}, falsy={False})


class UnreadSchema(ma.Schema):
    unread = ma.fields.Integer(required=True)


def add_messages(blueprint: ApiBlueprint) -> None:
    """`GET /messages` and `POST /messages/read`."""

    @blueprint.get("/messages")
    @blueprint.arguments(MessagesQuerySchema, location="query")
    @blueprint.response(200, MessagePageSchema)
    def find_messages(query: dict[str, Any]) -> Any:
        """Newest first."""
        found = list_messages(actor=current_actor(), before=query["cursor"], limit=PAGE + 1)
        next_cursor = str(found[PAGE - 1].id) if len(found) > PAGE else None
        return {"items": [_dump(message) for message in found[:PAGE]], "next_cursor": next_cursor}

    @blueprint.post("/messages/read")
    @blueprint.arguments(ReadSchema)
    @blueprint.response(200, UnreadSchema)
    def read_messages(body: dict[str, Any]) -> Any:
        """Mark these, or all, as read."""
        if ("ids" in body) == bool(body.get("all")):
            raise BadRequest
        return {"unread": mark_read(actor=current_actor(), message_ids=body.get("ids"))}


def _dump(message: Any) -> dict[str, Any]:
    return {
        "id": message.id, "title": message.title, "body": message.body,
        "target": {"kind": message.target_kind, "id": message.target_id} if message.target_id else None,
        "created_at": in_shanghai(message.created_at), "read_at": message.read_at and in_shanghai(message.read_at),
    }  # fmt: skip
