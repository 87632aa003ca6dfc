"""Passwords: log in with one, reset a forgotten one, set or change one's own (A2)."""

from flask import Response, request, url_for

from app.accounts.codes import CodeSent
from app.accounts.passwords import (
    request_password_code,
    request_password_reset_code,
    reset_password,
    set_password,
)
from app.console.pages.blueprint import blueprint
from app.console.pages.doors import code_part, lead_in, ticked
from app.console.pages.web import go, is_htmx, safe_path, show, show_door, typed
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key
from app.identity.login import log_in_by_password


@blueprint.post("/login/password")
def log_in_with_password() -> Response:
    """As with a code: one organisation is entered at once, of several one is chosen."""
    opened = log_in_by_password(
        account_kind="operator", phone=typed("phone"), password=_secret("password"), agreements=ticked(),
        channel="console", ip=client_ip(), device=client_device(),
    )  # fmt: skip
    return lead_in(opened, safe_path(typed("next")))


@blueprint.get("/password-reset")
def show_password_reset() -> Response:
    return _reset_page()


@blueprint.post("/password-reset/codes")
def send_password_reset_code() -> Response:
    sent = request_password_reset_code(account_kind="operator", phone=typed("phone"), ip=client_ip())
    return code_part(sent) if is_htmx() else _reset_page(sent)


@blueprint.post("/password-reset")
def reset_forgotten_password() -> Response:
    """All sessions end; one logs in with the new password."""
    reset_password(
        account_kind="operator", phone=typed("phone"), code=typed("code"), password=_secret("password"),
        channel="console", ip=client_ip(), device=client_device(),
    )  # fmt: skip
    return go(url_for("console.show_login", by="password", done="password_reset"))


@blueprint.get("/account/password")
def show_password() -> Response:
    return show("console/password.html", "account")


@blueprint.post("/account/password/codes")
@no_idempotency_key
def send_password_code() -> Response:
    sent = request_password_code(actor=current_actor())
    return code_part(sent) if is_htmx() else show("console/password.html", "account", sent=sent)


@blueprint.post("/account/password")
def change_password() -> Response:
    set_password(
        actor=current_actor(), password=_secret("password"), code=typed("code"),
        current_password=_secret("current_password"),
    )  # fmt: skip
    return go(url_for("console.show_account", done="password_saved"))


def _secret(name: str) -> str:
    """As typed: blanks belong to a password."""
    return request.form.get(name, "")


def _reset_page(sent: CodeSent | None = None) -> Response:
    return show_door("console/password_reset.html", phone=typed("phone"), sent=sent)
