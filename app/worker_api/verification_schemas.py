"""The wire of real-name verification."""

import marshmallow as ma

from app.http.shared.verifications import AttemptSchema, IdentitySchema
from app.worker_api.faces import FaceAnswerSchema, FaceWaySchema


class VerificationStartSchema(FaceWaySchema, IdentitySchema):
    """Who one is, and how a face would be checked."""


class OlderAccountSchema(ma.Schema):
    """`proof_wanted`: verify once more, by face, bank card or review, before it can be claimed."""

    phone_masked = ma.fields.String(required=True)
    proof_wanted = ma.fields.Boolean(required=True)


class VerificationSchema(FaceAnswerSchema, AttemptSchema):
    """`claim`: the proven person has an older account; it can be taken over (`/verifications/{id}/claim`)."""

    claim = ma.fields.Nested(OlderAccountSchema)
