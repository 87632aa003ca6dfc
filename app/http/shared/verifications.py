"""Real-name verification (B2, B3, B4): which ways there are, one's attempts. A channel says how a face is shown."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers, settings
from app.http.language import language
from app.http.offers import check_offered
from app.http.shared.codes import CodeSchema
from app.http.verification_methods import describe_methods
from app.identity.bank_verification import start_bank_verification
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.face_checks import FaceWay
from app.identity.face_verification import get_current_verification, get_verification, start_face_verification
from app.identity.manual_verification import start_manual_verification
from app.identity.phone_verification import start_phone_verification
from app.identity.verification_views import VerificationView
from app.identity.verifications import VERIFICATION_METHODS


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


class IdentitySchema(WireSchema):
    """`card_number`, `bank_phone`: by bank card. `document_ids`, `nationality` (ISO 3166-1 alpha-3): by review."""

    method = ma.fields.String(required=True, validate=validate.OneOf(VERIFICATION_METHODS))
    name = ma.fields.String(required=True, validate=validate.Length(1, 50))
    id_type = ma.fields.String(load_default="resident_id", validate=validate.Length(max=30))
    id_number = ma.fields.String(required=True, validate=validate.Length(1, 30))
    card_number = ma.fields.String(load_default="", validate=validate.Length(max=40))
    bank_phone = ma.fields.String(load_default="", validate=validate.Length(max=30))
    document_ids = ma.fields.List(ma.fields.UUID(), load_default=list, validate=validate.Length(max=4))
    nationality = ma.fields.String(load_default="", validate=validate.Length(max=3))


class AttemptSchema(ma.Schema):
    """How an attempt stands. `message`: why it did not succeed, and what to do."""

    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    outcome = ma.fields.String()
    message = ma.fields.String()
    resend_after = ma.fields.Integer()
    phone_masked = ma.fields.String(metadata={"description": "where the bank's code went"})
    expires_at = ma.fields.AwareDateTime(required=True)


def start_verification(told: Mapping[str, Any], way: FaceWay) -> VerificationView:
    """Begin the way that was chosen; for pages and JSON alike. `told`: the fields of `IdentitySchema`."""
    method, ports = told["method"], providers()
    check_offered(method, settings().verification_methods)
    who = {"actor": current_actor()} | {name: told[name] for name in ("name", "id_number", "id_type")}
    if method == "phone":
        return start_phone_verification(**who, carrier=ports.carrier)
    if method == "bank":
        card = {name: told[name] for name in ("card_number", "bank_phone")}
        return start_bank_verification(**who, **card, bank=ports.bank)
    if method == "manual":
        pictures = {name: told[name] for name in ("document_ids", "nationality")}
        return start_manual_verification(**who, **pictures)
    return start_face_verification(**who, way=way, faces=ports.faces)


def dump_attempt(view: VerificationView) -> dict[str, Any]:
    """`AttemptSchema`."""
    dumped: dict[str, Any] = {
        "id": view.id,
        "method": view.method,
        "status": "waiting" if view.status == "checking" else view.status,
        "expires_at": in_shanghai(view.expires_at),
    }
    optional = {
        "outcome": view.outcome, "message": reason_of(view), "resend_after": view.resend_after,
        "phone_masked": view.phone_masked,
    }  # fmt: skip
    return dumped | {name: value for name, value in optional.items() if value is not None}


def reason_of(view: VerificationView) -> str | None:
    """Why it did not succeed, for people."""
    if view.review_reason:
        return str(gettext("审核未通过：%(reason)s", reason=view.review_reason))
    if view.reason is None:
        return None
    return view.reason.text_en if language() == "en" else view.reason.text_zh


def add_verifications(
    blueprint: ApiBlueprint, answer: type[AttemptSchema], dump: Callable[[VerificationView], dict[str, Any]]
) -> None:
    """The ways, and everything about an attempt but its beginning. `dump` makes an `answer`."""

    @blueprint.get("/verification-methods")
    @blueprint.response(200, MethodSchema(many=True))
    def list_methods() -> Any:
        """Ways to be verified, with which documents and vendors; nobody has to show a face."""
        return describe_methods()

    @blueprint.get("/verifications/current")
    @blueprint.response(200, answer)
    @blueprint.alt_response(204, description="no attempt is open")
    def read_current() -> Any:
        """The newest attempt that is open: another window, or the app after a restart, goes on with it."""
        view = get_current_verification(actor=current_actor(), faces=providers().faces)
        return dump(view) if view is not None else ("", 204)

    @blueprint.get("/verifications/<uuid:verification_id>")
    @blueprint.response(200, answer)
    def read(verification_id: uuid.UUID) -> Any:
        """Where it stands; for a face check the server asks the vendor."""
        return dump(get_verification(actor=current_actor(), verification_id=verification_id, faces=providers().faces))

    @blueprint.post("/verifications/<uuid:verification_id>/code")
    @blueprint.arguments(CodeSchema)
    @blueprint.response(200, answer)
    def confirm(body: dict[str, Any], verification_id: uuid.UUID) -> Any:
        """Type the code back: verified."""
        actor, code = current_actor(), body["code"]
        return dump(confirm_verification_code(actor=actor, verification_id=verification_id, code=code))

    @blueprint.post("/verifications/<uuid:verification_id>/resend")
    @blueprint.response(200, answer)
    def resend(verification_id: uuid.UUID) -> Any:
        """Another code."""
        return dump(resend_verification_code(actor=current_actor(), verification_id=verification_id))
