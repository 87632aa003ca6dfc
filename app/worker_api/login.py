"""Log in by phone and code or password; the texts that are agreed to (A1, A2, A7, B1)."""

from typing import Any

from flask import Response, jsonify

from app.accounts.errors import LinkExpired, LinkForOtherPhone, LinkNotFound
from app.accounts.links import Target, claim_link
from app.accounts.login import request_login_code
from app.accounts.sessions import LoggedIn
from app.core.actor import Actor
from app.http.access import WORKER_COOKIE, set_session_cookie
from app.http.api import ApiBlueprint
from app.http.context import client_device, client_ip
from app.http.language import language
from app.identity.login import log_in_by_password, log_in_worker
from app.identity.texts import ConsentText, current_texts, get_text
from app.worker_api.session_schemas import (
    AgreementSchema,
    AgreementTextSchema,
    CodeSentSchema,
    LoggedInSchema,
    LoginSchema,
    PasswordLoginSchema,
    PhoneSchema,
)  # fmt: skip
from app.worker_api.session_views import dump_session

blueprint = ApiBlueprint("worker_login", __name__, url_prefix="/api/v1/worker", description="劳动者：登录")


@blueprint.post("/login/codes")
@blueprint.arguments(PhoneSchema)
@blueprint.response(202, CodeSentSchema)
def request_code(body: dict[str, Any]) -> Any:
    """Send a code. Known and unknown numbers get the same answer."""
    return request_login_code(account_kind="worker", phone=body["phone"], ip=client_ip())


@blueprint.post("/login")
@blueprint.arguments(LoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in(body: dict[str, Any]) -> Any:
    """Log in; the first login registers. As a cookie, or as a bearer token for mini-programs."""
    return _answer(log_in_worker(phone=body["phone"], code=body["code"], **_from_here(body)), body)


@blueprint.post("/login/password")
@blueprint.arguments(PasswordLoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in_with_password(body: dict[str, Any]) -> Any:
    """Log in with the password that was set before. Unknown numbers get the same answer as wrong passwords."""
    opened = log_in_by_password(
        account_kind="worker", phone=body["phone"], password=body["password"], **_from_here(body)
    )
    return _answer(opened, body)


def _from_here(body: dict[str, Any]) -> dict[str, Any]:
    agreements = [(item["kind"], item["version"]) for item in body["agreements"]]
    channel = "h5" if body["transport"] == "cookie" else "miniprogram"
    return {"agreements": agreements, "channel": channel, "ip": client_ip(), "device": client_device()}


def _answer(opened: LoggedIn, body: dict[str, Any]) -> Any:
    """The session, and where the link leads that the person came with."""
    answer = dump_session(opened.actor, opened.csrf_token, opened.expires_at)
    target = _claim(opened.actor, body["link_token"]) if body["link_token"] else None
    if target is not None:
        answer["target"] = {"kind": target.kind, "id": target.id}
    return _by_cookie(opened, answer) if body["transport"] == "cookie" else answer | {"token": opened.token}


def _by_cookie(opened: LoggedIn, answer: dict[str, Any]) -> Response:
    response = jsonify(LoggedInSchema().dump(answer))
    set_session_cookie(response, WORKER_COOKIE, opened.token, opened.expires_at)
    return response


def _claim(actor: Actor, token: str) -> Target | None:
    """A link that does not fit is no reason to refuse a login; claiming it later says why."""
    try:
        return claim_link(actor=actor, token=token)
    except (LinkNotFound, LinkExpired, LinkForOtherPhone):
        return None


@blueprint.get("/agreements")
@blueprint.response(200, AgreementSchema(many=True))
def list_agreements() -> Any:
    """Every text, its current version, and what it is needed for."""
    return [_head(text) for text in current_texts()]


@blueprint.get("/agreements/<kind>")
@blueprint.response(200, AgreementTextSchema)
def get_agreement(kind: str) -> Any:
    """One text in full, in the language of the request; the hash covers both languages."""
    text = get_text(kind)
    body = text.text_en if language() == "en" else text.text_zh
    return _head(text) | {"text": body, "sha256": text.sha256}


def _head(text: ConsentText) -> dict[str, Any]:
    title = text.title_en if language() == "en" else text.title_zh
    return {"kind": text.kind, "version": text.version, "title": title, "required_for": text.required_for}
