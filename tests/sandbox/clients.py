"""Callers of the sandbox written from the vendors' documents alone: neither the product's code nor the sandbox's."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from tests.support.sandbox_server import SandboxServer

Json = dict[str, Any]


def aliyun(sandbox: SandboxServer, params: Json, *, headers: Json | None = None, secret: str = "") -> requests.Response:
    """POST with ACS3-HMAC-SHA256. `headers` replaces header values before signing."""
    given = sandbox.credentials["aliyun_sms"]
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(params.items()))
    signed = {
        "host": urlsplit(sandbox.url).netloc,
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        **(headers or {}),
    }
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{signed['x-acs-content-sha256']}"
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new((secret or given["access_key_secret"]).encode(), text.encode(), "sha256").hexdigest()
    authorization = f"ACS3-HMAC-SHA256 Credential={given['access_key_id']},SignedHeaders={names},Signature={signature}"
    url = f"{given['base_url']}/?{query}"
    return requests.post(url, headers={**signed, "Authorization": authorization}, timeout=10)


def tc3_signature(secret: str, service: str, timestamp: int, host: str, content_type: str, body: bytes) -> str:
    """As in Tencent's documentation, "签名方法 v3"."""
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    headers = f"content-type:{content_type}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{headers}\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{date}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def tencent(
    sandbox: SandboxServer, service: str, version: str, action: str, body: Json, *, secret: str = "", skew: int = 0
) -> requests.Response:
    given, timestamp = sandbox.credentials["tencent"], int(time.time()) + skew
    data, host = json.dumps(body).encode(), urlsplit(sandbox.url).netloc
    signature = tc3_signature(secret or given["secret_key"], service, timestamp, host, "application/json", data)
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    headers = {
        "Content-Type": "application/json",
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Timestamp": str(timestamp),
        "Authorization": f"TC3-HMAC-SHA256 Credential={given['secret_id']}/{date}/{service}/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}",
    }
    return requests.post(given["base_url"], data=data, headers=headers, timeout=10)


def send_sms(sandbox: SandboxServer, **changes: Any) -> Json:
    """Tencent's SendSms; returns the status of the one number, or the error."""
    body = {
        "PhoneNumberSet": ["+8613800138000"],
        "SmsSdkAppId": sandbox.credentials["tencent"]["sms_sdk_app_id"],
        "TemplateId": "1000001",
        "SignName": "工约",
        "TemplateParamSet": ["123456"],
        "SessionContext": "ref-1",
        **changes,
    }
    answer: Json = tencent(sandbox, "sms", "2021-01-11", "SendSms", body).json()["Response"]
    if "Error" in answer:
        return dict(answer["Error"])
    return dict(answer["SendStatusSet"][0])


def esign_signature(secret: str, path: str, body: bytes, content_type: str) -> tuple[str, str]:
    """Content-MD5 and signature of a POST, as e签宝 documents them."""
    md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
    text = f"POST\n*/*\n{md5}\n{content_type}\n\n{path}"
    return md5, base64.b64encode(hmac.new(secret.encode(), text.encode(), "sha256").digest()).decode()


def registry(sandbox: SandboxServer, path: str, body: Json, *, secret: str = "", skew_ms: int = 0) -> requests.Response:
    given, data, content_type = sandbox.credentials["registry"], json.dumps(body).encode(), "application/json"
    md5, signature = esign_signature(secret or given["app_secret"], path, data, content_type)
    headers = {
        "Accept": "*/*",
        "Content-Type": content_type,
        "Content-MD5": md5,
        "X-Tsign-Open-App-Id": given["app_id"],
        "X-Tsign-Open-Auth-Mode": "Signature",
        "X-Tsign-Open-Ca-Timestamp": str(int(time.time() * 1000) + skew_ms),
        "X-Tsign-Open-Ca-Signature": signature,
    }
    return requests.post(given["base_url"] + path, data=data, headers=headers, timeout=10)


def arm(sandbox: SandboxServer, vendor: str, kind: str, **more: Any) -> None:
    answer = requests.post(f"{sandbox.url}/__sandbox/faults", json={"vendor": vendor, "kind": kind, **more}, timeout=5)
    assert answer.status_code == 201, answer.text


def shift_clock(sandbox: SandboxServer, seconds: float) -> None:
    requests.post(f"{sandbox.url}/__sandbox/clock", json={"offset_seconds": seconds}, timeout=5).raise_for_status()


def messages(sandbox: SandboxServer, phone: str) -> list[Json]:
    found: list[Json] = requests.get(f"{sandbox.url}/__sandbox/sms", params={"phone": phone}, timeout=5).json()
    return found
