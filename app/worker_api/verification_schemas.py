"""The wire of real-name verification."""

import marshmallow as ma
from marshmallow import validate

from app.identity.verifications import VERIFICATION_METHODS
from app.worker_api.faces import FaceAnswerSchema, FaceWaySchema

_TEXT = validate.Length(1, 50)


class LabelledSchema(ma.Schema):
    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class DocumentKindSchema(ma.Schema):
    id_type = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class MethodSchema(ma.Schema):
    """`providers`: whom one can choose between (face); `documents`: with which the way can be gone."""

    method = ma.fields.String(required=True)
    available = ma.fields.Boolean(required=True)
    reason = ma.fields.String()
    provider = ma.fields.String(required=True)
    providers = ma.fields.List(ma.fields.Nested(LabelledSchema), required=True)
    documents = ma.fields.List(ma.fields.Nested(DocumentKindSchema), required=True)


class VerificationStartSchema(FaceWaySchema):
    """`card_number`, `bank_phone`: by bank card. `document_ids`, `nationality` (ISO 3166-1 alpha-3): by review."""

    method = ma.fields.String(required=True, validate=validate.OneOf(VERIFICATION_METHODS))
    name = ma.fields.String(required=True, validate=_TEXT)
    id_type = ma.fields.String(load_default="resident_id", validate=validate.Length(max=30))
    id_number = ma.fields.String(required=True, validate=validate.Length(1, 30))
    card_number = ma.fields.String(load_default="", validate=validate.Length(max=40))
    bank_phone = ma.fields.String(load_default="", validate=validate.Length(max=30))
    document_ids = ma.fields.List(ma.fields.UUID(), load_default=list, validate=validate.Length(max=4))
    nationality = ma.fields.String(load_default="", validate=validate.Length(max=3))


class OlderAccountSchema(ma.Schema):
    """`proof_wanted`: verify once more, by face, bank card or review, before it can be claimed."""

    phone_masked = ma.fields.String(required=True)
    proof_wanted = ma.fields.Boolean(required=True)


class VerificationSchema(FaceAnswerSchema):
    """`claim`: the proven person has an older account; it can be taken over (`/verifications/{id}/claim`)."""

    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    outcome = ma.fields.String()
    message = ma.fields.String()
    resend_after = ma.fields.Integer()
    phone_masked = ma.fields.String(metadata={"description": "where the bank's code went"})
    claim = ma.fields.Nested(OlderAccountSchema)
    expires_at = ma.fields.AwareDateTime(required=True)
