"""What a person's own certificate has on the wire, for workers and operators alike (E6)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import WireSchema
from app.signing.certificate_view import CertificateDetails, CertificateStatus, CertificateView
from app.signing.second_proof import SecondProof

# As typed: blanks and full-width digits are for the use case to judge.
PIN = validate.Length(1, 20)


class CertificateActivationSchema(WireSchema):
    """`face_check_id` or `password`: whoever had a PIN before (`had_pin`) needs one of them."""

    pin = ma.fields.String(required=True, validate=PIN)
    code = ma.fields.String(required=True, validate=validate.Length(4, 12))
    face_check_id = ma.fields.UUID(load_default=None)
    password = ma.fields.String(load_default="", validate=validate.Length(max=200))


class PinSchema(WireSchema):
    pin = ma.fields.String(required=True, validate=PIN)


class PinChangeSchema(WireSchema):
    pin = ma.fields.String(required=True, validate=PIN)
    current_pin = ma.fields.String(required=True, validate=PIN)


class CertificateDetailsSchema(ma.Schema):
    serial = ma.fields.String(required=True, metadata={"description": "hexadecimal"})
    subject = ma.fields.String(required=True, metadata={"description": "the holder's name, masked"})
    issuer = ma.fields.String(required=True)
    not_before = ma.fields.AwareDateTime(required=True)
    not_after = ma.fields.AwareDateTime(required=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class CertificateSchema(ma.Schema):
    status = ma.fields.String(required=True, validate=validate.OneOf([str(one) for one in CertificateStatus]))
    had_pin = ma.fields.Boolean(required=True)
    pin_locked = ma.fields.Boolean(required=True)
    renewable = ma.fields.Boolean(required=True)
    renewing = ma.fields.Boolean(required=True)
    details = ma.fields.Nested(CertificateDetailsSchema, required=True, allow_none=True)


def take_second(body: dict[str, Any]) -> SecondProof:
    """Takes the fields of a second proof out of `body`."""
    return SecondProof(body.pop("face_check_id"), body.pop("password"))


def dump_certificate(view: CertificateView) -> dict[str, Any]:
    return {
        "status": view.status, "had_pin": view.had_pin, "pin_locked": view.pin_locked, "renewable": view.renewable,
        "renewing": view.renewing, "details": _details(view.details) if view.details else None,
    }  # fmt: skip


def _details(details: CertificateDetails) -> dict[str, Any]:
    return {
        "serial": details.serial, "subject": details.subject, "issuer": details.issuer,
        "not_before": in_shanghai(details.not_before), "not_after": in_shanghai(details.not_after),
        "revoked_at": in_shanghai(details.revoked_at) if details.revoked_at else None,
    }  # fmt: skip
