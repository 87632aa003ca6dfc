"""Which adapters the settings choose."""

import pytest

from app.adapters.alipay_face import AlipayFace
from app.adapters.tencent_bank import TencentBank
from app.adapters.tencent_eid import TencentEid
from app.adapters.wechat_face import WeChatFace
from app.settings import ConfigurationError, Settings
from app.wiring import build_providers
from tests.support.sandbox_server import SandboxServer


def settings_for(sandbox: SandboxServer, **variables: str) -> Settings:
    return Settings.from_environment({"SANDBOX_CREDENTIALS": str(sandbox.credentials_file), **variables})


def test_face_vendors_are_those_that_were_named_the_preferred_one_first(sandbox: SandboxServer) -> None:
    providers = build_providers(settings_for(sandbox))
    assert [type(face) for face in providers.faces.values()] == [AlipayFace, TencentEid]
    assert list(providers.faces) == ["alipay", "tencent"]
    assert isinstance(providers.bank, TencentBank)
    other = build_providers(settings_for(sandbox, FACE_PROVIDERS="wechat,alipay"))
    assert [(name, type(face)) for name, face in other.faces.items()] == [
        ("wechat", WeChatFace), ("alipay", AlipayFace),
    ]  # fmt: skip


def test_a_vendor_that_is_not_configured_is_named() -> None:
    given = {
        "registry_url": "u", "registry_app_id": "a", "registry_app_secret": "s", "est_url": "u", "est_username": "n",
        "est_password": "p", "tsa_url": "t", "tencent_secret_id": "i", "tencent_secret_key": "k", "sms_sign_name": "n",
        "sms_templates": "{}", "aliyun_access_key_id": "i", "aliyun_access_key_secret": "s",
    }  # fmt: skip
    for vendor, variable in (
        ("alipay", "ALIPAY_APP_ID"), ("tencent", "TENCENT_EID_MERCHANT_ID"), ("wechat", "WECHAT_APP_ID"),
    ):  # fmt: skip
        with pytest.raises(ConfigurationError, match=variable):
            build_providers(Settings.from_environment({**given, "face_providers": vendor}))
