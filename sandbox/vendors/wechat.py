"""WeChat's server API: `stable_token`, and calls that need its token. Every answer is HTTP 200 with `errcode`.

`stable_token` gives everybody the same token until five minutes before its end; the one before lives on until then.
`force_refresh` ends it after 300 seconds, at most 20 times a day and 30 seconds apart. A token is 512 characters
long, as much as WeChat asks to leave room for. That a refused force answers 45009 is unverified.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.credentials import WECHAT_APP_ID, WECHAT_APP_SECRET

VENDOR = "wechat"
LIFE, OVERLAP = timedelta(seconds=7200), timedelta(seconds=300)
_FORCED_PER_DAY, _FORCE_INTERVAL = 20, timedelta(seconds=30)

Call = Callable[[Context, dict[str, Any]], dict[str, Any]]


class ApiError(Exception):
    """Answered as `{"errcode", "errmsg"}`."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode, self.errmsg = errcode, errmsg


def create_app(context: Context, calls: Mapping[str, Call]) -> Flask:
    """`calls`: what a POST with `?access_token=` does, by path; a result without `errcode` gets 0 and `ok`."""
    app = Flask("sandbox.wechat", static_folder=None)

    @app.post("/cgi-bin/stable_token")
    def stable_token() -> Response:
        refuse_too_often(context)
        return answer(_stable_token(context, json_body()))

    def add(path: str, call: Call) -> None:
        def run() -> Response:
            refuse_too_often(context)
            _require_token(context, request.args.get("access_token", ""))
            return answer({"errcode": 0, "errmsg": "ok", **call(context, json_body())})

        app.add_url_rule(path, path, run, methods=["POST"])

    for path, call in calls.items():
        add(path, call)

    @app.errorhandler(ApiError)
    def refuse(error: ApiError) -> Response:
        return answer({"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {secrets.token_hex(8)}"})

    return app


def answer(content: dict[str, Any]) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), content_type="application/json; encoding=utf-8")


def json_body() -> dict[str, Any]:
    """The JSON object of the current request. Raises ApiError 47001."""
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise ApiError(47001, "data format error") from error
    if not isinstance(body, dict):
        raise ApiError(47001, "data format error")
    return body


def check_app(app_id: object, secret: object) -> None:
    """The app's own credentials. Raises ApiError."""
    if app_id != WECHAT_APP_ID:
        raise ApiError(40013, "invalid appid")
    if secret != WECHAT_APP_SECRET:
        raise ApiError(40125, "invalid appsecret")


def refuse_too_often(context: Context) -> None:
    """Obey an order. Raises ApiError 45009."""
    if context.faults.take(VENDOR, "rate_limit"):
        raise ApiError(45009, "reach max api daily quota limit")


def _stable_token(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    check_app(body.get("appid"), body.get("secret"))
    moment, force = context.clock.now(), body.get("force_refresh", False) is True
    sql = "SELECT * FROM wechat_token WHERE issued_at <= ? ORDER BY rowid DESC LIMIT 1"  # tests shift the clock
    latest = context.store.row(sql, moment.isoformat())
    if force:
        _refuse_too_many(context, moment)
        _retire(context, moment + OVERLAP)
    elif latest and _end(latest) - moment > OVERLAP:
        return {"access_token": latest["token"], "expires_in": int((_end(latest) - moment).total_seconds())}
    token = secrets.token_urlsafe(384)
    sql = "INSERT INTO wechat_token (token, issued_at, expires_at, forced) VALUES (?, ?, ?, ?)"
    context.store.run(sql, token, moment.isoformat(), (moment + LIFE).isoformat(), force)
    return {"access_token": token, "expires_in": int(LIFE.total_seconds())}


def _refuse_too_many(context: Context, moment: datetime) -> None:
    day = (moment - timedelta(days=1)).isoformat(), moment.isoformat()
    sql = "SELECT issued_at FROM wechat_token WHERE forced AND issued_at > ? AND issued_at <= ? ORDER BY issued_at DESC"
    times = [datetime.fromisoformat(row["issued_at"]) for row in context.store.rows(sql, *day)]
    if len(times) >= _FORCED_PER_DAY or (times and moment - times[0] < _FORCE_INTERVAL):
        raise ApiError(45009, "reach max api daily quota limit")


def _retire(context: Context, at: datetime) -> None:
    """No token that exists now lives longer than `at`."""
    context.store.run("UPDATE wechat_token SET expires_at = min(expires_at, ?)", at.isoformat())


def _require_token(context: Context, token: str) -> None:
    if context.faults.take(VENDOR, "token_expired"):
        _retire(context, context.clock.now())
    found = context.store.row("SELECT * FROM wechat_token WHERE token = ?", token)
    if not token:
        raise ApiError(41001, "access_token missing")
    if found is None or context.faults.take(VENDOR, "token_refused"):
        raise ApiError(40001, "invalid credential, access_token is invalid or not latest")
    if _end(found) <= context.clock.now():
        raise ApiError(42001, "access_token expired")


def _end(token: Row) -> datetime:
    return datetime.fromisoformat(token["expires_at"])
