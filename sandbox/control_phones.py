"""`/__sandbox/phone/…`, `oidc/…`, `pushes/…`: tests act as a person with a phone, and as the platforms behind it."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from sandbox import pushes
from sandbox.context import Context
from sandbox.phones import LABELS, find_template
from sandbox.vendors import alipay_mini, oidc
from sandbox.world import Person


def add_phones(control: Blueprint, context: Context) -> None:
    @control.post("/phone/<platform>/login-code")
    def login_code(platform: str) -> dict[str, str]:
        """What `wx.login` or `my.getAuthCode` gives to the mini-program."""
        person = _person(context, platform)
        code = context.phones.issue_code(platform, "login", person)
        return {"code": code, "subject": context.phones.subject(platform, person)}

    @control.post("/phone/<platform>/phone-proof")
    def phone_proof(platform: str) -> dict[str, str]:
        """What the phone button gives to the mini-program."""
        person = _person(context, platform)
        if platform == "alipay":
            return {"proof": alipay_mini.phone_proof(context, person)}
        return {"proof": context.phones.issue_code(platform, "phone", person)}

    @control.post("/phone/<platform>/consents")
    def consents(platform: str) -> dict[str, Any]:
        """The person's answer when asked for messages of `template` (the platform's id)."""
        person, body = _person(context, platform), body_of_request()
        template = find_template(platform, body.get("template")) or abort(404, "没有这个消息模板")
        context.phones.allow(template, context.phones.subject(platform, person), body.get("accepted", True) is True)
        return {"template": template.id, "kind": template.kind}

    @control.get("/mini-messages")
    def mini_messages() -> list[dict[str, object]]:
        return context.phones.messages(request.args.get("phone"))

    @control.delete("/mini-messages")
    def clear_mini_messages() -> Response:
        context.phones.clear_messages()
        return Response(status=204)

    @control.post("/oidc/<name>/rotation")
    def rotate(name: str) -> dict[str, str]:
        """The provider signs with a new key from now on."""
        return {"kid": oidc.rotate(context, name)}

    @control.post("/pushes/<platform>")
    def push(platform: str) -> dict[str, Any]:
        """Send an event about a person; `copies` 2 sends it twice. The request itself is in the answer."""
        person, body = _person(context, platform), body_of_request()
        if body.get("flaw", "") not in pushes.FLAWS:
            abort(422, f"flaw 须为 {'、'.join(flaw for flaw in pushes.FLAWS if flaw)}")
        made = pushes.wechat(context, person, body) if platform == "weixin" else pushes.alipay(context, person, body)
        base = context.receipts.base
        copies = int(body.get("copies", 1)) if base else 0
        return {"request": asdict(made), "answers": [pushes.deliver(str(base), made) for _ in range(copies)]}


def body_of_request() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        abort(422, "请求体须为 JSON 对象")
    return body


def _person(context: Context, platform: str) -> Person:
    if platform not in LABELS:
        abort(404, "平台须为 weixin 或 alipay")
    return context.phones.find(str(body_of_request().get("person"))) or abort(404, "没有这个人，或此人没有手机")
