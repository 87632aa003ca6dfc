"""What the sandbox tells about itself (`credentials.json`), as values of our own variables. Development only."""

import json
from typing import Any


def sandbox_values(credentials: dict[str, Any], sms_vendor: str) -> dict[str, str]:
    """Field name → value; template ids are those of `sms_vendor`. Raises KeyError for any other file."""
    sms, tencent, alipay = credentials["aliyun_sms"], credentials["tencent"], credentials["alipay"]
    registry, authority, tsa = credentials["registry"], credentials["ca"], credentials["tsa"]
    wechat, oidc = credentials["wechat"], credentials["oidc"]
    ids: dict[str, str] = tencent["sms_templates"]  # at Aliyun a template of the sandbox is called as it is here
    templates = ids if sms_vendor == "tencent" else {name: name for name in ids}
    return {
        "sms_sign_name": sms["sign_name"],
        "sms_templates": json.dumps(templates),
        "sms_callback_token": (tencent if sms_vendor == "tencent" else sms)["callback_token"],
        "aliyun_sms_url": sms["base_url"],
        "aliyun_access_key_id": sms["access_key_id"],
        "aliyun_access_key_secret": sms["access_key_secret"],
        "tencent_sms_url": tencent["base_url"],
        "tencent_carrier_url": tencent["base_url"],
        "tencent_secret_id": tencent["secret_id"],
        "tencent_secret_key": tencent["secret_key"],
        "tencent_sms_app_id": tencent["sms_sdk_app_id"],
        "tencent_eid_merchant_id": tencent["eid_merchant_id"],
        "alipay_gateway_url": alipay["gateway_url"],
        "alipay_app_id": alipay["app_id"],
        "alipay_app_private_key": alipay["app_private_key_pem"],
        "alipay_public_key": alipay["alipay_public_key_pem"],
        "alipay_aes_key": alipay["aes_key"],
        "alipay_templates": json.dumps(alipay["templates"]),
        "wechat_url": wechat["base_url"],
        "wechat_app_id": wechat["app_id"],
        "wechat_app_secret": wechat["app_secret"],
        "wechat_templates": json.dumps(wechat["templates"]),
        "wechat_push_token": wechat["push_token"],
        "wechat_push_aes_key": wechat["push_key"],
        **_identity_provider("gov", oidc["gov"]),
        **_identity_provider("social_card", oidc["social-card"]),
        "registry_url": registry["base_url"],
        "registry_app_id": registry["app_id"],
        "registry_app_secret": registry["app_secret"],
        "est_url": authority["base_url"],
        "est_username": authority["username"],
        "est_password": authority["password"],
        "ca_root": authority["root_pem"],
        "tsa_url": tsa["url"],
        "tsa_root": tsa["root_pem"],
    }


def _identity_provider(name: str, given: dict[str, str]) -> dict[str, str]:
    return {f"{name}_oidc_{part}": given[part] for part in ("issuer", "client_id", "client_secret")}
