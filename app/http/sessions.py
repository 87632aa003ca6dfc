"""A worker's session on the wire."""

from datetime import datetime
from typing import Any

import marshmallow as ma

from app.core.actor import Actor
from app.core.clock import in_shanghai
from app.identity.persons import get_profile


class PersonSchema(ma.Schema):
    name = ma.fields.String(required=True)
    id_number_masked = ma.fields.String(required=True)
    verified_at = ma.fields.AwareDateTime(required=True)
    method = ma.fields.String(required=True)


class SessionSchema(ma.Schema):
    account_id = ma.fields.UUID(required=True)
    phone_masked = ma.fields.String(required=True)
    csrf_token = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    language = ma.fields.String(required=True)
    font_scale = ma.fields.String(required=True)
    person = ma.fields.Nested(PersonSchema, required=True, allow_none=True)
    unread = ma.fields.Integer(required=True)
    has_password = ma.fields.Boolean(required=True)


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
