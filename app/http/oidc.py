"""What starting a login at an identity provider and coming back from it share: providers, addresses, the cookie."""

from datetime import datetime

from flask import Response, request

from app.accounts.errors import PlatformNotOffered
from app.accounts.ports import IdentityProvider
from app.core.clock import now
from app.http.context import providers, settings

PREFIX = "/api/v1/h5/oidc"
_BROWSER, _PHONE = "gongyue_oidc", "gongyue_oidc_phone"


def find_provider(kind: str) -> IdentityProvider:
    """Raises PlatformNotOffered for one that is unknown or not configured."""
    provider = providers().identity_providers.get(kind)
    if provider is None:
        raise PlatformNotOffered
    return provider


def callback_url(kind: str) -> str:
    """The redirect URI that is registered at the provider."""
    return providers().return_url(f"{PREFIX}/{kind}/callback")


def browser_token() -> str:
    """What binds a login to the browser that began it, or nothing."""
    return request.cookies.get(_BROWSER, "")


def set_browser_token(response: Response, token: str, expires_at: datetime) -> None:
    _set(response, _BROWSER, token, expires_at, "/api/v1")


def confirm_token() -> str:
    """What lets this phone decide about a PC, or nothing."""
    return request.cookies.get(_PHONE, "")


def set_confirm_token(response: Response, token: str, expires_at: datetime) -> None:
    _set(response, _PHONE, token, expires_at, PREFIX)


def _set(response: Response, name: str, token: str, expires_at: datetime, path: str) -> None:
    """Lax: the provider's redirect is a navigation from another site, and must bring the cookie."""
    response.set_cookie(
        name, token, max_age=int((expires_at - now()).total_seconds()), path=path, secure=settings().is_https,
        httponly=True, samesite="Lax",
    )  # fmt: skip
