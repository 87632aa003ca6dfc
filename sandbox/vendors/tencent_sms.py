"""Tencent SMS, version 2021-01-11: SendSms. Failures of single numbers are part of a normal answer."""

from typing import Any

from sandbox.checkdigits import is_mobile
from sandbox.clock import SHANGHAI
from sandbox.context import Context
from sandbox.credentials import SMS_CALLBACK_TOKEN, TENCENT_SMS_APP_ID
from sandbox.sms import TEMPLATES, Template
from sandbox.vendors.tencent import ApiError

VENDOR = "tencent-sms"
_MESSAGES = {
    "Ok": "send success",
    "FailedOperation.SignatureIncorrectOrUnapproved": "signature is incorrect or unapproved",
    "FailedOperation.TemplateIncorrectOrUnapproved": "template is incorrect or unapproved",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": "the parameters do not match the approved template",
    "InvalidParameterValue.IncorrectPhoneNumber": "incorrect phone number",
    "InvalidParameterValue.TemplateParameterFormatError": "a verification code has at most 6 digits",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": "a URL in a template parameter is prohibited",
    "LimitExceeded.PhoneNumberThirtySecondLimit": "the number of messages within 30 seconds exceeds the limit",
}


def send_sms(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{PhoneNumberSet, SmsSdkAppId, TemplateId, SignName, TemplateParamSet, SessionContext}` → SendStatusSet."""
    phones, values = body.get("PhoneNumberSet"), body.get("TemplateParamSet") or []
    if not isinstance(phones, list) or not 0 < len(phones) <= 200:
        raise ApiError("InvalidParameterValue.PhoneNumberSet", "1 to 200 phone numbers are needed.")
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ApiError("InvalidParameter", "TemplateParamSet must be a list of strings.")
    if body.get("SmsSdkAppId") != TENCENT_SMS_APP_ID:
        raise ApiError("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId verification failed.")
    template = next((t for t in TEMPLATES.all if t.tencent_id == body.get("TemplateId")), None)
    session = str(body.get("SessionContext") or "")
    statuses: list[dict[str, Any]] = []
    for number in phones:
        code = _code(context, str(number), str(body.get("SignName")), template, values)
        serial = _serial(context, len(statuses)) if code == "Ok" else ""
        if template and code == "Ok":
            _deliver(context, str(number), template, values, session, serial)
        statuses.append(_status(str(number), code, serial, session))
    return {"SendStatusSet": statuses}


def _code(context: Context, number: str, sign_name: str, template: Template | None, values: list[str]) -> str:
    """The `Code` for one number."""
    if context.faults.take(VENDOR, "rate_limit"):
        return "LimitExceeded.PhoneNumberThirtySecondLimit"
    if not is_mobile(number.removeprefix("+86")):
        return "InvalidParameterValue.IncorrectPhoneNumber"
    if sign_name != TEMPLATES.sign_name:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    if template is None:
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    if len(values) != len(template.params):
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    params = dict(zip(template.params, values, strict=True))
    if "code" in params and not (params["code"].isdecimal() and len(params["code"]) <= 6):
        return "InvalidParameterValue.TemplateParameterFormatError"
    if any("://" in value for value in values):
        return "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
    return "Ok"


def _serial(context: Context, index: int) -> str:
    return f"2640:{int(context.clock.now().timestamp() * 1e9)}:{index}"


def _status(number: str, code: str, serial: str, session: str) -> dict[str, Any]:
    return {
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": 1 if code == "Ok" else 0,
        "SessionContext": session,
        "Code": code,
        "Message": _MESSAGES[code],
        "IsoCode": "CN",
    }


def _deliver(context: Context, number: str, template: Template, values: list[str], session: str, serial: str) -> None:
    phone = number.removeprefix("+86")
    params = dict(zip(template.params, values, strict=True))
    context.outbox.accept(
        vendor=VENDOR, phone=phone, template=template, params=params, reference=session, message_id=serial
    )
    receipt = {
        "user_receive_time": context.clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        "nationcode": "86",
        "mobile": phone,
        "report_status": "SUCCESS",
        "errmsg": "DELIVRD",
        "description": "用户短信送达成功",
        "sid": serial,
    }
    context.receipts.deliver(
        f"{VENDOR}/{SMS_CALLBACK_TOKEN}",
        [receipt],
        lambda answer: answer.get("result") == 0,
        early=bool(context.faults.take(VENDOR, "early_callback")),
        copies=2 if context.faults.take(VENDOR, "duplicate_callback") else 1,
    )
