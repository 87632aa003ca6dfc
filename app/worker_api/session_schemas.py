"""The wire of login, session and consent."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema
from app.http.logins import AnyLoginSchema

LANGUAGES, FONT_SCALES = ("zh-CN", "en"), ("1", "1.25", "1.5")


class PhoneSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))


class CodeSentSchema(ma.Schema):
    resend_after = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class LoginSchema(AnyLoginSchema):
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))
    code = ma.fields.String(required=True, validate=validate.Length(4, 12))


class PasswordLoginSchema(AnyLoginSchema):
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))
    password = ma.fields.String(required=True, validate=validate.Length(1, 200))


class NewPasswordSchema(WireSchema):
    """`code`: for the first password. `current_password`: to change it."""

    password = ma.fields.String(required=True, validate=validate.Length(1, 200))
    code = ma.fields.String(load_default="", validate=validate.Length(max=12))
    current_password = ma.fields.String(load_default="", validate=validate.Length(max=200))


class PasswordResetSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))
    code = ma.fields.String(required=True, validate=validate.Length(4, 12))
    password = ma.fields.String(required=True, validate=validate.Length(1, 200))


class PreferencesSchema(WireSchema):
    language = ma.fields.String(validate=validate.OneOf(LANGUAGES))
    font_scale = ma.fields.String(validate=validate.OneOf(FONT_SCALES))


class AgreementSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    required_for = ma.fields.String(required=True)


class AgreementTextSchema(AgreementSchema):
    text = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)


class ConsentSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    given_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    current = ma.fields.Boolean(required=True)


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
