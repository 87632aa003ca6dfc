"""What this installation offers at all (VERIFICATION_METHODS, INTENT_METHODS)."""

from collections.abc import Collection

from app.core.errors import InvalidInput


def check_offered(method: str, offered: Collection[str]) -> None:
    """Raises InvalidInput for a way that the operator of the platform has switched off."""
    if method not in offered:
        raise InvalidInput(fields={"method": ["平台未开通此方式。"]})
