"""Log in inside a mini-program: by the platform's user, the first time with a phone (A6)."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate

from app.accounts.bindings import bind_platform
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.http.logins import BearerLoginSchema, LoggedInSchema, answer_login, login_origin
from app.identity.external_login import PhoneWanted, bind_phone_and_log_in, log_in_by_platform
from app.miniprogram.platforms import find_platform

blueprint = ApiBlueprint("mini_login", __name__, url_prefix="/api/v1/miniprogram", description="小程序：登录与绑定")

CODE = validate.Length(1, 500)


class PlatformLoginSchema(BearerLoginSchema):
    """`code`: what wx.login or my.getAuthCode gave."""

    code = ma.fields.String(required=True, validate=CODE)


class PhoneWantedSchema(ma.Schema):
    """Nobody is bound yet: go on with the ticket and a phone."""

    ticket = ma.fields.String(required=True)
    next = ma.fields.String(required=True, validate=validate.OneOf(("phone",)))
    expires_at = ma.fields.AwareDateTime(required=True)


class PlatformPhoneSchema(BearerLoginSchema):
    """`proof`: of the platform's phone button; or `phone` and the `code` for logging in."""

    ticket = ma.fields.String(required=True, validate=validate.Length(1, 100))
    proof = ma.fields.String(load_default="", validate=validate.Length(max=4000))
    phone = ma.fields.String(load_default="", validate=validate.Length(max=30))
    code = ma.fields.String(load_default="", validate=validate.Length(max=12))


class PlatformCodeSchema(WireSchema):
    code = ma.fields.String(required=True, validate=CODE)


class BoundSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    bound_at = ma.fields.AwareDateTime(required=True)


@blueprint.post("/<platform>/login")
@blueprint.arguments(PlatformLoginSchema)
@blueprint.response(200, LoggedInSchema)
@blueprint.alt_response(202, schema=PhoneWantedSchema, description="Not bound yet: a phone is wanted.")
def log_in(body: dict[str, Any], platform: str) -> Any:
    """Log the platform's user in, as a bearer token; or (202) ask for a phone, the first time."""
    found = log_in_by_platform(
        kind=platform, platform=find_platform(platform), code=body["code"], **login_origin(body, platform)
    )
    if not isinstance(found, PhoneWanted):
        return answer_login(found, body)
    wanted = {"ticket": found.ticket, "next": "phone", "expires_at": in_shanghai(found.expires_at)}
    response: Response = jsonify(PhoneWantedSchema().dump(wanted))
    response.status_code = 202
    return response


@blueprint.post("/<platform>/login/phone")
@blueprint.arguments(PlatformPhoneSchema)
@blueprint.response(200, LoggedInSchema)
def log_in_with_phone(body: dict[str, Any], platform: str) -> Any:
    """Bind the phone's account (the first login registers) and log in."""
    opened = bind_phone_and_log_in(
        kind=platform, platform=find_platform(platform), ticket=body["ticket"], proof=body["proof"],
        phone=body["phone"], code=body["code"], **login_origin(body, platform),
    )  # fmt: skip
    return answer_login(opened, body)


@blueprint.post("/<platform>/bindings")
@blueprint.arguments(PlatformCodeSchema)
@blueprint.response(201, BoundSchema)
@no_idempotency_key
def bind(body: dict[str, Any], platform: str) -> Any:
    """Bind the platform's user to the account that is logged in; an older one of the same platform is unbound."""
    bound = bind_platform(actor=current_actor(), kind=platform, platform=find_platform(platform), code=body["code"])
    return {"id": bound.id, "kind": bound.kind, "bound_at": in_shanghai(bound.bound_at)}
