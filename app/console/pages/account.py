"""The personal centre: who I am, what I agreed to, where I am logged in (A11, B1)."""

import uuid

from flask import Response, url_for

from app.accounts.devices import end_other_sessions, end_session, list_sessions
from app.accounts.security_keys import list_security_keys
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import go, show, typed
from app.http.context import current_actor
from app.http.kit.devices import describe_device
from app.http.kit.keys import relying_party
from app.identity.consents import list_consents, withdraw_consent
from app.identity.texts import LOGIN_AGREEMENTS, get_text
from app.signing.personal_certificates import get_own_certificate


@blueprint.get("/account")
def show_account() -> Response:
    actor = current_actor()
    consents = [(consent, get_text(consent.kind)) for consent in list_consents(actor=actor) if consent.is_current]
    operator = load_operator(actor)
    certificate = get_own_certificate(actor=actor) if operator.person else None
    sessions = [(session, describe_device(session.device)) for session in list_sessions(actor=actor)]
    return show(
        "console/account.html", "account", operator, certificate=certificate, consents=consents,
        sessions=sessions, needed=set(LOGIN_AGREEMENTS),
        keys=list_security_keys(actor=actor), keys_offered=relying_party() is not None,
    )  # fmt: skip


@blueprint.post("/account/sessions/<uuid:session_id>/end")
def end_own_session(session_id: uuid.UUID) -> Response:
    end_session(actor=current_actor(), session_id=session_id)
    return go(url_for("console.show_account", done="session_ended"))


@blueprint.post("/account/sessions/end-others")
def end_sessions_elsewhere() -> Response:
    end_other_sessions(actor=current_actor())
    return go(url_for("console.show_account", done="session_ended"))


@blueprint.post("/account/consents/withdrawal")
def take_consent_back() -> Response:
    """As easily as it was given (PIPL 15)."""
    withdraw_consent(actor=current_actor(), kind=typed("kind"))
    return go(url_for("console.show_account", done="consent_withdrawn"))
