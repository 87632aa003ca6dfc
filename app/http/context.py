"""What a view may ask about the request it serves."""

import uuid
from dataclasses import dataclass

from flask import Flask, current_app, g, has_request_context, request

from app.accounts.errors import SessionEnded
from app.accounts.sessions import Client
from app.core.actor import Actor
from app.providers import Providers
from app.settings import Settings

_KEY = "gongyue"


@dataclass(frozen=True, slots=True)
class _Parts:
    settings: Settings
    providers: Providers


def attach(app: Flask, settings: Settings, providers: Providers) -> None:
    """Give the application what its views need; once, at start."""
    app.extensions[_KEY] = _Parts(settings, providers)


def settings() -> Settings:
    parts: _Parts = current_app.extensions[_KEY]
    return parts.settings


def providers() -> Providers:
    parts: _Parts = current_app.extensions[_KEY]
    return parts.providers


def current_actor() -> Actor:
    """Who is asking. Raises SessionEnded where nobody is logged in."""
    actor = find_actor()
    if actor is None:
        raise SessionEnded
    return actor


def find_actor() -> Actor | None:
    actor: Actor | None = g.get("actor") if has_request_context() else None
    return actor


def request_id() -> str:
    """Made here, never taken from a client: it must be unique in our logs."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex
    made: str = g.request_id
    return made


def client_ip() -> str:
    """The peer, or what TRUSTED_PROXIES hops of our own proxies say; never a client's own header (Z-08)."""
    return request.remote_addr or ""


def client_device() -> str:
    return request.user_agent.string[:200]


def client_browser() -> str:
    """As `FaceWay.browser` has it: "weixin" for WeChat's own, "other" for a phone's other ones. It grants nothing."""
    agent = request.user_agent.string
    return "weixin" if "MicroMessenger" in agent else "other" if "Mobile" in agent else ""


def client(channel: str) -> Client:
    """From where a person logs in."""
    return Client(channel=channel, ip=client_ip(), device=client_device())


def route_template() -> str:
    """`/api/v1/worker/contracts/<uuid:contract_id>`: the path without anybody's data in it."""
    return request.url_rule.rule if request.url_rule is not None else "unmatched"
