"""The texts that are agreed to, and what somebody agreed to (B1)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor
from app.http.language import language
from app.identity.consents import ConsentView, give_consent, list_consents
from app.identity.texts import ConsentText, current_texts, get_text


class AgreementInputSchema(WireSchema):
    kind = ma.fields.String(required=True, validate=validate.Length(max=40))
    version = ma.fields.String(required=True, validate=validate.Length(max=20))


class AgreementsSchema(WireSchema):
    """What every login sends, whatever proves who it is."""

    agreements = ma.fields.List(ma.fields.Nested(AgreementInputSchema), required=True, validate=validate.Length(max=10))


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


def add_agreements(blueprint: ApiBlueprint) -> None:
    """`GET /agreements`, `/agreements/<kind>`: before anybody is logged in."""

    @blueprint.get("/agreements")
    @blueprint.response(200, AgreementSchema(many=True))
    def list_agreements() -> Any:
        """Every text, its current version, and what it is needed for."""
        return [_head(text) for text in current_texts()]

    @blueprint.get("/agreements/<kind>")
    @blueprint.response(200, AgreementTextSchema)
    def get_agreement(kind: str) -> Any:
        """One text in full, in the language of the request; the hash covers both languages."""
        text = get_text(kind)
        body = text.text_en if language() == "en" else text.text_zh
        return _head(text) | {"text": body, "sha256": text.sha256}


def add_consents(blueprint: ApiBlueprint) -> None:
    """`GET` and `POST /consents`."""

    @blueprint.get("/consents")
    @blueprint.response(200, ConsentSchema(many=True))
    def find_consents() -> Any:
        """What I agreed to."""
        return [_dump(view) for view in list_consents(actor=current_actor())]

    @blueprint.post("/consents")
    @blueprint.arguments(AgreementInputSchema)
    @blueprint.response(201, ConsentSchema)
    def consent(body: dict[str, Any]) -> Any:
        """Agree to the version that was shown."""
        return _dump(give_consent(actor=current_actor(), kind=body["kind"], version=body["version"]))


def _head(text: ConsentText) -> dict[str, Any]:
    title = text.title_en if language() == "en" else text.title_zh
    return {"kind": text.kind, "version": text.version, "title": title, "required_for": text.required_for}


def _dump(view: ConsentView) -> dict[str, Any]:
    given_at = view.given_at and in_shanghai(view.given_at)
    return {"kind": view.kind, "version": view.version, "given_at": given_at, "current": view.is_current}
