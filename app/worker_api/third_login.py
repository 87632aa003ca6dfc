"""Log in by government identity or electronic social-security card (A4, A5). The way back is `app.h5.oidc`."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate

from app.accounts.external_login import WAYS, get_external_status, request_binding_code, start_external_login
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import client_device, client_ip, providers
from app.http.language import language
from app.http.logins import LoggedInSchema, answer_login, login_origin
from app.http.oidc import browser_token, callback_url, find_provider, set_browser_token
from app.http.qr import qr_picture
from app.http.shared.codes import CodeSentSchema
from app.http.shared.qr_login import TicketSchema
from app.identity.external_login import log_in_by_provider
from app.worker_api.qr_login import NothingSchema, TicketLoginSchema

blueprint = ApiBlueprint("worker_third_login", __name__, url_prefix="/api/v1/worker/login", description="第三方登录")


class ProviderSchema(ma.Schema):
    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    by = ma.fields.String(required=True, validate=validate.OneOf(("redirect", "qr")))


class ThirdStartSchema(ma.Schema):
    """`url` alone: go there. With `ticket` and `qr`: show the picture and ask how far it is."""

    url = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    ticket = ma.fields.String()
    qr = ma.fields.String()


class ThirdStatusSchema(ma.Schema):
    status = ma.fields.String(
        required=True, validate=validate.OneOf(("waiting", "proven", "needs_phone", "refused", "expired"))
    )


class BindingCodeSchema(TicketSchema):
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))


class ThirdLoginSchema(TicketLoginSchema):
    """`phone` and `code`: when the status says needs_phone."""

    phone = ma.fields.String(load_default="", validate=validate.Length(max=30))
    code = ma.fields.String(load_default="", validate=validate.Length(max=12))


@blueprint.get("/providers")
@blueprint.response(200, ProviderSchema(many=True))
def list_providers() -> Any:
    """Who else can say who you are; empty where none is configured."""
    return [
        {"id": kind, "label": found.label_en if language() == "en" else found.label_zh, "by": way}
        for kind, way in WAYS.items()
        if (found := providers().identity_providers.get(kind)) is not None
    ]


@blueprint.post("/providers/<kind>")
@blueprint.arguments(NothingSchema)
@blueprint.response(201, ThirdStartSchema)
def start(_body: dict[str, Any], kind: str) -> Any:
    """Begin: in this browser, to which the login is bound by a cookie; or on a PC with a QR for the phone."""
    begun = start_external_login(
        kind=kind, provider=find_provider(kind), redirect_uri=callback_url(kind), ip=client_ip(),
        device=client_device(),
    )  # fmt: skip
    answer = {"url": begun.url, "expires_at": in_shanghai(begun.expires_at)}
    if begun.ticket:
        return answer | {"ticket": begun.ticket, "qr": qr_picture(begun.url)}
    response: Response = jsonify(ThirdStartSchema().dump(answer))
    response.status_code = 201
    set_browser_token(response, begun.browser_token, begun.expires_at)
    return response


@blueprint.post("/third/status")
@blueprint.arguments(TicketSchema)
@blueprint.response(200, ThirdStatusSchema)
def read_status(body: dict[str, Any]) -> Any:
    """How far it is."""
    return {"status": get_external_status(ticket=body["ticket"], browser_token=browser_token())}


@blueprint.post("/third/codes")
@blueprint.arguments(BindingCodeSchema)
@blueprint.response(202, CodeSentSchema)
def request_code(body: dict[str, Any]) -> Any:
    """A code to the phone that is to be bound the first time. Known and unknown numbers get the same answer."""
    return request_binding_code(
        ticket=body["ticket"], browser_token=browser_token(), phone=body["phone"], ip=client_ip()
    )


@blueprint.post("/third/session")
@blueprint.arguments(ThirdLoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in(body: dict[str, Any]) -> Any:
    """The session of whoever was named there, once."""
    opened = log_in_by_provider(
        ticket=body["ticket"], browser_token=browser_token(), phone=body["phone"], code=body["code"],
        **login_origin(body),
    )  # fmt: skip
    return answer_login(opened, body)
