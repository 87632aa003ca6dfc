"""Production refuses to start with anything that only belongs on a developer's machine (D-05)."""

import ipaddress
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import NoReturn
from urllib.parse import urlsplit

from cryptography import x509

from app.settings.values import ConfigurationError, Settings, development_secret

EX_CONFIG = 78  # sysexits.h: a supervisor must not restart what cannot work

_VENDOR_URLS = {
    "aliyun_sms_url", "tencent_sms_url", "tencent_carrier_url", "alipay_gateway_url", "wechat_url", "registry_url",
    "est_url",
}  # fmt: skip
# Checked where they are set.
_OPTIONAL_URLS = ("gov_oidc_issuer", "social_card_oidc_issuer")
_SECRETS = ("encryption_keys", "index_key", "secret_key")
_AUTHORITIES = (
    ("ca_root", "证书机构", "certification authority"),
    ("tsa_root", "时间戳机构", "time-stamping authority"),
)
_SANDBOX_NAMES = ("沙箱", "sandbox")


@dataclass(frozen=True, slots=True)
class SafetyProblem:
    """One reason not to start, named by its variable."""

    variable: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.zh} / {self.en}"


def unsafe_settings(settings: Settings) -> list[SafetyProblem]:
    """Every problem of `settings` in production; none elsewhere."""
    if not settings.is_production:
        return []
    rules: tuple[Callable[[Settings], Iterator[SafetyProblem]], ...] = (
        _modes, _secrets, _addresses, _sandbox_leftovers, _roots, _methods,
    )  # fmt: skip
    return [problem for rule in rules for problem in rule(settings)]


def refuse_unsafe(settings: Settings) -> None:
    """Return when `settings` may serve; otherwise print every problem and leave with code 78."""
    problems = unsafe_settings(settings)
    if problems:
        _leave(problems)


def _leave(problems: list[SafetyProblem]) -> NoReturn:
    print("工约拒绝以不安全的生产配置启动 / Gongyue refuses to start with an unsafe configuration:", file=sys.stderr)  # noqa: T201
    for problem in problems:
        print(f"  - {problem}", file=sys.stderr)  # noqa: T201
    raise SystemExit(EX_CONFIG)


def _modes(settings: Settings) -> Iterator[SafetyProblem]:
    if settings.flask_debug:
        yield SafetyProblem("FLASK_DEBUG", "生产环境不得开启调试。", "debugging must be off.")
    if settings.gongyue_crash_at:
        yield SafetyProblem("GONGYUE_CRASH_AT", "仅供测试使用。", "is for tests only.")
    if settings.reading_seconds_per_page < 1:
        yield SafetyProblem("READING_SECONDS_PER_PAGE", "不得取消阅读时间。", "must be at least 1.")
    if settings.database_url.startswith("sqlite"):
        yield SafetyProblem("DATABASE_URL", "生产环境必须使用 PostgreSQL。", "production needs PostgreSQL, not SQLite.")


def _secrets(settings: Settings) -> Iterator[SafetyProblem]:
    known = {development_secret(purpose) for purpose in ("encryption", "index", "forms")}
    for name in _SECRETS:
        value = getattr(settings, name)
        texts = value if isinstance(value, tuple) else (value,)
        if any(text.split(":", 1)[-1] in known for text in texts):
            yield SafetyProblem(name.upper(), "仍是公开的开发密钥。", "is a well-known development secret.")
        elif any(len(text) < 32 for text in texts):
            yield SafetyProblem(name.upper(), "密钥过短。", "is too short.")
    if settings.index_key in {pair.split(":", 1)[-1] for pair in settings.encryption_keys}:
        yield SafetyProblem("INDEX_KEY", "不得与加密密钥相同。", "must differ from the encryption keys.")
    if len(settings.sms_callback_token) < 24:
        yield SafetyProblem("SMS_CALLBACK_TOKEN", "回调口令未设置或过短。", "the callback secret is missing or short.")


def _addresses(settings: Settings) -> Iterator[SafetyProblem]:
    if not settings.is_https or _is_local(settings.public_url):
        yield SafetyProblem("PUBLIC_URL", "必须是公网 https 地址。", "must be a public https address.")
    for name in sorted(_VENDOR_URLS) + [name for name in _OPTIONAL_URLS if getattr(settings, name)]:
        url: str = getattr(settings, name)
        if not url.startswith("https://") or _is_local(url):
            yield SafetyProblem(name.upper(), "是沙箱或不安全的供应商地址。", "is a sandbox's or an insecure address.")
    # RFC 3161 replies are signed, so plain http is usual; a loopback authority is not.
    if not settings.tsa_url or _is_local(settings.tsa_url):
        yield SafetyProblem("TSA_URL", "未设置，或指向本机。", "is missing or points to this machine.")


def _sandbox_leftovers(settings: Settings) -> Iterator[SafetyProblem]:
    if settings.sandbox_credentials:
        yield SafetyProblem("SANDBOX_CREDENTIALS", "生产环境不得使用沙箱。", "the sandbox must not be used.")
    for field in fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, str) and field.name not in _VENDOR_URLS and value.startswith("sandbox-"):
            yield SafetyProblem(field.name.upper(), "是沙箱的凭据。", "is a credential of the sandbox.")


def _roots(settings: Settings) -> Iterator[SafetyProblem]:
    for name, zh, en in _AUTHORITIES:
        try:
            roots = x509.load_pem_x509_certificates(settings.pem(name).encode())
        except (ConfigurationError, ValueError):
            yield SafetyProblem(name.upper(), f"缺少{zh}的根证书。", f"the root of the {en} is missing or unreadable.")
            continue
        if any(_is_sandbox(root) for root in roots):
            yield SafetyProblem(name.upper(), f"是开发用{zh}的根证书。", f"is the root of the development {en}.")


def _methods(settings: Settings) -> Iterator[SafetyProblem]:
    """Face recognition must not be the only way (人脸识别技术应用安全管理办法, in force 2025-06-01)."""
    for name, others in (("verification_methods", {"phone", "bank"}), ("intent_methods", {"sms"})):
        if not others & set(getattr(settings, name)):  # a review is for those who have no resident's card
            yield SafetyProblem(name.upper(), "刷脸不得是唯一方式。", "face recognition must not be the only method.")


def _is_sandbox(root: x509.Certificate) -> bool:
    subject = root.subject.rfc4514_string().lower()
    return any(name in subject for name in _SANDBOX_NAMES)


def _is_local(url: str) -> bool:
    host = (urlsplit(url).hostname or "localhost").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".test", ".example", ".invalid"))
    return not address.is_global
