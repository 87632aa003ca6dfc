"""`alipay.user.certify.open.*`: start a face check, the page that the person sees, and the verdict.

A `certify_id` can be done once, within 23 hours. The query answers `passed` T or F, where F without a
`fail_reason` also means "not done yet" [2nd]. The wording of the reasons is unverified.
"""

import json
import re
import secrets
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.checkdigits import is_id_number
from sandbox.context import Context

CERTIFY = "alipay.user.certify.open.certify"
RESULTS = ("pass", "fail", "cancel")
LIFE = timedelta(hours=23)
_QUERY_LIFE = timedelta(days=90)
_BIZ_CODES = ("FACE", "SMART_FACE", "CERT_PHOTO", "CERT_PHOTO_FACE", "FACE_SDK")
_NOT_MATCHED, _CANCELLED = "Z1147：人脸比对未通过", "Z1008：用户取消"


class BusinessError(Exception):
    """Answered with code 40004."""

    code = "40004"

    def __init__(self, sub_code: str, sub_msg: str) -> None:
        super().__init__(sub_code)
        self.sub_code, self.sub_msg = sub_code, sub_msg


def initialize(context: Context, content: dict[str, Any]) -> dict[str, Any]:
    """`{outer_order_no, biz_code, identity_param, merchant_config}` → `{certify_id}`."""
    order, person = str(content.get("outer_order_no", "")), _object(content.get("identity_param"))
    return_url = str(_object(content.get("merchant_config")).get("return_url", ""))
    if not re.fullmatch(r"[0-9A-Za-z]{1,32}", order):
        raise BusinessError("INVALID_PARAMETER", "outer_order_no 须为 32 位以内的字母数字")
    if content.get("biz_code") not in _BIZ_CODES:
        raise BusinessError("INVALID_PARAMETER", "biz_code 无效")
    if (person.get("identity_type"), person.get("cert_type")) != ("CERT_INFO", "IDENTITY_CARD"):
        raise BusinessError("INVALID_PARAMETER", "identity_type 或 cert_type 无效")
    if not person.get("cert_name") or not is_id_number(str(person.get("cert_no"))):
        raise BusinessError("INVALID_PARAMETER", "姓名或证件号码有误")
    if urlsplit(return_url).scheme not in ("http", "https", "alipays"):
        raise BusinessError("INVALID_PARAMETER", "return_url 无效")
    certify_id = secrets.token_hex(16)
    sql = "INSERT INTO face (certify_id, outer_order_no, name, id_number, return_url, created_at)"
    values = (certify_id, order, person["cert_name"], person["cert_no"], return_url, context.clock.now().isoformat())
    if not context.store.run(f"{sql} VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", *values):
        raise BusinessError("INVALID_PARAMETER", "outer_order_no 重复")
    return {"certify_id": certify_id}


def query(context: Context, content: dict[str, Any]) -> dict[str, Any]:
    """`{certify_id}` → `{passed, identity_info, material_info, fail_reason?}`."""
    face = _find(context, str(content.get("certify_id", "")))
    if face is None or _age(context, face) > _QUERY_LIFE:
        raise BusinessError("OPEN_CERTIFY_BILL_NOT_EXIST", "无效的certify_id")
    verdict = {"passed": "T" if face["result"] == "pass" else "F", "identity_info": "{}", "material_info": "{}"}
    return {**verdict, "fail_reason": face["fail_reason"]} if face["fail_reason"] else verdict


def open_page(context: Context, content: dict[str, Any]) -> Response:
    """The signed address that the person's browser opens."""
    certify_id = str(content.get("certify_id", ""))
    if _find(context, certify_id) is None:
        return error_page("无效的 certify_id")
    return redirect(f"{context.base_url}/alipay/face/{certify_id}")


def error_page(reason: str) -> Response:
    return Response(render_template("face_error.html", reason=reason), 400, content_type="text/html; charset=utf-8")


def add_pages(app: Flask, context: Context) -> None:
    """The page on which a developer is the person in front of the camera."""

    @app.get("/face/<certify_id>")
    def show(certify_id: str) -> str:
        face = _find(context, certify_id) or abort(404)
        return render_template("face.html", face=face, expired=_age(context, face) > LIFE)

    @app.post("/face/<certify_id>")
    def play(certify_id: str) -> Response:
        face = _find(context, certify_id) or abort(404)
        if not decide(context, certify_id, request.form.get("result", "")):
            return redirect(request.url)
        return redirect(face["return_url"])


def decide(context: Context, certify_id: str, result: str) -> bool:
    """Settle a waiting check, once. False when it is unknown, done, or expired.

    Who is not at the authority under that name and number, or has no picture there, never passes.
    """
    face = _find(context, certify_id)
    if face is None or face["result"] or result not in RESULTS or _age(context, face) > LIFE:
        return False
    person = context.world.find_person(face["name"], face["id_number"])
    if result == "pass" and not (person and person.face_record):
        result = "fail"
    reason = {"pass": None, "fail": _NOT_MATCHED, "cancel": _CANCELLED}[result]
    sql = "UPDATE face SET result = ?, fail_reason = ?, decided_at = ? WHERE certify_id = ? AND result IS NULL"
    return context.store.run(sql, result, reason, context.clock.now().isoformat(), certify_id) == 1


def listed(context: Context, limit: int = 100) -> list[dict[str, Any]]:
    """Newest first."""
    rows = context.store.rows("SELECT * FROM face ORDER BY rowid DESC LIMIT ?", limit)
    return [{**dict(row), "expired": _age(context, row) > LIFE} for row in rows]


def _find(context: Context, certify_id: str) -> Row | None:
    return context.store.row("SELECT * FROM face WHERE certify_id = ?", certify_id)


def _age(context: Context, face: Row) -> timedelta:
    return context.clock.now() - datetime.fromisoformat(face["created_at"])


def _object(value: object) -> dict[str, Any]:
    """Alipay takes nested objects as objects and as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}
