"""What a person's own certificate has on the wire, for workers and operators alike (E6)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.http.shared.codes import CODE, CodeSentSchema
from app.signing.certificate_view import CertificateDetails, CertificateStatus, CertificateView
from app.signing.personal_certificates import (
    activate_certificate,
    change_pin,
    get_own_certificate,
    renew_certificate,
    request_certificate_code,
    revoke_certificate,
)
from app.signing.second_proof import SecondProof

# As typed: blanks and full-width digits are for the use case to judge.
PIN = validate.Length(1, 20)


class CertificateActivationSchema(WireSchema):
    """`face_check_id` or `password`: whoever had a PIN before (`had_pin`) needs one of them."""

    pin = ma.fields.String(required=True, validate=PIN)
    code = ma.fields.String(required=True, validate=CODE)
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


def add_certificate(blueprint: ApiBlueprint) -> None:
    """`/certificate…`: everything but the face check before a PIN is replaced, which each channel shows its own way."""
    _add_reading(blueprint)
    _add_pin(blueprint)

    @blueprint.post("/certificate/renewal")
    @blueprint.arguments(PinSchema)
    @blueprint.response(200, CertificateSchema)
    def renew(body: dict[str, Any]) -> Any:
        """Another year, where `renewable`."""
        return _dump(renew_certificate(actor=current_actor(), pin=body["pin"]))

    @blueprint.post("/certificate/revocation")
    @blueprint.response(200, CertificateSchema)
    def revoke() -> Any:
        """End it, at once and for good."""
        return _dump(revoke_certificate(actor=current_actor()))


def _add_reading(blueprint: ApiBlueprint) -> None:
    @blueprint.get("/certificate")
    @blueprint.response(200, CertificateSchema)
    def read() -> Any:
        """How it stands; `none` before the first."""
        return _dump(get_own_certificate(actor=current_actor()))

    @blueprint.post("/certificate/codes")
    @blueprint.response(202, CodeSentSchema)
    @no_idempotency_key
    def request_code() -> Any:
        """Send a code to my own phone, to set a PIN."""
        return request_certificate_code(actor=current_actor())


def _add_pin(blueprint: ApiBlueprint) -> None:
    @blueprint.post("/certificate/activation")
    @blueprint.arguments(CertificateActivationSchema)
    @blueprint.response(200, CertificateSchema)
    def activate(body: dict[str, Any]) -> Any:
        """Set a PIN; a certificate follows within seconds unless one holds (`issuing`)."""
        second = SecondProof(body.pop("face_check_id"), body.pop("password"))
        return _dump(activate_certificate(actor=current_actor(), second=second, faces=providers().faces, **body))

    @blueprint.post("/certificate/pin")
    @blueprint.arguments(PinChangeSchema)
    @blueprint.response(200, CertificateSchema)
    def change(body: dict[str, Any]) -> Any:
        """Another PIN, by the present one."""
        return _dump(change_pin(actor=current_actor(), **body))


def _dump(view: CertificateView) -> dict[str, Any]:
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
