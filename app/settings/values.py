"""Every environment variable, once. The field `public_url` is the variable `PUBLIC_URL`, and so on.

`docs/configuration.md` describes each of them; a test compares that table with this class.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from app.core.crypto import Keyring
from app.settings.mini import MiniTemplate, read_templates
from app.settings.sandbox import sandbox_values

ENVIRONMENTS = ("development", "test", "production")
VERIFICATION_METHODS = ("phone", "bank", "face", "manual")
INTENT_METHODS = ("sms", "face", "pin")
FACE_PROVIDERS = ("alipay", "tencent", "wechat")

# Platform → the variable with its message templates.
MINI_PLATFORMS = {"weixin": "wechat_templates", "alipay": "alipay_templates"}


class ConfigurationError(Exception):
    """A variable is missing or cannot be read. The message names it."""


def development_secret(purpose: str) -> str:
    """A value that everybody can compute: fine on a developer's machine, refused in production."""
    return base64.b64encode(hashlib.sha256(f"gongyue development only: {purpose}".encode()).digest()).decode()


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """What this process was told. Never printed: it holds secrets."""

    gongyue_env: str = "development"
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    database_url: str = "sqlite:///var/gongyue.db"
    redis_url: str = ""
    data_dir: str = "var"
    log_level: str = "INFO"
    flask_debug: bool = False
    gongyue_crash_at: str = ""
    metrics_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    runner_threads: int = 4
    runner_metrics_port: int = 0
    reading_seconds_per_page: int = 5

    encryption_keys: tuple[str, ...] = (f"dev:{development_secret('encryption')}",)
    index_key: str = development_secret("index")
    secret_key: str = development_secret("forms")

    rate_limit_public: str = "120 per minute"
    rate_limit_default: str = "1200 per minute"
    verification_methods: tuple[str, ...] = VERIFICATION_METHODS
    intent_methods: tuple[str, ...] = INTENT_METHODS
    face_providers: tuple[str, ...] = ("alipay", "tencent")
    face_logins_per_day: int = 2000
    download_face_check: bool = False
    keep_codes_days: int = 30
    keep_sessions_days: int = 180
    help_telephone: str = "12333"

    s3_bucket: str = ""
    s3_endpoint_url: str = ""
    s3_region: str = ""
    s3_access_key_id: str = ""
    s3_secret_access_key: str = ""

    sms_vendor: str = "aliyun"
    sms_sign_name: str = ""
    sms_templates: str = ""
    sms_callback_token: str = ""
    sms_interval_seconds: int = 60
    sms_per_phone_hour: int = 5
    sms_per_phone_day: int = 10
    sms_own_per_hour: int = 20
    sms_own_per_day: int = 60
    sms_per_ip_hour: int = 20
    sms_per_day: int = 20_000
    aliyun_sms_url: str = "https://dysmsapi.aliyuncs.com"
    aliyun_access_key_id: str = ""
    aliyun_access_key_secret: str = ""
    tencent_sms_url: str = "https://sms.tencentcloudapi.com"
    tencent_carrier_url: str = "https://faceid.tencentcloudapi.com"
    tencent_secret_id: str = ""
    tencent_secret_key: str = ""
    tencent_sms_app_id: str = ""
    tencent_eid_merchant_id: str = ""
    alipay_gateway_url: str = "https://openapi.alipay.com/gateway.do"
    alipay_app_id: str = ""
    alipay_app_private_key: str = ""
    alipay_public_key: str = ""
    alipay_face_product: str = "certify"
    alipay_aes_key: str = ""
    alipay_templates: str = ""
    wechat_url: str = "https://api.weixin.qq.com"
    wechat_app_id: str = ""
    wechat_app_secret: str = ""
    wechat_templates: str = ""
    wechat_push_token: str = ""
    wechat_push_aes_key: str = ""
    gov_oidc_issuer: str = ""
    gov_oidc_client_id: str = ""
    gov_oidc_client_secret: str = ""
    social_card_oidc_issuer: str = ""
    social_card_oidc_client_id: str = ""
    social_card_oidc_client_secret: str = ""
    registry_url: str = ""
    registry_app_id: str = ""
    registry_app_secret: str = ""
    est_url: str = ""
    est_username: str = ""
    est_password: str = ""
    ca_root: str = ""
    tsa_url: str = ""
    tsa_root: str = ""
    key_algorithm: str = "p256"
    sandbox_credentials: str = ""

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Settings":
        """Read `env`; outside production the sandbox's own credentials fill what is not set.

        Raises ConfigurationError for a value that cannot be read.
        """
        given = {name.lower(): value for name, value in env.items()}
        path = given.get("sandbox_credentials", "")
        if path and given.get("gongyue_env", "development") != "production":
            told = {name: value for name, value in given.items() if value}
            given = _sandbox(Path(path), given.get("sms_vendor", "")) | told
        read = {
            field.name: _read(field.name, field.type, given[field.name])
            for field in fields(cls)
            if given.get(field.name, "") != ""
        }
        return cls(**read)._checked()

    def _checked(self) -> "Settings":
        for name, allowed in (
            ("gongyue_env", ENVIRONMENTS),
            ("sms_vendor", ("aliyun", "tencent")),
            ("key_algorithm", ("p256", "rsa2048")),
            ("alipay_face_product", ("certify", "datadigital")),
        ):
            if getattr(self, name) not in allowed:
                raise ConfigurationError(f"{name.upper()} must be one of {', '.join(allowed)}")
        choices: dict[str, tuple[str, ...]] = {
            "verification_methods": VERIFICATION_METHODS,
            "intent_methods": INTENT_METHODS,
            "face_providers": FACE_PROVIDERS,
        }
        for name, known in choices.items():
            if not getattr(self, name) or not set(getattr(self, name)) <= set(known):
                raise ConfigurationError(f"{name.upper()} must name some of {', '.join(known)}")
        if self.keep_codes_days < 2:
            raise ConfigurationError("KEEP_CODES_DAYS must be at least 2: the limits of a day count them")
        self.keyring()
        self.sms_template_ids()
        for platform in MINI_PLATFORMS:
            self.mini_templates(platform)
        return self

    @property
    def is_production(self) -> bool:
        return self.gongyue_env == "production"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir)

    def keyring(self) -> Keyring:
        """ENCRYPTION_KEYS is `id:base64` with the active key first; older keys after it still decrypt."""
        try:
            pairs = [pair.split(":", 1) for pair in self.encryption_keys]
            keys = {name: base64.b64decode(value, validate=True) for name, value in pairs}
            return Keyring(pairs[0][0], keys, base64.b64decode(self.index_key, validate=True))
        except (ValueError, IndexError, binascii.Error) as error:
            raise ConfigurationError(
                "ENCRYPTION_KEYS must be id:base64 pairs of 32 bytes each, INDEX_KEY base64 of 32 bytes or more"
            ) from error

    def sms_template_ids(self) -> dict[str, str]:
        """SMS_TEMPLATES: a JSON object from our template name to the vendor's template id."""
        try:
            parsed = json.loads(self.sms_templates or "{}")
        except ValueError as error:
            raise ConfigurationError("SMS_TEMPLATES must be a JSON object") from error
        if not isinstance(parsed, dict) or not all(isinstance(value, str) for value in parsed.values()):
            raise ConfigurationError("SMS_TEMPLATES must map template names to the vendor's ids (text)")
        return parsed

    def mini_templates(self, platform: str) -> dict[str, MiniTemplate]:
        """The approved message templates of a mini-program, `weixin` or `alipay`, by our own name."""
        name = MINI_PLATFORMS[platform]
        try:
            return read_templates(getattr(self, name))
        except ValueError as error:
            raise ConfigurationError(f"{name.upper()} must map our template names to id, fields and kind") from error

    def pem(self, name: str) -> str:
        """A PEM variable: the text itself, or the path of a file that holds it. Raises ConfigurationError."""
        value: str = getattr(self, name)
        if not value:
            raise ConfigurationError(f"{name.upper()} is not set")
        if value.lstrip().startswith("-----BEGIN"):
            return value.replace("\\n", "\n")
        try:
            return Path(value).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{name.upper()} names a file that cannot be read") from error

    def require(self, *names: str) -> None:
        """All of these variables have a value. Raises ConfigurationError naming every missing one."""
        missing = [name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise ConfigurationError(f"not set: {', '.join(missing)}")


def _sandbox(path: Path, sms_vendor: str) -> dict[str, str]:
    try:
        return sandbox_values(json.loads(path.read_text(encoding="utf-8")), sms_vendor)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(f"SANDBOX_CREDENTIALS cannot be read: {type(error).__name__}") from error


def _read(name: str, kind: Any, value: str) -> Any:
    if kind is bool:
        if value.lower() not in ("0", "1", "true", "false"):
            raise ConfigurationError(f"{name.upper()} must be 0 or 1")
        return value.lower() in ("1", "true")
    if kind is int:
        if not value.isdecimal():
            raise ConfigurationError(f"{name.upper()} must be a whole number")
        return int(value)
    if kind is not str:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value.rstrip("/") if name == "public_url" else value
