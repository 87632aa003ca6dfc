"""Tencent faceid E证通: `GetEidToken`, `CheckEidTokenStatus`, `GetEidResult`, and the person's page at `Url`.

A token can be used once, within 600 seconds, and asked about for three days. The page ends at
`RedirectUrl?token=<EidToken>`. As documented since 2025, the result repeats neither name nor ID number. Unverified:
that who leaves the page ends the check with 17 ("not completed"), and which error a stranger's MerchantId gets.
"""

import uuid
from datetime import timedelta
from sqlite3 import Row
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.checkdigits import is_id_number
from sandbox.context import Context
from sandbox.credentials import TENCENT_EID_MERCHANT_ID
from sandbox.vendors.tencent import ApiError
from sandbox.vendors.tencent_faceid import VENDOR, limit, required

_QUERY_LIFE = timedelta(days=3)
# By what happened, and what the authority holds: `Text.ErrCode` and `ErrMsg`.
_PASSED, _LEFT = (0, "成功"), (17, "本次流程未完成")
_FAILED = {
    "ok": (2016, "无法判断为同一人，请确认身份后重试"),
    "no_person": (2006, "姓名和身份证号不匹配，请核实身份后重试"),
    "no_picture": (2007, "未查询到照片信息，请通过其他渠道验证"),
}


def get_eid_token(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{MerchantId, Name, IdCard, Extra?, RedirectUrl?, Config: {InputType: "4"}}` → `{EidToken, Url}`."""
    merchant, name, id_number = required(body, "MerchantId", "Name", "IdCard")
    limit(context)
    extra, redirect_url = str(body.get("Extra", "")), str(body.get("RedirectUrl", ""))
    if merchant != TENCENT_EID_MERCHANT_ID:
        raise ApiError("UnauthorizedOperation.Nonactivated", "未开通服务。")
    config = body.get("Config")
    if not isinstance(config, dict) or config.get("InputType") != "4":
        raise ApiError("InvalidParameter", "此沙箱只支持 InputType 4（客户后台传入）。")
    if not 0 < len(name) <= 32 or not is_id_number(id_number):
        raise ApiError("InvalidParameterValue", "姓名或身份证号不合法。")
    if max(len(extra), len(redirect_url)) > 1024 or urlsplit(redirect_url).scheme not in ("", "http", "https"):
        raise ApiError("InvalidParameterValue", "Extra 或 RedirectUrl 不合法。")
    token = str(uuid.uuid4()).upper()
    who = {"name": name, "id_number": id_number}
    context.faces.add(VENDOR, token, token, **who, return_url=_with_token(redirect_url, token), extra=extra)
    return {"EidToken": token, "Url": f"{context.base_url}/face/{token}"}


def check_eid_token_status(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{EidToken}` → `{Status}`: init, doing, finished or timeout."""
    face = _find(context, body)
    if face["result"]:
        return {"Status": "finished"}
    if context.faces.expired(face):
        return {"Status": "timeout"}
    return {"Status": "doing" if face["begun"] else "init"}


def get_eid_result(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{EidToken, InfoType?}` → `{Text, EidInfo, …}`; before the end `Text` is null."""
    face = _find(context, body)
    return {"Text": _text(face) if face["result"] else None, "EidInfo": None, "IdCardData": None, "BestFrame": None}


def _text(face: Row) -> dict[str, Any]:
    passed = face["result"] == "pass"
    code, message = _PASSED if passed else _LEFT if face["result"] == "cancel" else _FAILED[face["record"]]
    return {
        "ErrCode": code,
        "ErrMsg": message,
        "IdCard": "",
        "Name": "",
        "LiveStatus": 0 if passed else None,
        "Comparestatus": 0 if passed else None,
        "Sim": "98.50" if passed else None,
        "Extra": face["extra"],
    }


def _find(context: Context, body: dict[str, Any]) -> Row:
    [token] = required(body, "EidToken")
    limit(context)
    face = context.faces.find(token, VENDOR)
    if face is None:
        raise ApiError("InvalidParameterValue.BizTokenIllegal", "BizToken不合法。")
    if context.faces.age(face) > _QUERY_LIFE:
        raise ApiError("InvalidParameterValue.BizTokenExpired", "BizToken过期。")
    return face


def _with_token(url: str, token: str) -> str:
    """The address with `token` in its query, before a fragment."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode({"token": token})) if part)
    return parts._replace(query=query).geturl()
