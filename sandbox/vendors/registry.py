"""Business registry, in the protocol of e签宝: four-factor checks of an organisation.

Two documented calls: `fourFactors` starts an authentication and answers a flowId; `bureau4Factors` compares and
tells the state of the organisation too. https://open.esign.cn/doc/opendoc/identity_service/ikp0qg and xsafn3.
"""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, request
from werkzeug.wrappers import Response

from sandbox.checkdigits import is_uscc
from sandbox.context import Context
from sandbox.credentials import REGISTRY_APP_ID, REGISTRY_APP_SECRET
from sandbox.world import Organisation

VENDOR = "registry"
FOUR_FACTORS = "/v2/identity/auth/api/organization/enterprise/fourFactors"
BUREAU_4_FACTORS = "/v2/identity/verify/organization/enterprise/bureau4Factors"
_SKEW_MS = 15 * 60 * 1000
_STATES = {"active": "1", "cancelled": "2", "revoked": "3"}
_STATE_NAMES = {"cancelled": "注销", "revoked": "吊销"}


class ApiError(Exception):
    """Answered as `{"code", "message", "data"}`."""

    def __init__(self, code: int, message: str, status: int = 200, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.data = code, message, status, data


def create_app(context: Context) -> Flask:
    app = Flask("sandbox.registry", static_folder=None)

    @app.post(FOUR_FACTORS)
    def four_factors() -> dict[str, Any]:
        body = _read(context, "legalRepIdNo")
        organisation, same = _compare(context, body, "legalRepIdNo")
        if not all(same.values()):
            raise ApiError(30504001, "信息比对不通过，请检查信息的正确性")
        if organisation.state != "active":
            raise ApiError(30500001, f"认证失败：企业已{_STATE_NAMES[organisation.state]}")
        return {"code": 0, "message": "成功", "data": {"flowId": str(10**18 + secrets.randbelow(10**18))}}

    @app.post(BUREAU_4_FACTORS)
    def bureau_four_factors() -> dict[str, Any]:
        body = _read(context, "legalRepCertNo")
        organisation, same = _compare(context, body, "legalRepCertNo")
        details = {name: str(int(value)) for name, value in same.items()}
        data = {
            "verifyId": str(uuid.uuid4()),
            "errCode": None,
            "errMsg": None,
            "compareDetails": {**details, "legalOrgState": _STATES[organisation.state]},
        }
        if not all(same.values()):
            raise ApiError(30504001, "信息比对不通过，请检查信息的正确性", data=data)
        return {"code": 0, "message": "成功", "data": data}

    @app.errorhandler(ApiError)
    def refuse(error: ApiError) -> Response:
        body = json.dumps({"code": error.code, "message": error.message, "data": error.data}, ensure_ascii=False)
        return Response(body, error.status, content_type="application/json;charset=UTF-8")

    return app


def _read(context: Context, id_field: str) -> dict[str, str]:
    """The verified and complete body of the current request. Raises ApiError."""
    _verify(context)
    if context.faults.take(VENDOR, "rate_limit"):
        raise ApiError(429, "请求过于频繁，请稍后再试", 429)
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise ApiError(30500101, "参数错误：请求体不是 JSON") from error
    return _checked(body if isinstance(body, dict) else {}, id_field)


def _checked(body: dict[str, Any], id_field: str) -> dict[str, str]:
    for name in ("name", "orgCode", "legalRepName", id_field):
        if not body.get(name):
            raise ApiError(30500100, f"缺少参数：{name}")
        if not isinstance(body[name], str) or body[name] != body[name].strip():
            raise ApiError(30500116, "格式校验不通过，请检查填入信息是否有多余空格")
    if not is_uscc(body["orgCode"]):
        raise ApiError(30500101, "参数错误：请输入正确的组织机构证件号!")
    return body


def _compare(context: Context, body: dict[str, str], id_field: str) -> tuple[Organisation, dict[str, bool]]:
    organisation = context.world.find_organisation(body["orgCode"])
    if organisation is None:
        raise ApiError(30504002, "数据源查询失败，请联系服务人员处理，查询无此企业信息")
    return organisation, {
        "sameOrgName": body["name"] == organisation.name,
        "sameOrgCode": True,
        "sameLegalRepresentative": body["legalRepName"] == organisation.legal_representative,
        "sameLegalRepresentativeCode": body[id_field] == organisation.legal_representative_id,
    }


def _verify(context: Context) -> None:
    headers = request.headers
    if headers.get("X-Tsign-Open-App-Id") != REGISTRY_APP_ID:
        raise ApiError(401, "无效的应用", 401)
    if headers.get("X-Tsign-Open-Auth-Mode") != "Signature":
        raise ApiError(401, "鉴权方式须为 Signature", 401)
    timestamp = headers.get("X-Tsign-Open-Ca-Timestamp", "")
    if not timestamp.isdecimal() or abs(context.clock.now().timestamp() * 1000 - int(timestamp)) > _SKEW_MS:
        raise ApiError(401, "请求时间戳无效或已过期", 401)
    body_md5 = base64.b64encode(hashlib.md5(request.get_data(), usedforsecurity=False).digest()).decode()
    if headers.get("Content-MD5", "") != body_md5:
        raise ApiError(401, "Content-MD5 与请求体不符", 401)
    if not hmac.compare_digest(headers.get("X-Tsign-Open-Ca-Signature", "").encode(), signature(body_md5).encode()):
        raise ApiError(401, "INVALID_SIGNATURE 无效的签名", 401)


def signature(body_md5: str) -> str:
    """`METHOD\\nAccept\\nContent-MD5\\nContent-Type\\nDate\\nPathAndSortedQuery` under the app's secret, base64."""
    headers = request.headers
    query = "&".join(f"{k}={v}" if v else k for k, v in sorted(parse_qsl(request.query_string.decode(), True)))
    path = f"{request.path}?{query}" if query else request.path
    accept, content_type, date = (headers.get(name, "") for name in ("Accept", "Content-Type", "Date"))
    text = "\n".join([request.method, accept, body_md5, content_type, date, path])
    return base64.b64encode(hmac.digest(REGISTRY_APP_SECRET.encode(), text.encode(), "sha256")).decode()
