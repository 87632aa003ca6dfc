"""Identifiers: random, 128 bits, safe to show (T-01). Never derived from data or order."""

import secrets
import uuid


def new_id() -> uuid.UUID:
    return uuid.uuid4()


def new_token() -> str:
    """An opaque secret of 256 bits, URL-safe. Only its hash is ever stored."""
    return secrets.token_urlsafe(32)
