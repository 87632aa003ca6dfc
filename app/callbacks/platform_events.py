"""Events of WeChat's and Alipay's mini-programs. Verified at the door, stored once, handled by a job.

Answered within a few milliseconds: WeChat waits five seconds. A repetition is answered as the first time.
"""

from typing import Any

import marshmallow as ma
from flask import Response, request
from marshmallow import validate

from app.accounts.platform_events import receive_event
from app.core.errors import NotFound
from app.http.api import ApiBlueprint
from app.http.context import providers

blueprint = ApiBlueprint("platform_events", __name__, url_prefix="/api/v1/callbacks", description="平台推送")


class _PushSchema(ma.Schema):
    """Platforms add parameters as they like; what is not listed is ignored here, and verified by the adapter."""

    class Meta:
        unknown = ma.EXCLUDE


class WeChatQuerySchema(_PushSchema):
    timestamp = ma.fields.String(required=True, validate=validate.Length(1, 20))
    nonce = ma.fields.String(required=True, validate=validate.Length(1, 100))


class WeChatEchoSchema(WeChatQuerySchema):
    signature = ma.fields.String(required=True, validate=validate.Length(equal=40))
    echostr = ma.fields.String(required=True, validate=validate.Length(1, 200))


class WeChatPushQuerySchema(WeChatQuerySchema):
    msg_signature = ma.fields.String(required=True, validate=validate.Length(equal=40))


class WeChatPushSchema(_PushSchema):
    encrypted = ma.fields.String(required=True, data_key="Encrypt", validate=validate.Length(1, 100_000))


class AlipayPushSchema(_PushSchema):
    app_id = ma.fields.String(required=True, validate=validate.Length(1, 40))
    notify_id = ma.fields.String(required=True, validate=validate.Length(1, 200))
    msg_method = ma.fields.String(required=True, validate=validate.Length(1, 100))
    utc_timestamp = ma.fields.String(required=True, validate=validate.Length(1, 20))
    biz_content = ma.fields.String(required=True, validate=validate.Length(0, 20_000))
    sign_type = ma.fields.String(required=True, validate=validate.Length(1, 10))
    sign = ma.fields.String(required=True, validate=validate.Length(1, 1000))


@blueprint.get("/wechat")
@blueprint.arguments(WeChatEchoSchema, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/plain")
def verify_wechat(_query: dict[str, Any]) -> Response:
    """WeChat asks whether the address is ours."""
    return _text(_source("weixin").echo(parameters=request.args.to_dict()))


@blueprint.post("/wechat")
@blueprint.arguments(WeChatPushQuerySchema, location="query")
@blueprint.arguments(WeChatPushSchema)
@blueprint.response(200, {"type": "string"}, content_type="text/plain")
def receive_wechat(_query: dict[str, Any], _body: dict[str, Any]) -> Response:
    """Message push, secure mode, JSON."""
    return _received("weixin", request.args.to_dict(), request.get_data())


@blueprint.post("/alipay")
@blueprint.arguments(AlipayPushSchema, location="form")
@blueprint.response(200, {"type": "string"}, content_type="text/plain")
def receive_alipay(_form: dict[str, Any]) -> Response:
    """The app's gateway: a signed form."""
    return _received("alipay", request.form.to_dict(), b"")


def _received(platform: str, parameters: dict[str, str], body: bytes) -> Response:
    source = _source(platform)
    event = source.read(parameters=parameters, body=body)
    if event is not None:
        receive_event(platform=platform, app_id=source.app_id, event=event)
    return _text("success")


def _source(platform: str) -> Any:
    source = providers().event_sources.get(platform)
    if source is None:  # not configured: nothing is there
        raise NotFound
    return source


def _text(answer: str) -> Response:
    return Response(answer, content_type="text/plain; charset=utf-8")
