"""Security keys in the personal centre, and the login with one (A10)."""

import uuid
from typing import Any

from flask import Response, url_for

from app.accounts.fresh_proof import request_proof_code
from app.accounts.security_keys import (
    finish_key_registration,
    get_security_key,
    list_security_keys,
    remove_security_key,
    rename_security_key,
)
from app.console.pages.blueprint import blueprint
from app.console.pages.doors import code_part, lead_in, ticked
from app.console.pages.web import go, is_htmx, safe_path, show, typed
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.keys import key_origin, relying_party, typed_answer, typed_proof
from app.identity.login import log_in_by_security_key


@blueprint.post("/login/security-key")
def log_in_with_key() -> Response:
    """As with a code: one organisation is entered at once, of several one is chosen."""
    ceremony_id, credential = typed_answer()
    opened = log_in_by_security_key(
        ceremony_id=ceremony_id, credential=credential, agreements=ticked(), party=relying_party(), channel="console",
        ip=client_ip(), device=client_device(),
    )  # fmt: skip
    return lead_in(opened, safe_path(typed("next")))


@blueprint.get("/account/security-keys/new")
def show_new_key() -> Response:
    return show("console/key_new.html", "account", **_shown())


@blueprint.post("/account/security-keys/codes")
@no_idempotency_key
def send_key_code() -> Response:
    sent = request_proof_code(actor=current_actor())
    return code_part(sent) if is_htmx() else go(url_for("console.show_account"))


@blueprint.post("/account/security-keys")
def add_key() -> Response:
    """The proof was asked for with the challenge."""
    ceremony_id, credential = typed_answer()
    finish_key_registration(
        actor=current_actor(), ceremony_id=ceremony_id, credential=credential, name=typed("name"),
        party=relying_party(),
    )  # fmt: skip
    return go(url_for("console.show_account", done="key_added"))


@blueprint.post("/account/security-keys/<uuid:key_id>/name")
def rename_key(key_id: uuid.UUID) -> Response:
    rename_security_key(actor=current_actor(), key_id=key_id, name=typed("name"))
    return go(url_for("console.show_account", done="saved"))


@blueprint.get("/account/security-keys/<uuid:key_id>/removal")
def show_key_removal(key_id: uuid.UUID) -> Response:
    key = get_security_key(actor=current_actor(), key_id=key_id)
    return show("console/key_removal.html", "account", key=key, **_shown())


@blueprint.post("/account/security-keys/<uuid:key_id>/removal")
def remove_key(key_id: uuid.UUID) -> Response:
    remove_security_key(actor=current_actor(), key_id=key_id, proof=typed_proof(), party=relying_party())
    return go(url_for("console.show_account", done="key_removed"))


def _shown() -> dict[str, Any]:
    keys = list_security_keys(actor=current_actor())
    return {"keys": keys, "offered": relying_party() is not None, "elsewhere": key_origin()}
