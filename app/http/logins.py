"""What every way of logging a worker in answers with: the session, by cookie or as a bearer token."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate

from app.accounts.errors import LinkExpired, LinkForOtherPhone, LinkNotFound
from app.accounts.links import Target, claim_link
from app.accounts.sessions import LoggedIn
from app.core.actor import Actor
from app.http.access import WORKER_COOKIE, set_session_cookie
from app.http.api import WireSchema
from app.http.context import client_device, client_ip
from app.http.sessions import SessionSchema, dump_session
from app.http.shared.agreements import AgreementsSchema
from app.http.shared.messages import TargetSchema

TRANSPORTS = ("cookie", "bearer")


class BearerLoginSchema(AgreementsSchema):
    """What every login sends, whatever proves who it is."""

    link_token = ma.fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class AnyLoginSchema(BearerLoginSchema):
    """The same where browsers log in, too."""

    transport = ma.fields.String(load_default="cookie", validate=validate.OneOf(TRANSPORTS))


class TransportSchema(WireSchema):
    transport = ma.fields.String(load_default="cookie", validate=validate.OneOf(TRANSPORTS))


class LoggedInSchema(SessionSchema):
    token = ma.fields.String(metadata={"description": "bearer transport only; shown this once"})
    target = ma.fields.Nested(TargetSchema, metadata={"description": "where the link leads, if it is this phone's"})


def login_origin(body: dict[str, Any], channel: str = "") -> dict[str, Any]:
    """The arguments that every login takes. `channel`: a mini-program's platform; by default that of the transport."""
    agreements = [(item["kind"], item["version"]) for item in body["agreements"]]
    return {"agreements": agreements} | client_origin(body, channel)


def client_origin(body: dict[str, Any], channel: str = "") -> dict[str, Any]:
    """From where somebody logs in who has agreed before."""
    by_transport = "h5" if body.get("transport") == "cookie" else "miniprogram"
    return {"channel": channel or by_transport, "ip": client_ip(), "device": client_device()}


def answer_login(opened: LoggedIn, body: dict[str, Any]) -> Any:
    """The session (`LoggedInSchema`), and where the link leads that the person came with."""
    answer = dump_session(opened.actor, opened.csrf_token, opened.expires_at)
    link_token = body.get("link_token")
    target = _claim(opened.actor, link_token) if link_token else None
    if target is not None:
        answer["target"] = {"kind": target.kind, "id": target.id}
    return _by_cookie(opened, answer) if body.get("transport") == "cookie" else answer | {"token": opened.token}


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
