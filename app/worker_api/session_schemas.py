"""The wire of login, session and consent."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema

LANGUAGES, FONT_SCALES, TRANSPORTS = ("zh-CN", "en"), ("1", "1.25", "1.5"), ("cookie", "bearer")


class PhoneSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))


class CodeSentSchema(ma.Schema):
    resend_after = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class AgreementInputSchema(WireSchema):
    kind = ma.fields.String(required=True, validate=validate.Length(max=40))
    version = ma.fields.String(required=True, validate=validate.Length(max=20))


class _LoginSchema(WireSchema):
    """What every login sends, whatever proves the phone."""

    phone = ma.fields.String(required=True, validate=validate.Length(max=30))
    agreements = ma.fields.List(ma.fields.Nested(AgreementInputSchema), required=True, validate=validate.Length(max=10))
    transport = ma.fields.String(load_default="cookie", validate=validate.OneOf(TRANSPORTS))
    link_token = ma.fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class LoginSchema(_LoginSchema):
    code = ma.fields.String(required=True, validate=validate.Length(4, 12))


class PasswordLoginSchema(_LoginSchema):
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


class TargetSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    id = ma.fields.UUID(required=True)


class LoggedInSchema(SessionSchema):
    token = ma.fields.String(metadata={"description": "bearer transport only; shown this once"})
    target = ma.fields.Nested(TargetSchema, metadata={"description": "where the link leads, if it is this phone's"})


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
