"""Security keys in the personal centre of a desk (A10): its templates are `<desk>/key_new.html`, `key_removal.html`."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, url_for

from app.accounts.fresh_proof import request_proof_code
from app.accounts.security_keys import (
    finish_key_registration,
    get_security_key,
    list_security_keys,
    remove_security_key,
)
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.keys import key_origin, relying_party, typed_answer, typed_proof
from app.http.kit.web import go, is_htmx, part, typed


def add_key_pages(blueprint: Blueprint, show: Callable[..., Response]) -> None:
    """`/account/security-keys…`: add and remove. `show`: a page of the desk, by template and section."""
    _add_new(blueprint, show)

    @blueprint.get("/account/security-keys/<uuid:key_id>/removal")
    def show_key_removal(key_id: uuid.UUID) -> Response:
        key = get_security_key(actor=current_actor(), key_id=key_id)
        return show(f"{blueprint.name}/key_removal.html", "account", key=key, **describe_keys())

    @blueprint.post("/account/security-keys/<uuid:key_id>/removal")
    def remove_key(key_id: uuid.UUID) -> Response:
        remove_security_key(actor=current_actor(), key_id=key_id, proof=typed_proof(), party=relying_party())
        return go(url_for(".show_account", done="key_removed"))


def _add_new(blueprint: Blueprint, show: Callable[..., Response]) -> None:
    @blueprint.get("/account/security-keys/new")
    def show_new_key() -> Response:
        return show(f"{blueprint.name}/key_new.html", "account", **describe_keys())

    @blueprint.post("/account/security-keys/codes")
    @no_idempotency_key
    def send_key_code() -> Response:
        sent = request_proof_code(actor=current_actor())
        return part("kit/partials/code_sent.html", sent=sent) if is_htmx() else go(url_for(".show_account"))

    @blueprint.post("/account/security-keys")
    def add_key() -> Response:
        """The proof was asked for with the challenge."""
        ceremony_id, credential = typed_answer()
        finish_key_registration(
            actor=current_actor(), ceremony_id=ceremony_id, credential=credential, name=typed("name"),
            party=relying_party(),
        )  # fmt: skip
        return go(url_for(".show_account", done="key_added"))


def describe_keys() -> dict[str, Any]:
    """For the templates: my keys, whether keys work here at all, and where they would."""
    keys = list_security_keys(actor=current_actor())
    return {"keys": keys, "offered": relying_party() is not None, "elsewhere": key_origin()}
