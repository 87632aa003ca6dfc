"""The wire of login and session."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema
from app.http.logins import AnyLoginSchema
from app.http.shared.codes import PhoneAndCodeSchema, PhoneAndPasswordSchema

LANGUAGES, FONT_SCALES = ("zh-CN", "en"), ("1", "1.25", "1.5")


class LoginSchema(AnyLoginSchema, PhoneAndCodeSchema):
    """By a code."""


class PasswordLoginSchema(AnyLoginSchema, PhoneAndPasswordSchema):
    """By the password that was set before."""


class PreferencesSchema(WireSchema):
    language = ma.fields.String(validate=validate.OneOf(LANGUAGES))
    font_scale = ma.fields.String(validate=validate.OneOf(FONT_SCALES))


class DeviceSchema(ma.Schema):
    """One open session. `device` is what its client called itself (User-Agent)."""

    id = ma.fields.UUID(required=True)
    channel = ma.fields.String(required=True)
    device = ma.fields.String(required=True)
    ip = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    last_seen_at = ma.fields.AwareDateTime(required=True)
    current = ma.fields.Boolean(required=True)


class EndedSchema(ma.Schema):
    ended = ma.fields.Integer(required=True, metadata={"description": "sessions that were open until now"})
