"""Tencent Cloud API 3.0: one gateway for SMS and faceid, `POST /` signed with TC3-HMAC-SHA256.

Every answer is HTTP 200 with the header exactly `application/json`: Tencent's own SDK overlooks errors otherwise.
"""

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Request, Response

from sandbox.context import Context
from sandbox.credentials import TENCENT_SECRET_ID, TENCENT_SECRET_KEY

_SKEW_SECONDS = 300
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>\w+)/tc3_request,"
    r"\s*SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)

Action = Callable[[Context, dict[str, Any]], dict[str, Any]]


class ApiError(Exception):
    """Answered as `{"Response": {"Error": {"Code", "Message"}, "RequestId"}}`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def vendor_of(request: Request) -> str:
    """Which of the two services a request is for, so that faults and the log can tell them apart."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    return "tencent-faceid" if found and found["service"] == "faceid" else "tencent-sms"


def create_app(context: Context, actions: Mapping[tuple[str, str, str], Action]) -> Flask:
    """`actions` is keyed by (service, version, action)."""
    app = Flask("sandbox.tencent", static_folder=None)

    @app.post("/")
    def call() -> Response:
        try:
            return _answer(_run(context, actions, _verify(context)))
        except ApiError as error:
            return _answer({"Error": {"Code": error.code, "Message": error.message}})

    return app


def _answer(response: dict[str, Any]) -> Response:
    body = json.dumps({"Response": {**response, "RequestId": str(uuid.uuid4())}}, ensure_ascii=False)
    answer = Response(body.encode())
    answer.headers["Content-Type"] = "application/json"
    return answer


def _run(context: Context, actions: Mapping[tuple[str, str, str], Action], service: str) -> dict[str, Any]:
    name, version = request.headers.get("X-TC-Action", ""), request.headers.get("X-TC-Version", "")
    action = actions.get((service, version, name))
    if action is None:
        raise ApiError("InvalidAction", f"The request action {name} {version} of {service} is invalid or not found.")
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise ApiError("InvalidParameter", "The request body is not JSON.") from error
    if not isinstance(body, dict):
        raise ApiError("InvalidParameter", "The request body is not a JSON object.")
    return action(context, body)


def _verify(context: Context) -> str:
    """Check the signature of the current request; return the service it was made for. Raises ApiError."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise ApiError("AuthFailure.InvalidAuthorization", "Authorization does not follow the TC3 format.")
    if found["id"] != TENCENT_SECRET_ID:
        raise ApiError("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    signed = found["headers"].split(";")
    if not {"content-type", "host"} <= set(signed):
        raise ApiError("AuthFailure.SignatureFailure", "content-type and host must be signed.")
    timestamp = request.headers.get("X-TC-Timestamp", "")
    if not timestamp.isdecimal() or abs(context.clock.now().timestamp() - int(timestamp)) > _SKEW_SECONDS:
        raise ApiError("AuthFailure.SignatureExpire", "The provided credentials have expired.")
    if datetime.fromtimestamp(int(timestamp), UTC).date().isoformat() != found["date"]:
        raise ApiError("AuthFailure.SignatureFailure", "The date of the credential is not that of X-TC-Timestamp.")
    expected = signature(found["service"], found["date"], timestamp, signed)
    if not hmac.compare_digest(found["signature"], expected):
        raise ApiError("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
    return found["service"]


def signature(service: str, date: str, timestamp: str, signed: list[str]) -> str:
    """Hex signature of the current request over the named headers, in their order."""
    headers = "".join(f"{name}:{request.headers.get(name, '').strip().lower()}\n" for name in signed)
    body_hash = hashlib.sha256(request.get_data()).hexdigest()
    query = request.query_string.decode("latin-1")
    canonical = "\n".join([request.method, request.path, query, headers, ";".join(signed), body_hash])
    scope = f"{date}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{TENCENT_SECRET_KEY}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
