"""In front of the login: log in, register, read the agreements; then choose an organisation (A1, A8, A9, B1)."""

import uuid

from flask import Response, request, url_for

from app.accounts.codes import CodeSent
from app.accounts.devices import end_session
from app.accounts.login import request_login_code
from app.accounts.preferences import update_preferences
from app.accounts.sessions import LoggedIn
from app.console.access import CONSOLE_COOKIE, set_console_cookie
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import go, is_htmx, part, safe_path, show_door, typed
from app.console.words import NOTICES
from app.http.access import clear_session_cookie
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.keys import key_origin, relying_party
from app.http.kit.text import blocks
from app.http.language import language
from app.identity.login import log_in_operator
from app.identity.texts import LOGIN_AGREEMENTS, REGISTRATION_AGREEMENTS, get_text
from app.organisations.service import (
    enter_organisation,
    list_my_organisations,
    register_organisation,
    request_registration_code,
)

# Of logging in; the first is the usual one.
WAYS = ("code", "password", "qr", "key")


@blueprint.get("/login")
def show_login() -> Response:
    return _login_page(safe_path(request.args.get("next", "")))


@blueprint.post("/login/codes")
def send_login_code() -> Response:
    sent = request_login_code(account_kind="operator", phone=typed("phone"), ip=client_ip())
    return code_part(sent) if is_htmx() else _login_page(safe_path(typed("next")), typed("phone"), sent)


@blueprint.post("/login")
def log_in() -> Response:
    """One organisation is entered at once; of several one is chosen."""
    opened = log_in_operator(
        phone=typed("phone"), code=typed("code"), agreements=ticked(), channel="console", ip=client_ip(),
        device=client_device(),
    )  # fmt: skip
    return lead_in(opened, safe_path(typed("next")))


def lead_in(opened: LoggedIn, onward: str) -> Response:
    """Into the only organisation, or to the choice."""
    mine = list_my_organisations(actor=opened.actor)
    if len(mine) != 1:
        return set_console_cookie(go(url_for("console.choose_organisation", next=onward or None)), opened)
    entered = enter_organisation(actor=opened.actor, organisation_id=mine[0].organisation_id)
    return _arrive(entered, onward)


@blueprint.get("/registration")
def show_registration() -> Response:
    return _registration_page()


@blueprint.post("/registration/codes")
def send_registration_code() -> Response:
    sent = request_registration_code(phone=typed("phone"), ip=client_ip())
    return code_part(sent) if is_htmx() else _registration_page(sent)


@blueprint.post("/registration")
def register() -> Response:
    """The organisation exists and is entered; verification comes next."""
    opened = register_organisation(
        name=typed("name"), uscc=typed("uscc"), kind=typed("kind"), address=typed("address"), phone=typed("phone"),
        code=typed("code"), agreements=ticked(), channel="console", ip=client_ip(), device=client_device(),
    )  # fmt: skip
    return _arrive(opened, url_for("console.home", done="registered"))


@blueprint.get("/agreements/<kind>")
def show_agreement(kind: str) -> Response:
    text = get_text(kind)
    title, body = (text.title_en, text.text_en) if language() == "en" else (text.title_zh, text.text_zh)
    return show_door("console/agreement.html", title=title, blocks=blocks(body), version=text.version)


@blueprint.get("/face-done")
def show_face_done() -> Response:
    """Where the vendor's page leads, on whatever device that was. It proves nothing: the server asks the vendor."""
    return show_door("console/face_done.html")


@blueprint.get("/organisations")
def choose_organisation() -> Response:
    mine = list_my_organisations(actor=current_actor())
    return show_door(
        "console/organisations.html", mine=mine, next=safe_path(request.args.get("next", "")),
        entered=current_actor().organisation_id, operator=load_operator(current_actor()),
    )  # fmt: skip


@blueprint.post("/organisations/entrance")
@no_idempotency_key
def enter() -> Response:
    """The session's token is new, so a repetition finds itself logged in already."""
    opened = enter_organisation(actor=current_actor(), organisation_id=_chosen())
    return _arrive(opened, safe_path(typed("next")))


@blueprint.post("/logout")
@no_idempotency_key
def log_out() -> Response:
    end_session(actor=current_actor())
    response = go(url_for("console.show_login"))
    clear_session_cookie(response, CONSOLE_COOKIE)
    return response


@blueprint.post("/language")
@no_idempotency_key
def change_language() -> Response:
    update_preferences(actor=current_actor(), language=typed("language"))
    return go(safe_path(typed("next")) or url_for("console.home"))


def _chosen() -> uuid.UUID:
    """Nothing chosen is nobody's organisation: not found."""
    try:
        return uuid.UUID(typed("organisation_id"))
    except ValueError:
        return uuid.UUID(int=0)


def _arrive(opened: LoggedIn, onward: str) -> Response:
    return set_console_cookie(go(onward or url_for("console.home")), opened)


def ticked() -> list[tuple[str, str]]:
    """(kind, version) of the texts that the page showed, if the box was ticked."""
    if not typed("agree"):
        return []
    pairs = (value.partition(":") for value in request.form.getlist("agreement"))
    return [(kind, version) for kind, _, version in pairs]


def code_part(sent: CodeSent) -> Response:
    return part("kit/partials/code_sent.html", sent=sent)


def _login_page(onward: str, phone: str = "", sent: CodeSent | None = None) -> Response:
    texts = [get_text(kind) for kind in LOGIN_AGREEMENTS]
    notice = NOTICES.get(request.args.get("done", ""))
    return show_door(
        "console/login.html", next=onward, texts=texts, phone=phone, sent=sent, notice=notice, by=_way(),
        keys_offered=relying_party() is not None, elsewhere=key_origin(),
    )  # fmt: skip


def _way() -> str:
    asked = request.args.get("by", "")
    return asked if asked in WAYS else "code"


def _registration_page(sent: CodeSent | None = None) -> Response:
    texts = [get_text(kind) for kind in REGISTRATION_AGREEMENTS]
    return show_door("console/registration.html", texts=texts, typed=request.form, sent=sent)
