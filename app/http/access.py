"""Who may reach which route: everything needs a session, except this list."""

from datetime import datetime

from flask import Blueprint, Response, g, request

from app.accounts.errors import SessionEnded
from app.accounts.sessions import AuthenticatedSession, authenticate_worker
from app.core.clock import now
from app.http.context import client_device, client_ip, settings
from app.http.idempotency import keep_answer, replay_or_begin
from app.http.public import is_public
from app.http.security import check_csrf, check_origin

WORKER_COOKIE = "gongyue_worker"


def protect_worker_routes(blueprint: Blueprint) -> None:
    """Session, CSRF and Idempotency-Key for every route of a worker's channel that is not public."""
    blueprint.before_request(_require_worker)
    blueprint.before_request(replay_or_begin)
    blueprint.after_request(keep_answer)


def _require_worker() -> None:
    bearer = bearer_token()
    if is_public(request.endpoint):
        check_origin()
        return
    cookie = request.cookies.get(WORKER_COOKIE, "")
    token = bearer or cookie
    if not token:
        raise SessionEnded
    admitted = authenticate_worker(token=token, ip=client_ip(), device=client_device())
    g.session, g.actor = admitted, admitted.actor
    if not bearer:  # a browser attaches cookies by itself, so it must prove that our own page asked
        check_origin()
        check_csrf(admitted.csrf_token)


def bearer_token() -> str:
    """The token of a client that keeps it itself (mini-programs), or nothing."""
    authorization = request.authorization
    return authorization.token or "" if authorization is not None and authorization.type == "bearer" else ""


def current_session() -> AuthenticatedSession:
    """The session of this request. Raises SessionEnded."""
    session: AuthenticatedSession | None = g.get("session")
    if session is None:
        raise SessionEnded
    return session


def set_session_cookie(response: Response, name: str, token: str, expires_at: datetime) -> None:
    """Not readable by scripts, not sent from other sites, and over TLS only where there is TLS."""
    response.set_cookie(
        name, token, max_age=int((expires_at - now()).total_seconds()), path="/",
        secure=settings().is_https, httponly=True, samesite="Lax",
    )  # fmt: skip


def clear_session_cookie(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=settings().is_https, httponly=True, samesite="Lax")
