"""The wire of onboardings: what a body may hold, what an answer promises."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema
from app.people.forms import EDUCATIONS, RELATIONS, SEXES

_WORD = validate.Length(max=100)


class TypedAddressSchema(WireSchema):
    """As far as it was typed; the use case says what is missing."""

    region = ma.fields.List(ma.fields.String(validate=validate.Length(max=40)), validate=validate.Length(max=3))
    detail = ma.fields.String(validate=_WORD)


class TypedOnboardingSchema(WireSchema):
    """What a worker types, whole or in part."""

    sex = ma.fields.String(allow_none=True, validate=validate.OneOf((*SEXES, "")))
    registered_residence = ma.fields.Nested(TypedAddressSchema, allow_none=True)
    residence = ma.fields.Nested(TypedAddressSchema, allow_none=True)
    education = ma.fields.String(allow_none=True, validate=validate.OneOf((*EDUCATIONS, "")))
    school = ma.fields.String(allow_none=True, validate=_WORD)
    graduated_in = ma.fields.String(allow_none=True, validate=validate.Length(max=10))
    emergency_name = ma.fields.String(allow_none=True, validate=_WORD)
    emergency_relation = ma.fields.String(allow_none=True, validate=validate.OneOf((*RELATIONS, "")))
    emergency_phone = ma.fields.String(allow_none=True, validate=validate.Length(max=30))


class AgreementToNoticeSchema(WireSchema):
    notice_sha256 = ma.fields.String(
        required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$", error="校验值格式有误，请重新打开页面。")
    )


class OnboardingListQuerySchema(WireSchema):
    cursor = ma.fields.UUID(load_default=None)
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


class OnboardingCardSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    organisation = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    status_text = ma.fields.String(required=True)
    waiting_for_me = ma.fields.Boolean(required=True)
    invited_at = ma.fields.AwareDateTime(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class OnboardingPageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OnboardingCardSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class OnboardingNoticeSchema(ma.Schema):
    version = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)


class VerifiedPartSchema(ma.Schema):
    """From the verification: shown, never typed. `sex`: null where the document doesn't tell."""

    name = ma.fields.String(required=True)
    id_type = ma.fields.String(required=True)
    id_type_text = ma.fields.String(required=True)
    id_number_masked = ma.fields.String(required=True)
    phone_masked = ma.fields.String(required=True)
    sex = ma.fields.String(required=True, allow_none=True)


class CorrectionSchema(ma.Schema):
    """`before`, `after`: as in the form, a text or an address."""

    field = ma.fields.String(required=True)
    before = ma.fields.Raw(required=True)
    after = ma.fields.Raw(required=True)
    by = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)


class OnboardingSchema(OnboardingCardSchema):
    """`draft`: typed so far; `form`: as submitted and corrected, null before that. `reason`: of the last rejection."""

    reason = ma.fields.String(required=True, allow_none=True)
    notice = ma.fields.Nested(OnboardingNoticeSchema, required=True)
    agreed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    submitted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    verified = ma.fields.Nested(VerifiedPartSchema, required=True)
    draft = ma.fields.Nested(TypedOnboardingSchema, required=True)
    form = ma.fields.Nested(TypedOnboardingSchema, required=True, allow_none=True)
    corrections = ma.fields.List(ma.fields.Nested(CorrectionSchema), required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)
