"""The console's door: an operator's cookie session, for pages and JSON alike."""

from flask import Blueprint, Response, g, request

from app.accounts.errors import SessionEnded
from app.accounts.sessions import LoggedIn
from app.http.access import set_session_cookie
from app.http.context import client_device, client_ip
from app.http.idempotency import keep_answer, replay_or_begin
from app.http.kit.ask import ask_first
from app.http.public import is_public
from app.http.security import check_csrf, check_origin
from app.organisations.sessions import authenticate_operator

CONSOLE_COOKIE = "gongyue_console"


def protect_console_routes(blueprint: Blueprint) -> None:
    """Session, Origin, CSRF, the question before the irreversible, and Idempotency-Key, unless public."""
    blueprint.before_request(_require_operator)
    blueprint.before_request(ask_first)
    blueprint.before_request(replay_or_begin)
    blueprint.after_request(keep_answer)


def _require_operator() -> None:
    check_origin()
    if is_public(request.endpoint):
        return
    token = request.cookies.get(CONSOLE_COOKIE, "")
    if not token:
        raise SessionEnded
    admitted = authenticate_operator(token=token, ip=client_ip(), device=client_device())
    g.session, g.actor, g.language = admitted, admitted.actor, admitted.language
    check_csrf(admitted.csrf_token)


def set_console_cookie(response: Response, opened: LoggedIn) -> Response:
    """The new session takes the place of the old one in this browser."""
    set_session_cookie(response, CONSOLE_COOKIE, opened.token, opened.expires_at)
    return response
