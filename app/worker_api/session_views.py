"""A session on the wire."""

from datetime import datetime
from typing import Any

from app.core.actor import Actor
from app.core.clock import in_shanghai
from app.identity.persons import get_profile


def dump_session(actor: Actor, csrf_token: str, expires_at: datetime) -> dict[str, Any]:
    """`SessionSchema`: who is logged in, and how far they are verified."""
    profile = get_profile(actor=actor)
    return {
        "account_id": profile.account_id,
        "phone_masked": profile.phone_masked,
        "csrf_token": csrf_token,
        "expires_at": in_shanghai(expires_at),
        "language": profile.language,
        "font_scale": profile.font_scale,
        "person": profile.person,
        "unread": profile.unread,
        "has_password": profile.has_password,
    }
