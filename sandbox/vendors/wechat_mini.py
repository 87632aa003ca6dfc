"""WeChat's mini-program: `jscode2session`, `getuserphonenumber`, links that open it.

A code is good once, for five minutes. That an old login code answers 40029 and a used one 40163 is [DOC] for H5 only.
The link opens a page of the sandbox that says where the mini-program would have opened.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.credentials import WECHAT_APP_ID
from sandbox.phones import Spent
from sandbox.vendors.wechat import VENDOR, ApiError, answer, check_app, refuse_too_often
from sandbox.world import Person

_MOST_QUERY, _MOST_DAYS = 1024, 30


def add_login(app: Flask, context: Context) -> None:
    """`GET /sns/jscode2session`: authorised by the app's secret, no access token."""

    @app.get("/sns/jscode2session")
    def jscode2session() -> Response:
        refuse_too_often(context)
        check_app(request.args.get("appid"), request.args.get("secret"))
        if request.args.get("grant_type") != "authorization_code":
            raise ApiError(40002, "invalid grant_type")
        if context.faults.take(VENDOR, "user_blocked"):
            raise ApiError(40226, "code blocked")
        person = _person(context, "login", request.args.get("js_code"), used=40163)
        session_key = secrets.token_urlsafe(16)
        return answer({"openid": context.phones.subject("weixin", person), "session_key": session_key})


def get_phone_number(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{code, openid?}` → `{phone_info}`."""
    person = _person(context, "phone", body.get("code"), used=40029)
    if body.get("openid") not in (None, context.phones.subject("weixin", person)):
        raise ApiError(40003, "invalid openid")
    seconds = int(context.clock.now().timestamp())
    info = {"phoneNumber": f"+86{person.phone}", "purePhoneNumber": person.phone, "countryCode": "86"}
    return {"phone_info": {**info, "watermark": {"timestamp": seconds, "appid": WECHAT_APP_ID}}}


def generate_urllink(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{path, query, expire_type, expire_interval, env_version}` → `{url_link}`."""
    return {"url_link": f"{context.base_url}/mini/weixin/{_link(context, body, body)}"}


def generate_scheme(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{jump_wxa: {path, query, env_version}, is_expire, expire_type, expire_interval}` → `{openlink}`."""
    target = body.get("jump_wxa")
    return {"openlink": f"weixin://dl/business/?t={_link(context, body, target if isinstance(target, dict) else {})}"}


def _person(context: Context, purpose: str, code: object, *, used: int) -> Person:
    found = context.phones.use_code("weixin", purpose, code)
    if isinstance(found, Spent):
        raise ApiError(used if found is Spent.USED else 40029, "invalid code")
    return found


def _link(context: Context, life: Mapping[str, Any], target: Mapping[str, Any]) -> str:
    path, query, days = str(target.get("path", "")), str(target.get("query", "")), life.get("expire_interval")
    if not path.lstrip("/").startswith("pages/") or "?" in path:
        raise ApiError(40165, "invalid weapp pagepath")
    if len(query) > _MOST_QUERY:
        raise ApiError(40097, "invalid args")
    if life.get("expire_type") != 1 or not isinstance(days, int) or not 1 <= days <= _MOST_DAYS:
        raise ApiError(85401, "param expire_interval error")
    handle, expires_at = secrets.token_urlsafe(12), context.clock.now() + timedelta(days=days)
    sql = "INSERT INTO mini_link (handle, path, query, expires_at) VALUES (?, ?, ?, ?)"
    context.store.run(sql, handle, path, query, expires_at.isoformat())
    return handle
