"""Identifiers: random, 128 bits, safe to show (T-01). Never derived from data or order."""

import secrets
import uuid
from datetime import datetime

from app.core.clock import in_shanghai

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    return uuid.uuid4()


def new_token() -> str:
    """An opaque secret of 256 bits, URL-safe. Only its hash is ever stored."""
    return secrets.token_urlsafe(32)


def new_number(prefix: str, moment: datetime) -> str:
    """For people to say: prefix, date in Shanghai, six random characters; tells nothing of how many there are."""
    tail = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    return f"{prefix}{in_shanghai(moment):%Y%m%d}-{tail}"
