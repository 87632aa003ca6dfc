"""The wire of the operator's session, verification, organisation and seals."""

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate

from app.http.api import WireSchema
from app.http.shared.agreements import AgreementsSchema
from app.http.shared.codes import PHONE, PhoneAndCodeSchema, PhoneAndPasswordSchema
from app.http.shared.verifications import AttemptSchema, IdentitySchema
from app.organisations.service.verifying import REPRESENTATIVE_DOCUMENTS

ORGANISATION_KINDS = ("enterprise", "individual_business", "other")
NO_PICTURE = "请选择营业执照图片（JPG 或 PNG）。"


class OperatorCodeRequestSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=PHONE)
    purpose = ma.fields.String(load_default="login", validate=validate.OneOf(("login", "registration")))


class OperatorLoginSchema(AgreementsSchema, PhoneAndCodeSchema):
    """By a code."""


class OperatorPasswordLoginSchema(AgreementsSchema, PhoneAndPasswordSchema):
    """By the password that was set before."""


class OrganisationDataSchema(WireSchema):
    name = ma.fields.String(required=True, validate=validate.Length(max=100))
    uscc = ma.fields.String(required=True, validate=validate.Length(max=30))
    kind = ma.fields.String(required=True, validate=validate.OneOf(ORGANISATION_KINDS))
    address = ma.fields.String(required=True, validate=validate.Length(max=200))


class RegistrationSchema(OrganisationDataSchema, OperatorLoginSchema):
    """A8: the organisation, and the phone of its first administrator."""


class OrganisationVerificationSchema(OrganisationDataSchema):
    legal_representative = ma.fields.String(required=True, validate=validate.Length(max=50))
    legal_representative_id_type = ma.fields.String(
        load_default="resident_id", validate=validate.OneOf([str(kind) for kind in REPRESENTATIVE_DOCUMENTS])
    )
    legal_representative_id_number = ma.fields.String(required=True, validate=validate.Length(max=30))


class OrganisationBriefSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    status = ma.fields.String(required=True)


class MembershipSchema(OrganisationBriefSchema):
    role = ma.fields.String(required=True)


class OrganisationSchema(OrganisationBriefSchema):
    uscc = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    region_code = ma.fields.String(required=True)
    province = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    legal_representative_masked = ma.fields.String(required=True)
    verified_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    licence_sha256 = ma.fields.String(required=True, allow_none=True)


class LicenceUploadSchema(WireSchema):
    file = Upload(
        required=True, error_messages={"required": NO_PICTURE},
        metadata={"description": "JPG or PNG, up to 5 MB and 12 megapixels"},
    )  # fmt: skip


class LicenceSchema(ma.Schema):
    sha256 = ma.fields.String(required=True, metadata={"description": "of the picture as it is stored"})


class OperatorPersonSchema(ma.Schema):
    name = ma.fields.String(required=True)
    id_number_masked = ma.fields.String(required=True)
    method = ma.fields.String(required=True)
    verified_at = ma.fields.AwareDateTime(required=True)


class OperatorSessionSchema(ma.Schema):
    account_id = ma.fields.UUID(required=True)
    phone_masked = ma.fields.String(required=True)
    csrf_token = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    person = ma.fields.Nested(OperatorPersonSchema, required=True, allow_none=True)
    organisation = ma.fields.Nested(OrganisationBriefSchema, required=True, allow_none=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    unread = ma.fields.Integer(required=True)
    has_password = ma.fields.Boolean(required=True)


class OperatorVerificationStartSchema(IdentitySchema):
    """`provider`: by face, whom to ask; by default the preferred one."""

    provider = ma.fields.String(load_default="", validate=validate.Length(max=20))


class OperatorVerificationSchema(AttemptSchema):
    """`url`: the vendor's page, which a phone opens."""

    url = ma.fields.String()
    qr = ma.fields.String(metadata={"description": "the url as a picture, a `data:` address"})


class NewSealSchema(WireSchema):
    kind = ma.fields.String(load_default="contract", validate=validate.OneOf(("contract",)))


class SealSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    purpose_line = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    is_default = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class SealImageQuerySchema(WireSchema):
    format = ma.fields.String(load_default="png", validate=validate.OneOf(("png", "svg")))
