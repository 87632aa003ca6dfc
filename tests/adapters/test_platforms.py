"""Which platforms are offered: those that are configured, completely."""

import json
from typing import Any

import pytest

from app.adapters.platforms import identity_providers, mini_programs
from app.settings import ConfigurationError, Settings
from tests.support.sandbox_server import SandboxServer


def configured(sandbox: SandboxServer, **changes: Any) -> Settings:
    return Settings.from_environment({"SANDBOX_CREDENTIALS": str(sandbox.credentials_file), **changes})


def test_nothing_is_offered_without_configuration() -> None:
    assert mini_programs(Settings()) == ({}, {})
    assert identity_providers(Settings()) == {}


def test_with_the_sandbox_everything_is(sandbox: SandboxServer) -> None:
    platforms, messengers = mini_programs(configured(sandbox))
    assert set(platforms) == set(messengers) == {"weixin", "alipay"}
    assert "CONTRACT_LINK" in messengers["weixin"].employee_templates
    assert "CONTRACT_LINK" in messengers["alipay"].subscribe_templates
    providers = identity_providers(configured(sandbox))
    assert [provider.label_zh for provider in providers.values()] == ["政务服务账号", "电子社保卡"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALIPAY_AES_KEY", "c2hvcnQ="),
        ("ALIPAY_AES_KEY", "not base64"),
        ("WECHAT_TEMPLATES", json.dumps({"NO_SUCH": {"id": "1", "fields": {"title": "thing1"}}})),
        ("ALIPAY_TEMPLATES", json.dumps({"CONTRACT_DONE": {"id": "1", "fields": {"salary": "keyword1"}}})),
    ],
)
def test_half_a_mini_program_does_not_start(sandbox: SandboxServer, variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError):
        mini_programs(configured(sandbox, **{variable: value}))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError, match="WECHAT_APP_SECRET"):
        mini_programs(Settings(wechat_app_id="wx1"))
    with pytest.raises(ConfigurationError, match="GOV_OIDC_CLIENT_ID, GOV_OIDC_CLIENT_SECRET"):
        identity_providers(Settings(gov_oidc_issuer="https://op.example"))
