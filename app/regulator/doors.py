"""In front of the desk's login, and out again (B4, A10)."""

from flask import Response, request, url_for

from app.accounts.codes import CodeSent
from app.accounts.devices import end_session
from app.accounts.login import request_login_code
from app.accounts.regulators import log_in_regulator, log_in_regulator_by_key
from app.accounts.sessions import LoggedIn
from app.http.access import clear_session_cookie
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.keys import key_origin, relying_party, typed_answer
from app.http.kit.web import go, is_htmx, part, show_door, typed
from app.regulator.access import REGULATOR_COOKIE, set_regulator_cookie
from app.regulator.web import blueprint, safe_path


@blueprint.get("/login")
def show_login() -> Response:
    return _login_page(safe_path(request.args.get("next", "")))


@blueprint.post("/login/codes")
def send_login_code() -> Response:
    """Known and unknown numbers get the same answer."""
    sent = request_login_code(account_kind="regulator", phone=typed("phone"), ip=client_ip())
    if is_htmx():
        return part("kit/partials/code_sent.html", sent=sent)
    return _login_page(safe_path(typed("next")), typed("phone"), sent)


@blueprint.post("/login")
def log_in() -> Response:
    opened = log_in_regulator(
        phone=typed("phone"), code=typed("code"), channel="regulator", ip=client_ip(), device=client_device()
    )
    return _arrive(opened)


@blueprint.post("/login/security-key")
def log_in_with_key() -> Response:
    ceremony_id, credential = typed_answer()
    opened = log_in_regulator_by_key(
        ceremony_id=ceremony_id, credential=credential, party=relying_party(), channel="regulator", ip=client_ip(),
        device=client_device(),
    )  # fmt: skip
    return _arrive(opened)


@blueprint.post("/logout")
@no_idempotency_key
def log_out() -> Response:
    end_session(actor=current_actor())
    response = go(url_for("regulator.show_login"))
    clear_session_cookie(response, REGULATOR_COOKIE)
    return response


def _arrive(opened: LoggedIn) -> Response:
    return set_regulator_cookie(go(safe_path(typed("next")) or url_for("regulator.show_waiting")), opened)


def _login_page(onward: str, phone: str = "", sent: CodeSent | None = None) -> Response:
    return show_door(
        "regulator/login.html", next=onward, phone=phone, sent=sent, by_key=request.args.get("by") == "key",
        keys_offered=relying_party() is not None, elsewhere=key_origin(),
    )  # fmt: skip
