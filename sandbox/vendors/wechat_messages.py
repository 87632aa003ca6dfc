"""WeChat's messages: `subscribe/send` and `employeerelationmsg/send`, with the limits of their fields."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.context import Context
from sandbox.phones import MiniTemplate, find_template
from sandbox.vendors.wechat import ApiError

# By the kind in a field's name, [DOC].
_SHAPES = {
    "thing": r".{1,20}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "number": r"-?[0-9.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"(?:[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20})",
}


def send_subscribe(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{touser, template_id, page, miniprogram_state, lang, data: {thing1: {value}}}`."""
    if body.get("miniprogram_state", "formal") not in ("formal", "trial", "developer"):
        raise ApiError(47003, "argument invalid! miniprogram_state")
    template = _template(body, "subscribe", 40037)
    _send(context, body, template, body.get("data"), unknown_user=40003, no_consent=43101)
    return {}


def send_employee(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{touser, template_id, page, data}`, where data is the JSON text of `{data: {thing1: {value}}}`."""
    template = _template(body, "employee", 40097)
    try:
        data = json.loads(body["data"])["data"]
    except (KeyError, TypeError, ValueError) as error:
        raise ApiError(40097, "invalid args: data") from error
    _send(context, body, template, data, unknown_user=40257, no_consent=40256)
    return {}


def _template(body: dict[str, Any], kind: str, errcode: int) -> MiniTemplate:
    template = find_template("weixin", body.get("template_id"))
    if template is None or template.kind != kind:
        raise ApiError(errcode, "invalid template_id")
    return template


def _send(
    context: Context, body: dict[str, Any], template: MiniTemplate, data: object, *, unknown_user: int, no_consent: int
) -> None:
    subject, page = str(body.get("touser", "")), str(body.get("page", ""))
    if context.phones.owner("weixin", subject) is None:
        raise ApiError(unknown_user, "invalid touser")
    if page and not page.startswith("pages/"):
        raise ApiError(41030, "invalid page")
    values = _values(template, data)
    if not context.phones.spend(template, subject):
        raise ApiError(no_consent, "user refuse to accept the msg")
    context.phones.deliver(template, subject, page, values)


def _values(template: MiniTemplate, data: object) -> dict[str, str]:
    wanted = set(template.fields.values())
    if not isinstance(data, Mapping) or set(data) != wanted:
        raise ApiError(47003, "argument invalid! data")
    values = {}
    for field in template.fields.values():
        value = data[field].get("value") if isinstance(data[field], Mapping) else None
        shape = _SHAPES[field.rstrip("0123456789")]
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            raise ApiError(47003, f"argument invalid! data.{field}.value invalid")
        values[field] = value
    return values
