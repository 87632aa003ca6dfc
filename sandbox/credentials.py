"""What both sides share: fixed, well-known values for development, and key pairs made at first start."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.phones import TEMPLATES as MINI_TEMPLATES
from sandbox.sms import TEMPLATES
from sandbox.store import Store

ALIYUN_KEY_ID = "sandbox-aliyun-key-id"
ALIYUN_KEY_SECRET = "sandbox-aliyun-key-secret"  # noqa: S105  # pragma: allowlist secret
TENCENT_SECRET_ID = "sandbox-tencent-secret-id"  # noqa: S105  # pragma: allowlist secret
TENCENT_SECRET_KEY = "sandbox-tencent-secret-key"  # noqa: S105  # pragma: allowlist secret
TENCENT_EID_MERCHANT_ID = "sandbox-eid-merchant"
TENCENT_SMS_APP_ID = "1400000000"
ALIPAY_APP_ID = "2021000000000000"
WECHAT_APP_ID = "wx0000000000000001"
WECHAT_APP_SECRET = "sandbox-wechat-secret"  # noqa: S105  # pragma: allowlist secret
WECHAT_PUSH_TOKEN = "sandbox-wechat-push"  # noqa: S105  # pragma: allowlist secret
OIDC_CLIENTS = {"gov": "gongyue-gov", "social-card": "gongyue-social-card"}
OIDC_SECRETS = {
    "gov": "sandbox-gov-secret+/=:%",  # pragma: allowlist secret
    "social-card": "sandbox-social-card-secret",  # pragma: allowlist secret
}
MINI_APPS = {"weixin": WECHAT_APP_ID, "alipay": ALIPAY_APP_ID}
REGISTRY_APP_ID = "sandbox-registry-app-id"
REGISTRY_APP_SECRET = "sandbox-registry-app-secret"  # noqa: S105  # pragma: allowlist secret
EST_USERNAME = "sandbox-est"
EST_PASSWORD = "sandbox-est-password"  # noqa: S105  # pragma: allowlist secret
SMS_CALLBACK_TOKEN = "sandbox-sms-receipts"  # noqa: S105  # pragma: allowlist secret


@dataclass(frozen=True, slots=True)
class AlipayKeys:
    """PEM texts. The app's pair belongs to the product, Alipay's pair to the gateway. `aes`: base64, for both."""

    app_private: str
    app_public: str
    alipay_private: str
    alipay_public: str
    aes: str


def alipay_keys(store: Store) -> AlipayKeys:
    app, alipay = store.secret("alipay.app", _rsa_pem), store.secret("alipay.alipay", _rsa_pem)
    aes = store.secret("alipay.aes", lambda: base64.b64encode(secrets.token_bytes(16)).decode())
    return AlipayKeys(app, _public_pem(app), alipay, _public_pem(alipay), aes)


def wechat_push_key(store: Store) -> str:
    """EncodingAESKey: 43 characters, the base64 of 32 bytes without its last sign."""
    return store.secret("wechat.push", lambda: base64.b64encode(secrets.token_bytes(32)).decode()[:43])


def for_product(base_url: str, keys: AlipayKeys, push_key: str, ca_root_pem: str, tsa_root_pem: str) -> dict[str, Any]:
    """Everything that the product must be configured with to talk to this sandbox."""
    return {
        "aliyun_sms": {
            "base_url": f"{base_url}/aliyun-sms",
            "access_key_id": ALIYUN_KEY_ID,
            "access_key_secret": ALIYUN_KEY_SECRET,
            "sign_name": TEMPLATES.sign_name,
            "callback_token": SMS_CALLBACK_TOKEN,
        },
        "tencent": {
            "base_url": f"{base_url}/tencent/",
            "secret_id": TENCENT_SECRET_ID,
            "secret_key": TENCENT_SECRET_KEY,
            "region": "ap-guangzhou",
            "sms_sdk_app_id": TENCENT_SMS_APP_ID,
            "sms_sign_name": TEMPLATES.sign_name,
            "sms_templates": {template.id: template.tencent_id for template in TEMPLATES.all},
            "callback_token": SMS_CALLBACK_TOKEN,
            "eid_merchant_id": TENCENT_EID_MERCHANT_ID,
        },
        "alipay": {
            "gateway_url": f"{base_url}/alipay/gateway.do",
            "app_id": ALIPAY_APP_ID,
            "app_private_key_pem": keys.app_private,
            "app_public_key_pem": keys.app_public,
            "alipay_public_key_pem": keys.alipay_public,
            "aes_key": keys.aes,
            "templates": _mini_templates("alipay"),
        },
        "wechat": {
            "base_url": f"{base_url}/wechat",
            "app_id": WECHAT_APP_ID,
            "app_secret": WECHAT_APP_SECRET,
            "push_token": WECHAT_PUSH_TOKEN,
            "push_key": push_key,
            "templates": _mini_templates("weixin"),
        },
        "oidc": {name: _oidc(base_url, name) for name in OIDC_CLIENTS},
        "registry": {
            "base_url": f"{base_url}/registry",
            "app_id": REGISTRY_APP_ID,
            "app_secret": REGISTRY_APP_SECRET,
        },
        "ca": {
            "base_url": f"{base_url}/ca/.well-known/est",
            "username": EST_USERNAME,
            "password": EST_PASSWORD,
            "labels": ["person-once", "person", "organisation"],
            "root_pem": ca_root_pem,
        },
        "tsa": {"url": f"{base_url}/tsa/", "root_pem": tsa_root_pem},
    }


def _oidc(base_url: str, name: str) -> dict[str, str]:
    secret = OIDC_SECRETS[name]
    return {"issuer": f"{base_url}/oidc/{name}", "client_id": OIDC_CLIENTS[name], "client_secret": secret}


def _mini_templates(platform: str) -> dict[str, Any]:
    mine = [template for template in MINI_TEMPLATES if template.platform == platform]
    return {t.name: {"id": t.id, "fields": t.fields, "kind": t.kind} for t in mine}


def write_file(path: Path, values: dict[str, Any]) -> None:
    """Replace the file in one step, readable by its owner only."""
    draft = path.with_suffix(".tmp")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        json.dump(values, stream, ensure_ascii=False, indent=2)
    draft.replace(path)


def _rsa_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


def _public_pem(private_pem: str) -> str:
    public = serialization.load_pem_private_key(private_pem.encode(), None).public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
