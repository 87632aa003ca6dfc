"""The message centre, and help (D7)."""

from typing import Any

import marshmallow as ma
from flask_babel import gettext
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, settings
from app.http.errors import BadRequest
from app.http.logins import TargetSchema
from app.notifications.service import list_messages, mark_read

blueprint = ApiBlueprint("worker_messages", __name__, url_prefix="/api/v1/worker", description="劳动者：消息")
help_blueprint = ApiBlueprint("worker_help", __name__, url_prefix="/api/v1", description="帮助")

PAGE = 20
QUESTIONS = (
    ("签电子劳动合同要付费吗？", "不需要。劳动者在本平台查看、签署、下载合同均免费。"),
    (
        "电子劳动合同和纸质的效力一样吗？",
        "一样。使用可靠电子签名订立的电子劳动合同，与书面劳动合同效力相同。",
    ),
    ("收不到验证码怎么办？", "请检查手机信号和短信拦截，60 秒后可重新获取；仍收不到，请换一种方式或拨打客服电话。"),
    ("合同内容有误怎么办？", "请先不要签署，联系用人单位修改后重新发送；也可以在合同页面终止并说明原因。"),
    ("不是本人签的怎么办？", "请立即拨打客服电话。每次签署都有本人核验、意愿认证和时间戳记录，可供查证。"),
)


class MessagesQuerySchema(WireSchema):
    cursor = ma.fields.UUID(load_default=None)


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


class QuestionSchema(ma.Schema):
    q = ma.fields.String(required=True)
    a = ma.fields.String(required=True)


class HelpSchema(ma.Schema):
    telephone = ma.fields.String(required=True)
    hours = ma.fields.String(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionSchema), required=True)


@blueprint.get("/messages")
@blueprint.arguments(MessagesQuerySchema, location="query")
@blueprint.response(200, MessagePageSchema)
def find_messages(query: dict[str, Any]) -> Any:
    """Newest first."""
    found = list_messages(actor=current_actor(), before=query["cursor"], limit=PAGE + 1)
    items = [
        {
            "id": message.id, "title": message.title, "body": message.body,
            "target": {"kind": message.target_kind, "id": message.target_id} if message.target_id else None,
            "created_at": in_shanghai(message.created_at), "read_at": message.read_at and in_shanghai(message.read_at),
        }
        for message in found[:PAGE]
    ]  # fmt: skip
    return {"items": items, "next_cursor": str(found[PAGE - 1].id) if len(found) > PAGE else None}


@blueprint.post("/messages/read")
@blueprint.arguments(ReadSchema)
@blueprint.response(200, UnreadSchema)
def read_messages(body: dict[str, Any]) -> Any:
    """Mark these, or all, as read."""
    if ("ids" in body) == bool(body.get("all")):
        raise BadRequest
    return {"unread": mark_read(actor=current_actor(), message_ids=body.get("ids"))}


@help_blueprint.get("/help")
@help_blueprint.response(200, HelpSchema)
def get_help() -> Any:
    """Whom to call, and what people ask."""
    return {
        "telephone": settings().help_telephone,
        "hours": gettext("工作日 9:00–17:30"),
        "questions": [{"q": gettext(question), "a": gettext(reply)} for question, reply in QUESTIONS],
    }
