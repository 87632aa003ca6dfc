"""`alipay.user.certify.open.*`, `datadigital.fincloud.generalsaas.face.certify.*`: face check, its page, its verdict.

A `certify_id` can be done once, within 23 hours. The query answers `passed` T or F, where F without a
`fail_reason` also means "not done yet" [2nd]. The wording of the reasons is unverified.
"""

import json
import re
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import redirect, render_template
from werkzeug.wrappers import Response

from sandbox.checkdigits import is_id_number
from sandbox.context import Context

CERTIFY = "alipay.user.certify.open.certify"
VENDOR = "alipay"
_QUERY_LIFE = timedelta(days=90)
_BIZ_CODES = ("FACE", "SMART_FACE", "CERT_PHOTO", "CERT_PHOTO_FACE", "FACE_SDK")
_SUCCESSORS_BIZ_CODES = ("FUTURE_TECH_BIZ_FACE_SDK",)
_REASONS = {"fail": "Z1147：人脸比对未通过", "cancel": "Z1008：用户取消"}


class BusinessError(Exception):
    """Answered with code 40004."""

    code = "40004"

    def __init__(self, sub_code: str, sub_msg: str) -> None:
        super().__init__(sub_code)
        self.sub_code, self.sub_msg = sub_code, sub_msg


def initialize_successor(context: Context, content: dict[str, Any]) -> dict[str, Any]:
    """As `initialize`, with a biz_code of its own."""
    return initialize(context, content, biz_codes=_SUCCESSORS_BIZ_CODES)


def initialize(context: Context, content: dict[str, Any], biz_codes: tuple[str, ...] = _BIZ_CODES) -> dict[str, Any]:
    """`{outer_order_no, biz_code, identity_param, merchant_config}` → `{certify_id}`."""
    order, person = str(content.get("outer_order_no", "")), _object(content.get("identity_param"))
    return_url = str(_object(content.get("merchant_config")).get("return_url", ""))
    if not re.fullmatch(r"[0-9A-Za-z]{1,32}", order):
        raise BusinessError("INVALID_PARAMETER", "outer_order_no 须为 32 位以内的字母数字")
    if content.get("biz_code") not in biz_codes:
        raise BusinessError("INVALID_PARAMETER", "biz_code 无效")
    if (person.get("identity_type"), person.get("cert_type")) != ("CERT_INFO", "IDENTITY_CARD"):
        raise BusinessError("INVALID_PARAMETER", "identity_type 或 cert_type 无效")
    if not person.get("cert_name") or not is_id_number(str(person.get("cert_no"))):
        raise BusinessError("INVALID_PARAMETER", "姓名或证件号码有误")
    if urlsplit(return_url).scheme not in ("http", "https", "alipays"):
        raise BusinessError("INVALID_PARAMETER", "return_url 无效")
    certify_id = secrets.token_hex(16)
    who = {"name": person["cert_name"], "id_number": person["cert_no"]}
    if not context.faces.add(VENDOR, certify_id, order, **who, return_url=return_url):
        raise BusinessError("INVALID_PARAMETER", "outer_order_no 重复")
    return {"certify_id": certify_id}


def query(context: Context, content: dict[str, Any]) -> dict[str, Any]:
    """`{certify_id}` → `{passed, identity_info, material_info, fail_reason?}`."""
    face = context.faces.find(str(content.get("certify_id", "")), VENDOR)
    if face is None or context.faces.age(face) > _QUERY_LIFE:
        raise BusinessError("OPEN_CERTIFY_BILL_NOT_EXIST", "无效的certify_id")
    verdict = {"passed": "T" if face["result"] == "pass" else "F", "identity_info": "{}", "material_info": "{}"}
    return {**verdict, "fail_reason": _REASONS[face["result"]]} if face["result"] in _REASONS else verdict


def verify(context: Context, content: dict[str, Any]) -> dict[str, Any]:
    """`{certify_id}` → `{certify_url}`: the successor answers the page's address instead of being one."""
    certify_id = str(content.get("certify_id", ""))
    if context.faces.find(certify_id, VENDOR) is None:
        raise BusinessError("OPEN_CERTIFY_BILL_NOT_EXIST", "无效的certify_id")
    return {"certify_url": f"{context.base_url}/face/{certify_id}"}


def open_page(context: Context, content: dict[str, Any]) -> Response:
    """The signed address that the person's browser opens."""
    certify_id = str(content.get("certify_id", ""))
    if context.faces.find(certify_id, VENDOR) is None:
        return error_page("无效的 certify_id")
    return redirect(f"{context.base_url}/face/{certify_id}")


def error_page(reason: str) -> Response:
    return Response(render_template("face_error.html", reason=reason), 400, content_type="text/html; charset=utf-8")


def _object(value: object) -> dict[str, Any]:
    """Alipay takes nested objects as objects and as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}
