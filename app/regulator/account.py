"""The personal centre of the desk: who I am, my security keys, where I am logged in (A10, A11)."""

import uuid
from typing import Any

from flask import Response, url_for

from app.accounts.devices import end_session, list_sessions
from app.accounts.fresh_proof import request_proof_code
from app.accounts.security_keys import (
    finish_key_registration,
    get_security_key,
    list_security_keys,
    remove_security_key,
)
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.devices import describe_device
from app.http.kit.keys import key_origin, relying_party, typed_answer, typed_proof
from app.http.kit.web import go, is_htmx, part, typed
from app.regulator.web import blueprint, show


@blueprint.get("/account")
def show_account() -> Response:
    sessions = [(session, describe_device(session.device)) for session in list_sessions(actor=current_actor())]
    return show("regulator/account.html", "account", sessions=sessions, **_keys())


@blueprint.post("/account/sessions/<uuid:session_id>/end")
def end_own_session(session_id: uuid.UUID) -> Response:
    end_session(actor=current_actor(), session_id=session_id)
    return go(url_for("regulator.show_account", done="session_ended"))


@blueprint.get("/account/security-keys/new")
def show_new_key() -> Response:
    return show("regulator/key_new.html", "account", **_keys())


@blueprint.post("/account/security-keys/codes")
@no_idempotency_key
def send_key_code() -> Response:
    sent = request_proof_code(actor=current_actor())
    return part("kit/partials/code_sent.html", sent=sent) if is_htmx() else go(url_for("regulator.show_account"))


@blueprint.post("/account/security-keys")
def add_key() -> Response:
    """The proof was asked for with the challenge."""
    ceremony_id, credential = typed_answer()
    finish_key_registration(
        actor=current_actor(), ceremony_id=ceremony_id, credential=credential, name=typed("name"),
        party=relying_party(),
    )  # fmt: skip
    return go(url_for("regulator.show_account", done="key_added"))


@blueprint.get("/account/security-keys/<uuid:key_id>/removal")
def show_key_removal(key_id: uuid.UUID) -> Response:
    key = get_security_key(actor=current_actor(), key_id=key_id)
    return show("regulator/key_removal.html", "account", key=key, **_keys())


@blueprint.post("/account/security-keys/<uuid:key_id>/removal")
def remove_key(key_id: uuid.UUID) -> Response:
    remove_security_key(actor=current_actor(), key_id=key_id, proof=typed_proof(), party=relying_party())
    return go(url_for("regulator.show_account", done="key_removed"))


def _keys() -> dict[str, Any]:
    keys = list_security_keys(actor=current_actor())
    return {"keys": keys, "offered": relying_party() is not None, "elsewhere": key_origin()}
