"""Security keys on the wire, for whoever sits at a desk (A10; WebAuthn Level 3)."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import request
from marshmallow import validate

from app.accounts.errors import SecurityKeyRefused
from app.accounts.fresh_proof import FreshProof
from app.accounts.key_ceremonies import RelyingParty, relying_party_of
from app.accounts.security_keys import begin_key_login, begin_key_proof, begin_key_registration
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, settings
from app.http.idempotency import no_idempotency_key
from app.http.kit.web import find_id, typed

_CREDENTIAL = {"description": "the PublicKeyCredential of the browser as JSON (`toJSON()`)"}


class KeyPhoneSchema(WireSchema):
    phone = ma.fields.String(load_default="", validate=validate.Length(max=30))


class KeyAnswerSchema(WireSchema):
    ceremony_id = ma.fields.UUID(required=True)
    credential = ma.fields.Dict(keys=ma.fields.String(), required=True, metadata=_CREDENTIAL)


class NewKeySchema(KeyAnswerSchema):
    name = ma.fields.String(required=True, validate=validate.Length(1, 40))


class KeyNameSchema(WireSchema):
    name = ma.fields.String(required=True, validate=validate.Length(1, 40))


class FreshProofSchema(WireSchema):
    """One of three: a code sent to the own phone, the password, or the answer of one's own key."""

    code = ma.fields.String(load_default="", validate=validate.Length(max=12))
    password = ma.fields.String(load_default="", validate=validate.Length(max=64))
    key = ma.fields.Nested(KeyAnswerSchema, load_default=None)


class KeyOptionsSchema(ma.Schema):
    ceremony_id = ma.fields.UUID(required=True)
    options = ma.fields.Dict(required=True, metadata={"description": "for navigator.credentials, binary as base64url"})
    expires_at = ma.fields.AwareDateTime(required=True)


class SecurityKeySchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    last_used_at = ma.fields.AwareDateTime(required=True, allow_none=True)


def add_key_challenges(blueprint: ApiBlueprint, *, account_kind: str) -> None:
    """The challenges that the pages of a desk ask for over JSON."""

    @blueprint.post("/login/security-key/options")
    @blueprint.arguments(KeyPhoneSchema)
    @blueprint.response(200, KeyOptionsSchema)
    def ask_at_login(body: dict[str, Any]) -> Any:
        """A challenge for the key of this phone, or, without a phone, of any key that knows its owner."""
        return begin_key_login(account_kind=account_kind, phone=body["phone"], party=relying_party())

    @blueprint.post("/security-keys/proof")
    @blueprint.response(200, KeyOptionsSchema)
    @no_idempotency_key
    def ask_for_proof() -> Any:
        """A challenge for one of my keys: a way to prove myself once more."""
        return begin_key_proof(actor=current_actor(), party=relying_party())

    @blueprint.post("/security-keys/options")
    @blueprint.arguments(FreshProofSchema)
    @blueprint.response(200, KeyOptionsSchema)
    @no_idempotency_key
    def ask_for_new(body: dict[str, Any]) -> Any:
        """A challenge for a new key, against a fresh proof."""
        return begin_key_registration(actor=current_actor(), proof=proof_of(body), party=relying_party())


def relying_party() -> RelyingParty | None:
    """Us, as keys know us; None where they can't work."""
    return relying_party_of(settings().public_url)


def key_origin() -> str:
    """Where keys work, when this page is somewhere else (127.0.0.1 on a developer's machine); else empty."""
    party = relying_party()
    return party.origin if party is not None and party.origin != request.host_url.rstrip("/") else ""


def proof_of(body: Mapping[str, Any]) -> FreshProof:
    """From `FreshProofSchema`."""
    key = body["key"] or {}
    return FreshProof(body["password"], body["code"], key.get("ceremony_id"), key.get("credential"))


def typed_proof() -> FreshProof:
    """From a page's form: only of the way that was chosen there."""
    chosen = typed("proof")
    if chosen == "key":
        ceremony_id, credential = typed_answer()
        return FreshProof(ceremony_id=ceremony_id, credential=credential)
    if chosen == "password":
        return FreshProof(password=request.form.get("password", ""))
    return FreshProof(code=typed("code"))


def typed_answer() -> tuple[uuid.UUID, dict[str, Any]]:
    """What the page's module put into the form. Raises SecurityKeyRefused."""
    try:
        credential = json.loads(typed("credential"))
    except (ValueError, RecursionError) as error:
        raise SecurityKeyRefused from error
    ceremony_id = find_id(typed("ceremony_id"))
    if ceremony_id is None or not isinstance(credential, dict):
        raise SecurityKeyRefused
    return ceremony_id, credential
