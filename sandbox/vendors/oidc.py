"""Identity providers that speak OpenID Connect: the provincial government identity and the electronic social card.

Real in everything but the login: discovery, key set with rotation, authorization code with PKCE (S256 only),
`client_secret_basic`, one use and five minutes for a code, userinfo. A second use of a code ends its access token, too
(RFC 6749 §4.1.2). `gov` signs RS256 and tells the phone; `social-card` signs ES256 and tells none.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from flask import Flask, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Request, Response

from sandbox import jose
from sandbox.context import Context
from sandbox.credentials import OIDC_CLIENTS, OIDC_SECRETS
from sandbox.world import Person

VENDOR = "oidc"
CODE_LIFE, TOKEN_LIFE = timedelta(minutes=5), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Provider:
    """`name` is a part of the address, `product_name` what the product calls it in its callback's address."""

    name: str
    product_name: str
    label: str
    algorithm: str
    tells_phone: bool


PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider("gov", "gov", "政务服务平台", "RS256", tells_phone=True),
        Provider("social-card", "social_card", "电子社保卡", "ES256", tells_phone=False),
    )
}


class Refused(Exception):
    """Answered as RFC 6749 §5.2 says."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status


def vendor_of(request: Request) -> str | None:
    """The page that the person opens is no call of the product's."""
    return None if request.path.endswith("/authorize") or "/static/" in request.path else VENDOR


def create_app(context: Context) -> Flask:
    app = Flask("sandbox", static_folder="static", static_url_path="/static")
    _add_authorize(app, context)

    @app.get("/<name>/.well-known/openid-configuration")
    def discovery(name: str) -> dict[str, Any]:
        issuer = issuer_of(context, _provider(name))
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [_provider(name).algorithm],
            "scopes_supported": ["openid", "phone"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    @app.get("/<name>/jwks")
    def jwks(name: str) -> dict[str, Any]:
        keys = _keys(context, _provider(name))
        return {"keys": [jose.public_jwk(jose.load(row["pem"]), row["kid"]) for row in keys]}

    @app.post("/<name>/token")
    def token(name: str) -> Response:
        if context.faults.take(VENDOR, "rate_limit"):
            return Response("Too Many Requests", 429)
        return jsonify(_redeem(context, _provider(name)))

    @app.get("/<name>/userinfo")
    def userinfo(name: str) -> dict[str, Any]:
        return _userinfo(context, _provider(name))

    @app.errorhandler(Refused)
    def refuse(error: Refused) -> tuple[dict[str, str], int]:
        return {"error": error.error}, error.status

    return app


def issuer_of(context: Context, provider: Provider) -> str:
    return f"{context.base_url}/oidc/{provider.name}"


def rotate(context: Context, name: str) -> str:
    """Sign with a new key from now on; the old one stays in the set. Returns the new key's id."""
    return _new_key(context, _provider(name))


def subject_of(provider: Provider, person: Person) -> str:
    """Pairwise: another client would see another subject."""
    return hashlib.sha256(f"{provider.name}:{OIDC_CLIENTS[provider.name]}:{person.key}".encode()).hexdigest()[:32]


def _provider(name: str) -> Provider:
    return PROVIDERS.get(name) or abort(404)


def _add_authorize(app: Flask, context: Context) -> None:
    @app.route("/<name>/authorize", methods=["GET", "POST"])
    def authorize(name: str) -> Response:
        provider, asked = _provider(name), request.args
        if asked.get("client_id") != OIDC_CLIENTS[name] or not _is_registered(provider, asked.get("redirect_uri", "")):
            page = render_template("face_error.html", title="无法登录", reason="应用或回调地址未登记。")
            return Response(page, 400, content_type="text/html; charset=utf-8")
        if problem := _problem():
            return _back({"error": problem})
        if request.method == "GET":
            persons = [person for person in context.world.persons() if person.id_type == "resident_id"]
            page = render_template("authorize.html", provider=provider, persons=persons)
            return Response(page, content_type="text/html; charset=utf-8")
        person = next((p for p in context.world.persons() if p.key == request.form.get("person")), None)
        if request.form.get("answer") != "agree" or person is None:
            return _back({"error": "access_denied"})
        return _back({"code": issue_code(context, provider, person, asked.to_dict())})


def issue_code(context: Context, provider: Provider, person: Person, asked: dict[str, str]) -> str:
    """A code for what was asked for: redirect_uri, nonce and code_challenge belong to it."""
    code = secrets.token_urlsafe(32)
    sql = """INSERT INTO oidc_code (code, provider, person, redirect_uri, nonce, challenge, issued_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)"""
    values = (asked["redirect_uri"], asked["nonce"], asked["code_challenge"], context.clock.now().isoformat())
    context.store.run(sql, code, provider.name, person.key, *values)
    return code


def _is_registered(provider: Provider, redirect_uri: str) -> bool:
    """The product's callback, on whatever port of this machine it runs."""
    parts = urlsplit(redirect_uri)
    right = parts.path == f"/api/v1/h5/oidc/{provider.product_name}/callback" and not (parts.query or parts.fragment)
    return right and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")


def _problem() -> str:
    asked = request.args
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope"
    challenge = re.fullmatch(r"[\w-]{43}", asked.get("code_challenge", ""), re.ASCII)
    if (
        asked.get("code_challenge_method") != "S256"
        or not challenge
        or not asked.get("state")
        or not asked.get("nonce")
    ):
        return "invalid_request"
    return ""


def _back(values: dict[str, str]) -> Response:
    state = {"state": request.args["state"]} if "state" in request.args else {}
    return redirect(f"{request.args['redirect_uri']}?{urlencode(values | state)}", 303)


def _redeem(context: Context, provider: Provider) -> dict[str, Any]:
    _authenticate(provider)
    form = request.form
    if form.get("grant_type") != "authorization_code":
        raise Refused("unsupported_grant_type")
    sql = "SELECT * FROM oidc_code WHERE code = ? AND provider = ?"
    code = context.store.row(sql, form.get("code", ""), provider.name)
    if code is None or context.clock.now() - datetime.fromisoformat(code["issued_at"]) > CODE_LIFE:
        raise Refused("invalid_grant")
    if not context.store.run("UPDATE oidc_code SET used = 1 WHERE code = ? AND used = 0", code["code"]):
        context.store.run("DELETE FROM oidc_token WHERE person = ? AND provider = ?", code["person"], provider.name)
        raise Refused("invalid_grant")
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if code["redirect_uri"] != form.get("redirect_uri") or code["challenge"] != jose.encode(digest):
        raise Refused("invalid_grant")
    person = next(person for person in context.world.persons() if person.key == code["person"])
    access_token = secrets.token_urlsafe(32)
    sql = "INSERT INTO oidc_token (token, provider, person, issued_at) VALUES (?, ?, ?, ?)"
    context.store.run(sql, access_token, provider.name, person.key, context.clock.now().isoformat())
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "id_token": _id_token(context, provider, person, code),
    }


def _authenticate(provider: Provider) -> None:
    """`client_secret_basic`; both halves are form-encoded (RFC 6749 §2.3.1)."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(value, validate=True).decode().split(":", 1)
    except (binascii.Error, UnicodeDecodeError):
        given = []
    right = [OIDC_CLIENTS[provider.name], OIDC_SECRETS[provider.name]]
    shown = [unquote_plus(part) for part in given]
    if scheme.lower() != "basic" or not hmac.compare_digest(":".join(shown).encode(), ":".join(right).encode()):
        raise Refused("invalid_client", 401)


def _id_token(context: Context, provider: Provider, person: Person, code: Row) -> str:
    def ordered(kind: str) -> bool:
        return context.faults.take(VENDOR, kind) is not None

    now = int(context.clock.now().timestamp()) - (3600 if ordered("token_expired") else 0)
    claims = {
        "iss": "http://issuer.example" if ordered("wrong_issuer") else issuer_of(context, provider),
        "sub": subject_of(provider, person),
        "aud": "somebody-else" if ordered("wrong_audience") else OIDC_CLIENTS[provider.name],
        "nonce": "of another login" if ordered("wrong_nonce") else code["nonce"],
        "iat": now,
        "exp": now + int(TOKEN_LIFE.total_seconds()),
        "auth_time": now,
    }
    if ordered("unsigned"):
        return jose.unsigned(claims)
    newest = _keys(context, provider)[0]
    pem = jose.new_pem(provider.algorithm) if ordered("bad_signature") else newest["pem"]
    return jose.sign(claims, jose.load(pem), newest["kid"])


def _userinfo(context: Context, provider: Provider) -> dict[str, Any]:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    row = context.store.row("SELECT * FROM oidc_token WHERE token = ? AND provider = ?", token, provider.name)
    if row is None or context.clock.now() - datetime.fromisoformat(row["issued_at"]) > TOKEN_LIFE:
        raise Refused("invalid_token", 401)
    person = next(person for person in context.world.persons() if person.key == row["person"])
    told = {"sub": subject_of(provider, person)}
    if not provider.tells_phone or not person.phone:
        return told
    return {**told, "phone_number": f"+86 {person.phone}", "phone_number_verified": True}


def _keys(context: Context, provider: Provider) -> list[Row]:
    """Newest first; the newest signs."""
    sql = "SELECT * FROM oidc_key WHERE provider = ? ORDER BY rowid DESC LIMIT 3"
    if not (found := context.store.rows(sql, provider.name)):
        _new_key(context, provider)
        found = context.store.rows(sql, provider.name)
    return found


def _new_key(context: Context, provider: Provider) -> str:
    kid = secrets.token_hex(8)
    pem, at = jose.new_pem(provider.algorithm), context.clock.now().isoformat()
    context.store.run("INSERT INTO oidc_key (kid, provider, pem, at) VALUES (?, ?, ?, ?)", kid, provider.name, pem, at)
    return kid
