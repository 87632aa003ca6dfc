"""One's password: set, change, reset (A2)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.accounts.passwords import (
    request_password_code,
    request_password_reset_code,
    reset_password,
    set_password,
)
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key
from app.http.shared.codes import PASSWORD, CodeSentSchema, PhoneAndCodeSchema, PhoneSchema


class NewPasswordSchema(WireSchema):
    """`code`: for the first password. `current_password`: to change it."""

    password = ma.fields.String(required=True, validate=PASSWORD)
    code = ma.fields.String(load_default="", validate=validate.Length(max=12))
    current_password = ma.fields.String(load_default="", validate=validate.Length(max=200))


class PasswordResetSchema(PhoneAndCodeSchema):
    password = ma.fields.String(required=True, validate=PASSWORD)


def add_passwords(blueprint: ApiBlueprint, *, account_kind: str, channel: str) -> None:
    """`/password…` for accounts of this kind: one's own, and a forgotten one without a session."""

    @blueprint.post("/password/codes")
    @blueprint.response(202, CodeSentSchema)
    @no_idempotency_key
    def request_code() -> Any:
        """Send a code to my own phone, to set the first password."""
        return request_password_code(actor=current_actor())

    @blueprint.post("/password")
    @blueprint.arguments(NewPasswordSchema)
    @blueprint.response(204)
    def change(body: dict[str, Any]) -> None:
        """Set the first password by code, or change it by the current one; a change ends my other sessions."""
        set_password(actor=current_actor(), **body)

    @blueprint.post("/password/reset/codes")
    @blueprint.arguments(PhoneSchema)
    @blueprint.response(202, CodeSentSchema)
    def request_reset_code(body: dict[str, Any]) -> Any:
        """Send a code to whoever forgot the password. Known and unknown numbers get the same answer."""
        return request_password_reset_code(account_kind=account_kind, phone=body["phone"], ip=client_ip())

    @blueprint.post("/password/reset")
    @blueprint.arguments(PasswordResetSchema)
    @blueprint.response(204)
    def reset(body: dict[str, Any]) -> None:
        """Replace a forgotten password; all sessions end, and one logs in anew."""
        reset_password(account_kind=account_kind, channel=channel, ip=client_ip(), device=client_device(), **body)
