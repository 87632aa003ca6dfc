"""Builds the adapters of mini-programs and identity providers, as far as the settings name them."""

from app.accounts.ports import EventSource, IdentityProvider, MiniPlatform
from app.adapters.alipay import AlipayGateway
from app.adapters.alipay_messages import AlipayMessenger
from app.adapters.alipay_mini import AlipayMini
from app.adapters.alipay_push import AlipayEvents
from app.adapters.oidc import OidcClient
from app.adapters.wechat import WeChatClient
from app.adapters.wechat_messages import WeChatMessenger
from app.adapters.wechat_mini import WeChatMini
from app.adapters.wechat_push import WeChatEvents
from app.notifications.mini import TEMPLATES
from app.notifications.ports import MiniMessenger
from app.settings import ConfigurationError, Settings
from app.settings.mini import MiniTemplate

# Name of the port → labels in Chinese and English.
IDENTITY_PROVIDERS = {
    "gov": ("政务服务账号", "Government service account"),
    "social_card": ("电子社保卡", "Electronic social-security card"),
}


def mini_programs(settings: Settings) -> tuple[dict[str, MiniPlatform], dict[str, MiniMessenger]]:
    """Platforms and messengers by "weixin" and "alipay". Raises ConfigurationError."""
    platforms: dict[str, MiniPlatform] = {}
    messengers: dict[str, MiniMessenger] = {}
    if settings.wechat_app_id:
        settings.require("wechat_app_secret")
        client = WeChatClient(settings.wechat_url, settings.wechat_app_id, settings.wechat_app_secret)
        platforms["weixin"] = WeChatMini(client)
        messengers["weixin"] = WeChatMessenger(client, _templates(settings, "weixin"))
    if settings.alipay_aes_key:
        settings.require("alipay_app_id")
        gateway = AlipayGateway(
            settings.alipay_gateway_url, settings.alipay_app_id,
            settings.pem("alipay_app_private_key"), settings.pem("alipay_public_key"),
        )  # fmt: skip
        platforms["alipay"] = _alipay(gateway, settings)
        messengers["alipay"] = AlipayMessenger(gateway, _templates(settings, "alipay"))
    return platforms, messengers


def event_sources(settings: Settings) -> dict[str, EventSource]:
    """Where platforms may push to: those with a mini-program. Raises ConfigurationError."""
    sources: dict[str, EventSource] = {}
    if settings.wechat_push_token or settings.wechat_push_aes_key:
        settings.require("wechat_app_id", "wechat_push_token", "wechat_push_aes_key")
        try:
            sources["weixin"] = WeChatEvents(
                settings.wechat_app_id, settings.wechat_push_token, settings.wechat_push_aes_key
            )
        except ValueError as error:
            raise ConfigurationError("WECHAT_PUSH_AES_KEY must be an EncodingAESKey of 43 characters") from error
    if settings.alipay_aes_key:
        sources["alipay"] = AlipayEvents(settings.alipay_app_id, settings.pem("alipay_public_key"))
    return sources


def identity_providers(settings: Settings) -> dict[str, IdentityProvider]:
    """Those whose issuer is set. Raises ConfigurationError."""
    providers: dict[str, IdentityProvider] = {}
    for name, (label_zh, label_en) in IDENTITY_PROVIDERS.items():
        issuer: str = getattr(settings, f"{name}_oidc_issuer")
        if issuer:
            settings.require(f"{name}_oidc_client_id", f"{name}_oidc_client_secret")
            client_id, secret = (
                getattr(settings, f"{name}_oidc_client_id"),
                getattr(settings, f"{name}_oidc_client_secret"),
            )
            providers[name] = OidcClient(
                f"oidc_{name}", issuer, client_id, secret, label_zh=label_zh, label_en=label_en
            )
    return providers


def _alipay(gateway: AlipayGateway, settings: Settings) -> AlipayMini:
    try:
        return AlipayMini(gateway, settings.alipay_aes_key)
    except ValueError as error:
        raise ConfigurationError("ALIPAY_AES_KEY must be base64 of 16, 24 or 32 bytes") from error


def _templates(settings: Settings, platform: str) -> dict[str, MiniTemplate]:
    """The approved templates, after checking that we know their names and have what their fields show."""
    templates = settings.mini_templates(platform)
    for name, template in templates.items():
        if not set(template.fields) <= set(TEMPLATES.get(name, ())):
            raise ConfigurationError(
                f"message template {name} of {platform}: unknown, or a field that it does not have"
            )
    return templates
