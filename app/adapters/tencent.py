"""Tencent Cloud API 3.0: one signed JSON call (TC3-HMAC-SHA256), shared by the services used here.

Source: the vendor's SDK 3.1 and its documented signature example, which is reproduced. Not called against the
live service; the allowed clock difference of five minutes is unverified.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from app.adapters.transport import Reply, Transport, safe_code
from app.core.clock import now
from app.core.errors import ProviderError

ALGORITHM = "TC3-HMAC-SHA256"

# The vendor's code as a pattern → (our code, permanent); the first that fits.
REFUSALS = {
    r".*\.(BizTokenExpired|BizTokenIllegal)": ("token_expired", True),
    r".*\.RuleIdNotExist": ("account_problem", False),
    r".*\.(IdNameMisMatch|CompareLowSimilarity|LivessDetectFake)": ("mismatch", True),
    r"(Request)?LimitExceeded.*|.*LimitExceeded": ("rate_limited", False),
    r"(InvalidParameter|MissingParameter).*": ("invalid_input", True),
    r"(AuthFailure|UnauthorizedOperation).*": ("account_problem", False),
}


class TencentCloud:
    """Calls to one service. `base_url`: `https://<service>.tencentcloudapi.com`, or the sandbox's.

    `service`, `version`: e.g. `sms`, `2021-01-11`. The signed path is always `/`.
    """

    def __init__(
        self,
        base_url: str,
        secret_id: str,
        secret_key: str,
        *,
        service: str,
        version: str,
        transport: Transport,
        region: str = "ap-guangzhou",
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._service = service
        self._version = version
        self._region = region
        self._transport = transport

    def call(self, action: str, parameters: Mapping[str, Any], *, idempotent: bool = False) -> dict[str, Any]:
        """The object under `Response`. Raises ProviderError; the vendor's own error code is its message."""
        body = json.dumps(parameters, ensure_ascii=False).encode()
        moment = now()
        headers = {"content-type": "application/json", "host": urlsplit(self._base_url).netloc}
        signed = authorization(self._secret_id, self._secret_key, self._service, moment, headers, body)
        headers |= {
            "Authorization": signed,
            "X-TC-Action": action,
            "X-TC-Version": self._version,
            "X-TC-Region": self._region,
            "X-TC-Timestamp": str(int(moment.timestamp())),
        }
        response = self._transport.send(
            "POST",
            f"{self._base_url}/",
            headers=headers,
            body=body,
            decode=self._response,
            idempotent=idempotent,
        )
        if "Error" in response:
            raise _refused(self._transport.provider, response["Error"])
        return response

    def _response(self, reply: Reply) -> dict[str, Any]:
        response = self._transport.json_object(reply).get("Response")
        if not isinstance(response, dict):
            raise self._transport.malformed("no Response")
        if not isinstance(response.get("Error", {}), dict):
            raise self._transport.malformed("Error is not an object")
        return response


def authorization(
    secret_id: str, secret_key: str, service: str, moment: datetime, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization header of a POST to `/`. `headers`: all to be signed, names in lower case."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].lower()}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    date = moment.strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    to_sign = "\n".join(
        (ALGORITHM, str(int(moment.timestamp())), scope, hashlib.sha256(canonical.encode()).hexdigest())
    )
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def _refused(provider: str, error: Mapping[str, Any]) -> ProviderError:
    vendor_code = safe_code(error.get("Code"))
    for pattern, (ours, permanent) in REFUSALS.items():
        if re.fullmatch(pattern, vendor_code):
            return ProviderError(provider, ours, vendor_code, permanent=permanent)
    return ProviderError(provider, "refused", vendor_code)
