"""Our own page before a vendor's, on the device that scanned the code: who asks, and "not me" (B3).

The token comes in bodies, never in an address.
"""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import client_ip
from app.http.faces import HANDOVERS, browser_token, set_browser_token
from app.identity.face_handover import PURPOSES, open_handover, refuse_handover, take_over_face_check

blueprint = ApiBlueprint("worker_face_handovers", __name__, url_prefix=HANDOVERS, description="劳动者：扫码刷脸")


class HandoverTokenSchema(WireSchema):
    token = ma.fields.String(required=True, validate=validate.Length(1, 100))


class HandoverSchema(ma.Schema):
    """`name`: masked, whose face is asked for. `account`: masked phone of the account that asks; empty for a login.

    `vendor`: whose page comes next. `taken`: another browser went on with it already.
    """

    name = ma.fields.String(required=True)
    account = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True, validate=validate.OneOf(PURPOSES))
    title = ma.fields.String(required=True)
    vendor = ma.fields.String(required=True)
    device = ma.fields.String(required=True)
    ip = ma.fields.String(required=True)
    same_network = ma.fields.Boolean(required=True)
    requested_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    taken = ma.fields.Boolean(required=True, attribute="is_taken")


class TakenOverSchema(ma.Schema):
    url = ma.fields.String(required=True)


@blueprint.post("/preview")
@blueprint.arguments(HandoverTokenSchema)
@blueprint.response(200, HandoverSchema)
def preview(body: dict[str, Any]) -> Any:
    """Who asks for what, from where. Looking uses nothing up."""
    found = open_handover(token=body["token"], browser_token=browser_token(), ip=client_ip())
    times = {name: in_shanghai(getattr(found, name)) for name in ("requested_at", "expires_at")}
    names = ("name", "account", "purpose", "title", "vendor", "device", "ip", "same_network", "is_taken")
    return {name: getattr(found, name) for name in names} | times


@blueprint.post("/continuation")
@blueprint.arguments(HandoverTokenSchema)
@blueprint.response(200, TakenOverSchema)
def go_on(body: dict[str, Any]) -> Any:
    """The vendor's page, for this browser only: it is told by a cookie."""
    taken = take_over_face_check(token=body["token"], browser_token=browser_token())
    response: Response = jsonify(TakenOverSchema().dump({"url": taken.url}))
    set_browser_token(response, taken.browser_token, taken.expires_at)
    return response


@blueprint.post("/refusal")
@blueprint.arguments(HandoverTokenSchema)
@blueprint.response(204)
def refuse(body: dict[str, Any]) -> None:
    """Not me: the check is over, and whoever waits for it is told."""
    refuse_handover(token=body["token"])
