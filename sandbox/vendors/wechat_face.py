"""WeChat's face check 2.0: `getverifyid` and `queryverifyinfo`.

A `verify_id` is good for 3600 seconds; order number, person and openid must be asked about as they were given.
Unverified: the errcodes for what does not belong together, and that an unfinished check has no `verify_ret`.
"""

import base64
import hashlib
import re
import secrets
from typing import Any

from sandbox.checkdigits import is_id_number
from sandbox.context import Context
from sandbox.vendors.wechat import VENDOR, ApiError

_LIFE_SECONDS = 3600
_CANCELLED, _TIMED_OUT = 90004, 90017
_FAILED = {"ok": 10004, "no_person": 10003, "no_picture": 10002}


def get_verify_id(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{out_seq_no, cert_info: {cert_type, cert_name, cert_no}, openid}` → `{verify_id, expires_in}`."""
    order, person, openid = str(body.get("out_seq_no", "")), body.get("cert_info"), str(body.get("openid", ""))
    if not re.fullmatch(r"[0-9A-Za-z_-]{5,32}", order) or not isinstance(person, dict) or not openid:
        raise ApiError(47001, "data format error")
    name, id_number = str(person.get("cert_name", "")), str(person.get("cert_no", ""))
    if person.get("cert_type") != "IDENTITY_CARD" or not name or not is_id_number(id_number):
        raise ApiError(47003, "argument invalid: cert_info")
    verify_id = secrets.token_urlsafe(48)
    if not context.faces.add(VENDOR, verify_id, order, name=name, id_number=id_number, openid=openid):
        raise ApiError(47003, "argument invalid: out_seq_no exists")
    return {"verify_id": verify_id, "expires_in": _LIFE_SECONDS}


def query_verify_info(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{verify_id, out_seq_no, cert_hash, openid}` → `{verify_ret?}`, 10000 alone is a pass."""
    face = context.faces.find(str(body.get("verify_id", "")), VENDOR)
    if face is None:
        raise ApiError(84001, "invalid identify id")
    expected = (face["order_no"], cert_hash("IDENTITY_CARD", face["name"], face["id_number"]), face["openid"])
    if expected != (body.get("out_seq_no"), body.get("cert_hash"), body.get("openid")):
        raise ApiError(47003, "argument invalid: does not belong to verify_id")
    if face["result"] == "pass":
        return {"verify_ret": 10000}
    if face["result"] == "cancel":
        return {"verify_ret": _CANCELLED}
    if face["result"]:
        return {"verify_ret": _FAILED[face["record"]]}
    return {"verify_ret": _TIMED_OUT} if context.faces.expired(face) else {}


def cert_hash(cert_type: str, name: str, id_number: str) -> str:
    """SHA-256 over the three fields, each in base64."""
    fields = {"cert_type": cert_type, "cert_name": name, "cert_no": id_number}
    text = "&".join(f"{key}={base64.b64encode(value.encode()).decode()}" for key, value in fields.items())
    return hashlib.sha256(text.encode()).hexdigest()
