"""The platform that an address names."""

from app.accounts.errors import PlatformNotOffered
from app.accounts.ports import MiniPlatform
from app.http.context import providers
from app.notifications.ports import MiniMessenger


def find_platform(name: str) -> MiniPlatform:
    """Raises PlatformNotOffered for one that is unknown or not configured."""
    found = providers().mini.get(name)
    if found is None:
        raise PlatformNotOffered
    return found


def find_messenger(name: str) -> MiniMessenger:
    """Raises PlatformNotOffered."""
    found = providers().messengers.get(name)
    if found is None:
        raise PlatformNotOffered
    return found
