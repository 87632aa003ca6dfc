"""The wire of the operator's session, verification, organisation, seals and messages."""

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate

from app.http.api import WireSchema
from app.identity.verifications import VERIFICATION_METHODS
from app.organisations.service.verifying import REPRESENTATIVE_DOCUMENTS

ORGANISATION_KINDS = ("enterprise", "individual_business", "other")
_PHONE, _CODE = validate.Length(max=30), validate.Length(4, 12)
NO_PICTURE = "请选择营业执照图片（JPG 或 PNG）。"
_PASSWORD = validate.Length(1, 200)


class OperatorCodeRequestSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=_PHONE)
    purpose = ma.fields.String(load_default="login", validate=validate.OneOf(("login", "registration")))


class OperatorCodeSentSchema(ma.Schema):
    resend_after = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class OperatorAgreementInputSchema(WireSchema):
    kind = ma.fields.String(required=True, validate=validate.Length(max=40))
    version = ma.fields.String(required=True, validate=validate.Length(max=20))


class OperatorAgreementSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    required_for = ma.fields.String(required=True)


class OperatorAgreementTextSchema(OperatorAgreementSchema):
    text = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)


class OperatorConsentSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    given_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    current = ma.fields.Boolean(required=True)


class AgreementsSchema(WireSchema):
    """What every login sends, whatever proves who it is."""

    agreements = ma.fields.List(
        ma.fields.Nested(OperatorAgreementInputSchema), required=True, validate=validate.Length(max=10)
    )


class OperatorLoginSchema(AgreementsSchema):
    phone = ma.fields.String(required=True, validate=_PHONE)
    code = ma.fields.String(required=True, validate=_CODE)


class OperatorPasswordLoginSchema(AgreementsSchema):
    phone = ma.fields.String(required=True, validate=_PHONE)
    password = ma.fields.String(required=True, validate=_PASSWORD)


class OperatorPhoneSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=_PHONE)


class OperatorNewPasswordSchema(WireSchema):
    """`code`: for the first password. `current_password`: to change it."""

    password = ma.fields.String(required=True, validate=_PASSWORD)
    code = ma.fields.String(load_default="", validate=validate.Length(max=12))
    current_password = ma.fields.String(load_default="", validate=validate.Length(max=200))


class OperatorPasswordResetSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=_PHONE)
    code = ma.fields.String(required=True, validate=_CODE)
    password = ma.fields.String(required=True, validate=_PASSWORD)


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


class OperatorVendorSchema(ma.Schema):
    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class OperatorDocumentKindSchema(ma.Schema):
    id_type = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class OperatorMethodSchema(ma.Schema):
    """`providers`: whom one can choose between (face); `documents`: with which the way can be gone."""

    method = ma.fields.String(required=True)
    available = ma.fields.Boolean(required=True)
    reason = ma.fields.String()
    provider = ma.fields.String(required=True)
    providers = ma.fields.List(ma.fields.Nested(OperatorVendorSchema), required=True)
    documents = ma.fields.List(ma.fields.Nested(OperatorDocumentKindSchema), required=True)


class OperatorVerificationStartSchema(WireSchema):
    """`provider`: by face. `card_number`, `bank_phone`: by bank card. `document_ids`, `nationality`: by review; the
    nationality as ISO 3166-1 alpha-3.
    """

    method = ma.fields.String(required=True, validate=validate.OneOf(VERIFICATION_METHODS))
    name = ma.fields.String(required=True, validate=validate.Length(1, 50))
    id_type = ma.fields.String(load_default="resident_id", validate=validate.Length(max=30))
    id_number = ma.fields.String(required=True, validate=validate.Length(1, 30))
    provider = ma.fields.String(load_default="", validate=validate.Length(max=20))
    card_number = ma.fields.String(load_default="", validate=validate.Length(max=40))
    bank_phone = ma.fields.String(load_default="", validate=validate.Length(max=30))
    document_ids = ma.fields.List(ma.fields.UUID(), load_default=list, validate=validate.Length(max=4))
    nationality = ma.fields.String(load_default="", validate=validate.Length(max=3))


class OperatorCodeSchema(WireSchema):
    code = ma.fields.String(required=True, validate=_CODE)


class OperatorVerificationSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    outcome = ma.fields.String()
    message = ma.fields.String()
    url = ma.fields.String()
    qr = ma.fields.String(metadata={"description": "the url as a picture, a `data:` address"})
    phone_masked = ma.fields.String(metadata={"description": "where the bank's code went"})
    resend_after = ma.fields.Integer()
    expires_at = ma.fields.AwareDateTime(required=True)


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


class OperatorMessagesQuerySchema(WireSchema):
    cursor = ma.fields.UUID(load_default=None)


class OperatorMessageTargetSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    id = ma.fields.UUID(required=True)


class OperatorMessageSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    target = ma.fields.Nested(OperatorMessageTargetSchema, required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class OperatorMessagePageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OperatorMessageSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class OperatorReadSchema(WireSchema):
    """Either `ids` or `all`."""

    ids = ma.fields.List(ma.fields.UUID(), validate=validate.Length(1, 100))
    all = ma.fields.Boolean(truthy={True}, falsy={False})


class OperatorUnreadSchema(ma.Schema):
    unread = ma.fields.Integer(required=True)
