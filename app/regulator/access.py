"""The desk's door: a regulator's cookie session, for pages and JSON alike."""

from flask import Blueprint, Response, g, request

from app.accounts.errors import SessionEnded
from app.accounts.regulators import authenticate_regulator
from app.accounts.sessions import LoggedIn
from app.http.access import set_session_cookie
from app.http.context import client_device, client_ip
from app.http.idempotency import keep_answer, replay_or_begin
from app.http.kit.ask import ask_first
from app.http.public import is_public
from app.http.security import check_csrf, check_origin

REGULATOR_COOKIE = "gongyue_regulator"


def protect_regulator_routes(blueprint: Blueprint) -> None:
    """Session, Origin, CSRF, the question before the irreversible, and Idempotency-Key, unless public."""
    blueprint.before_request(_require_regulator)
    blueprint.before_request(ask_first)
    blueprint.before_request(replay_or_begin)
    blueprint.after_request(keep_answer)


def _require_regulator() -> None:
    check_origin()
    if is_public(request.endpoint):
        return
    token = request.cookies.get(REGULATOR_COOKIE, "")
    if not token:
        raise SessionEnded
    admitted = authenticate_regulator(token=token, ip=client_ip(), device=client_device())
    g.session, g.actor = admitted, admitted.actor
    check_csrf(admitted.csrf_token)


def set_regulator_cookie(response: Response, opened: LoggedIn) -> Response:
    set_session_cookie(response, REGULATOR_COOKIE, opened.token, opened.expires_at)
    return response
