"""Settings: one table of variables, clear errors, and a production start that refuses what is unsafe (D-05)."""

import base64
import os
import re
import subprocess
import sys
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.cli.seed import seed_demo
from app.core.clock import now
from app.settings import ConfigurationError, Settings, unsafe_settings

ROOT = Path(__file__).parents[1]


def test_the_table_in_the_documentation_lists_exactly_the_variables() -> None:
    table = re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE)
    assert table == list(dict.fromkeys(table)), "a variable is described twice"
    assert set(table) == {field.name.upper() for field in fields(Settings)}


def test_documented_defaults_are_the_real_ones() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    documented = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| `([^`]*)` \|", text, re.MULTILINE))
    for field in fields(Settings):
        if field.name.upper() in documented:
            value = field.default
            shown = ",".join(value) if isinstance(value, tuple) else str(int(value)) if value is False else str(value)
            assert documented[field.name.upper()] == shown, field.name


def test_development_needs_no_variable_at_all() -> None:
    settings = Settings.from_environment({})
    assert settings.keyring().active == "dev"
    assert unsafe_settings(settings) == []


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("GONGYUE_ENV", "prod", "GONGYUE_ENV must be one of"),
        ("SMS_VENDOR", "carrier-pigeon", "SMS_VENDOR"),
        ("FACE_PROVIDERS", "alipay,mirror", "FACE_PROVIDERS"),
        ("FACE_PROVIDERS", ",", "FACE_PROVIDERS"),
        ("VERIFICATION_METHODS", "phone,palm", "VERIFICATION_METHODS"),
        ("INTENT_METHODS", ",", "INTENT_METHODS"),
        ("KEY_ALGORITHM", "md5", "KEY_ALGORITHM"),
        ("ALIPAY_FACE_PRODUCT", "ocr", "ALIPAY_FACE_PRODUCT"),
        ("TRUSTED_PROXIES", "yes", "TRUSTED_PROXIES must be a whole number"),
        ("FLASK_DEBUG", "maybe", "FLASK_DEBUG"),
        ("ENCRYPTION_KEYS", "a:c2hvcnQ=", "ENCRYPTION_KEYS"),
        ("ENCRYPTION_KEYS", "no-colon", "ENCRYPTION_KEYS"),
        ("INDEX_KEY", "!!!", "INDEX_KEY"),
        ("SMS_TEMPLATES", "[1]", "SMS_TEMPLATES"),
        ("SMS_TEMPLATES", "{", "SMS_TEMPLATES"),
        ("WECHAT_TEMPLATES", "[]", "WECHAT_TEMPLATES"),
        ("WECHAT_TEMPLATES", '{"A": {"id": "1"}}', "WECHAT_TEMPLATES"),
        ("ALIPAY_TEMPLATES", '{"A": {"id": "1", "fields": {"title": "k1"}, "kind": "other"}}', "ALIPAY_TEMPLATES"),
        ("SANDBOX_CREDENTIALS", "/nowhere/credentials.json", "SANDBOX_CREDENTIALS"),
    ],
)
def test_an_unreadable_value_is_named(variable: str, value: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(says)):
        Settings.from_environment({variable: value})


def test_missing_variables_are_all_named() -> None:
    with pytest.raises(ConfigurationError, match="EST_URL, TSA_URL"):
        Settings.from_environment({"EST_USERNAME": "u"}).require("est_url", "est_username", "tsa_url")


def test_pem_from_text_and_from_a_file(tmp_path: Path) -> None:
    pem = _root("Some CA")
    (tmp_path / "root.pem").write_text(pem)
    assert Settings.from_environment({"CA_ROOT": pem.replace("\n", "\\n")}).pem("ca_root") == pem
    assert Settings.from_environment({"CA_ROOT": str(tmp_path / "root.pem")}).pem("ca_root") == pem
    with pytest.raises(ConfigurationError, match="CA_ROOT"):
        Settings.from_environment({"CA_ROOT": str(tmp_path / "absent.pem")}).pem("ca_root")


def test_keys_rotate() -> None:
    keyring = Settings.from_environment({"ENCRYPTION_KEYS": f"new:{_key(b'n')},old:{_key(b'o')}"}).keyring()
    assert (keyring.active, set(keyring.keys)) == ("new", {"new", "old"})


def test_a_complete_production_configuration_is_accepted() -> None:
    assert unsafe_settings(Settings.from_environment(production())) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FLASK_DEBUG", "1"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("GONGYUE_CRASH_AT", "/tmp/point"),
        ("READING_SECONDS_PER_PAGE", "0"),
        ("ENCRYPTION_KEYS", Settings().encryption_keys[0]),
        ("INDEX_KEY", Settings().index_key),
        ("SECRET_KEY", Settings().secret_key),
        ("SECRET_KEY", "short"),
        ("SMS_CALLBACK_TOKEN", ""),
        ("SMS_CALLBACK_TOKEN", "guessable"),
        ("PUBLIC_URL", "http://gongyue.cn"),
        ("PUBLIC_URL", "https://127.0.0.1:8000"),
        ("ALIYUN_SMS_URL", "http://127.0.0.1:8701/aliyun-sms"),
        ("TENCENT_CARRIER_URL", "https://localhost/tencent"),
        ("ALIPAY_GATEWAY_URL", "http://gateway.alipay.com"),
        ("TENCENT_EID_MERCHANT_ID", "sandbox-eid-merchant"),
        ("WECHAT_URL", "http://127.0.0.1:8701/wechat"),
        ("WECHAT_APP_SECRET", "sandbox-wechat-secret"),
        ("REGISTRY_URL", "https://10.0.0.8/registry"),
        ("EST_URL", ""),
        ("TSA_URL", "http://127.0.0.1:8701/tsa/"),
        ("TSA_URL", ""),
        ("EST_PASSWORD", "sandbox-est-password"),
        ("SANDBOX_CREDENTIALS", "var/credentials.json"),
        ("GOV_OIDC_ISSUER", "http://127.0.0.1:8701/oidc/gov"),
        ("SOCIAL_CARD_OIDC_ISSUER", "http://card.gov.cn"),
        ("WECHAT_PUSH_TOKEN", "sandbox-wechat-push"),
        ("VERIFICATION_METHODS", "face"),
        ("VERIFICATION_METHODS", "face,manual"),
        ("INTENT_METHODS", "face"),
    ],
)
def test_each_unsafe_value_is_named_and_nothing_else(variable: str, value: str) -> None:
    problems = unsafe_settings(Settings.from_environment(production() | {variable: value}))
    assert [problem.variable for problem in problems] == [variable]
    assert all((problems[0].zh, problems[0].en))


@pytest.mark.parametrize("variable", ["CA_ROOT", "TSA_ROOT"])
@pytest.mark.parametrize("name", ["Gongyue Sandbox Root CA", "工约沙箱根证书"])
def test_roots_of_the_sandbox_are_refused(variable: str, name: str) -> None:
    problems = unsafe_settings(Settings.from_environment(production() | {variable: _root(name)}))
    assert [problem.variable for problem in problems] == [variable]


def test_an_index_key_equal_to_an_encryption_key_is_refused() -> None:
    key = _key(b"s")
    values = production() | {"INDEX_KEY": key, "ENCRYPTION_KEYS": f"k:{key}"}
    assert [problem.variable for problem in unsafe_settings(Settings.from_environment(values))] == ["INDEX_KEY"]


@pytest.mark.parametrize("program", [("-c", "import wsgi"), ("-m", "app.runner"), ("-m", "app.cli", "migrate")])
def test_every_program_leaves_with_code_78_and_the_whole_list(program: tuple[str, ...]) -> None:
    environment = {"PATH": os.environ["PATH"], "GONGYUE_ENV": "production", "SECRET_KEY": Settings().secret_key}
    done = subprocess.run([sys.executable, *program], cwd=ROOT, env=environment, capture_output=True, timeout=60)
    said = done.stderr.decode()
    assert done.returncode == 78
    for variable in ("DATABASE_URL", "SECRET_KEY", "CA_ROOT", "TSA_URL", "PUBLIC_URL", "SMS_CALLBACK_TOKEN"):
        assert f"- {variable}:" in said
    assert Settings().secret_key not in said


def test_production_gets_no_demo_data(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is its database touched: this process is connected to none."""
    assert seed_demo(Settings.from_environment(production())) == 1
    assert "no demo data in production" in capsys.readouterr().err


def production() -> dict[str, str]:
    """A configuration that may serve."""
    return {
        "GONGYUE_ENV": "production",
        "PUBLIC_URL": "https://gongyue.cn",
        "DATABASE_URL": "postgresql://gongyue@db.internal/gongyue",
        "ENCRYPTION_KEYS": f"k1:{_key(b'e')}",
        "INDEX_KEY": _key(b"i"),
        "SECRET_KEY": "a-long-random-value-of-40-characters-000",
        "SMS_CALLBACK_TOKEN": "callback-path-of-30-characters",
        "REGISTRY_URL": "https://registry.vendor.cn",
        "EST_URL": "https://ca.vendor.cn/.well-known/est",
        "TSA_URL": "http://tsa.vendor.cn/",
        "CA_ROOT": _root("Trusted Root CA"),
        "TSA_ROOT": _root("Trusted TSA Root"),
    }


def _key(byte: bytes) -> str:
    return base64.b64encode(byte * 32).decode()


def _root(name: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now(), now() + timedelta(days=1))
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
