"""Aliyun SMS: `dysmsapi`, version 2017-05-25, `POST /` signed with ACS3-HMAC-SHA256.

Business errors are HTTP 200 with `Code` other than `OK`; errors of the gateway (signature, time, nonce) are 4xx.
"""

import hashlib
import hmac
import json
import re
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from flask import Flask, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from sandbox.checkdigits import is_mobile
from sandbox.clock import SHANGHAI
from sandbox.context import Context
from sandbox.credentials import ALIYUN_KEY_ID, ALIYUN_KEY_SECRET, SMS_CALLBACK_TOKEN
from sandbox.sms import TEMPLATES, Template

VENDOR = "aliyun-sms"
_SKEW = timedelta(minutes=15)
_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key_id>[^,]+),\s*SignedHeaders=(?P<headers>[^,]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_MUST_SIGN = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
_MESSAGES = {
    "isv.MOBILE_NUMBER_ILLEGAL": "非法手机号",
    "isv.SMS_SIGNATURE_ILLEGAL": "该账号下找不到对应签名",
    "isv.SMS_TEMPLATE_ILLEGAL": "该账号下找不到对应模板",
    "isv.TEMPLATE_MISSING_PARAMETERS": "模板变量缺少对应参数值",
    "isv.INVALID_JSON_PARAM": "参数格式错误，请修改为字符串值",
    "isv.BUSINESS_LIMIT_CONTROL": "触发分钟级流控Permits:1",
}


class GatewayError(Exception):
    """The gateway refuses the call before the business sees it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class BusinessError(Exception):
    """Answered as HTTP 200 with this `Code`."""


def create_app(context: Context) -> Flask:
    app = Flask("sandbox.aliyun_sms", static_folder=None)

    @app.post("/")
    def call() -> Response:
        try:
            _verify(context)
            return _answer(200, _send(context))
        except BusinessError as error:
            code = str(error)
            return _answer(200, {"Code": code, "Message": _MESSAGES[code]})
        except GatewayError as error:
            return _answer(error.status, {"Code": error.code, "Message": error.message, "HostId": request.host})

    return app


def _answer(status: int, body: dict[str, Any]) -> Response:
    full = {**body, "RequestId": str(uuid.uuid4()).upper()}
    return Response(json.dumps(full, ensure_ascii=False), status, content_type="application/json;charset=utf-8")


def _verify(context: Context) -> None:
    """Authorization, body hash, time and nonce of the current request. Raises GatewayError."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise GatewayError(400, "MissingAuthorization", "Authorization is missing or malformed.")
    if found["key_id"] != ALIYUN_KEY_ID:
        raise GatewayError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    signed = found["headers"].split(";")
    if missing := sorted(_MUST_SIGN - set(signed)):
        raise GatewayError(400, "IncompleteSignature", f"Headers must be signed: {', '.join(missing)}.")
    body_hash = hashlib.sha256(request.get_data()).hexdigest()
    if request.headers["x-acs-content-sha256"] != body_hash:
        raise GatewayError(400, "SignatureDoesNotMatch", "x-acs-content-sha256 does not match the body.")
    if not hmac.compare_digest(found["signature"], signature(signed, body_hash)):
        raise GatewayError(400, "SignatureDoesNotMatch", "Specified signature does not match our calculation.")
    _check_freshness(context)


def signature(signed: list[str], body_hash: str) -> str:
    """Hex signature of the current request over the named headers, in their order."""
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(request.args.items(multi=True)))
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed)
    canonical = "\n".join([request.method, request.path, query, headers, ";".join(signed), body_hash])
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(ALIYUN_KEY_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def _encode(value: str) -> str:
    return quote(value, safe="-_.~")


def _check_freshness(context: Context) -> None:
    try:
        at = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%S%z")
    except ValueError as error:
        raise GatewayError(400, "InvalidTimeStamp.Format", "x-acs-date must be ISO 8601 in UTC.") from error
    if abs(context.clock.now() - at) > _SKEW:
        raise GatewayError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
    nonce = request.headers["x-acs-signature-nonce"]
    if not context.store.use_nonce(VENDOR, nonce, at.isoformat()):
        raise GatewayError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")


def _send(context: Context) -> dict[str, Any]:
    """SendSms. Parameters come in the query, or in a form body."""
    if (action := request.headers["x-acs-action"]) != "SendSms":
        raise GatewayError(404, "InvalidAction.NotFound", f"Specified api is not found: {action}.")
    if request.headers["x-acs-version"] != "2017-05-25":
        raise GatewayError(400, "InvalidVersion", "Specified parameter Version is not valid.")
    args = MultiDict([*request.args.items(), *request.form.items()])
    for name in ("PhoneNumbers", "SignName", "TemplateCode"):
        if not args.get(name):
            raise GatewayError(400, f"Missing{name}", f"{name} is mandatory for this action.")
    phones, template, params = _check_business(context, args)
    biz_id = f"{int(context.clock.now().timestamp() * 1e9)}^0"
    out_id = args.get("OutId", "")
    for phone in phones:
        context.outbox.accept(
            vendor=VENDOR, phone=phone, template=template, params=params, reference=out_id, message_id=biz_id
        )
    context.receipts.deliver(
        f"{VENDOR}/{SMS_CALLBACK_TOKEN}",
        [_receipt(context, phone, biz_id, out_id) for phone in phones],
        lambda answer: answer.get("code") == 0,
        early=bool(context.faults.take(VENDOR, "early_callback")),
        copies=2 if context.faults.take(VENDOR, "duplicate_callback") else 1,
    )
    return {"Code": "OK", "Message": "OK", "BizId": biz_id}


def _check_business(context: Context, args: "MultiDict[str, str]") -> tuple[list[str], Template, dict[str, str]]:
    if context.faults.take(VENDOR, "rate_limit"):
        raise BusinessError("isv.BUSINESS_LIMIT_CONTROL")
    phones = [number.removeprefix("+86") for number in args["PhoneNumbers"].split(",")]
    if not all(is_mobile(phone) for phone in phones):
        raise BusinessError("isv.MOBILE_NUMBER_ILLEGAL")
    if args["SignName"] != TEMPLATES.sign_name:
        raise BusinessError("isv.SMS_SIGNATURE_ILLEGAL")
    template = next((t for t in TEMPLATES.all if t.id == args["TemplateCode"]), None)
    if template is None:
        raise BusinessError("isv.SMS_TEMPLATE_ILLEGAL")
    params = _params(args.get("TemplateParam", "{}"))
    if missing := [name for name in template.params if name not in params]:
        raise BusinessError("isv.TEMPLATE_MISSING_PARAMETERS") from KeyError(missing)
    return phones, template, params


def _params(text: str) -> dict[str, str]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise BusinessError("isv.INVALID_JSON_PARAM") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise BusinessError("isv.INVALID_JSON_PARAM")
    return values


def _receipt(context: Context, phone: str, biz_id: str, out_id: str) -> dict[str, Any]:
    at = context.clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "phone_number": phone,
        "send_time": at,
        "report_time": at,
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": biz_id,
        "out_id": out_id,
    }
