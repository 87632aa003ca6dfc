"""Links from SMS: what may be told before login, and where they lead after it (A7)."""

from typing import Any
from urllib.parse import quote

import marshmallow as ma
from marshmallow import validate

from app.accounts.errors import PlatformNotOffered
from app.accounts.links import claim_link, preview_link
from app.core.clock import in_shanghai
from app.http.access import protect_worker_routes
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers
from app.organisations.queries import get_organisation_name

blueprint = ApiBlueprint("h5_links", __name__, url_prefix="/api/v1/h5/links", description="H5：短信链接")
protect_worker_routes(blueprint)


class LinkTokenSchema(WireSchema):
    token = ma.fields.String(required=True, validate=validate.Length(1, 100))


class LinkPreviewSchema(ma.Schema):
    purpose = ma.fields.String(required=True)
    organisation = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    mini_programs = ma.fields.List(ma.fields.String(), required=True)


class LinkToAppSchema(LinkTokenSchema):
    platform = ma.fields.String(required=True, validate=validate.Length(1, 20))


class AppLinkSchema(ma.Schema):
    url = ma.fields.String(required=True)


class LinkTargetSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    id = ma.fields.UUID(required=True)


class LinkClaimSchema(ma.Schema):
    target = ma.fields.Nested(LinkTargetSchema, required=True)


@blueprint.post("/preview")
@blueprint.arguments(LinkTokenSchema)
@blueprint.response(200, LinkPreviewSchema)
def preview(body: dict[str, Any]) -> Any:
    """Who sent the link and what for; nothing private. The token comes in the body, never in an address.

    `mini_programs`: the platforms whose mini-program can open it too.
    """
    link = preview_link(token=body["token"])
    return {
        "purpose": link.purpose,
        "organisation": get_organisation_name(organisation_id=link.organisation_id),
        "expires_at": in_shanghai(link.expires_at),
        "mini_programs": list(providers().mini),
    }


@blueprint.post("/claim")
@blueprint.arguments(LinkTokenSchema)
@blueprint.response(200, LinkClaimSchema)
def claim(body: dict[str, Any]) -> Any:
    """Where the link leads, for the phone that it was sent to."""
    target = claim_link(actor=current_actor(), token=body["token"])
    return {"target": {"kind": target.kind, "id": target.id}}


@blueprint.post("/mini-program")
@blueprint.arguments(LinkToAppSchema)
@blueprint.response(200, AppLinkSchema)
def open_in_mini_program(body: dict[str, Any]) -> Any:
    """An address that opens the same link in our mini-program on this phone; the link itself stays as it is."""
    platform = providers().mini.get(body["platform"])
    if platform is None:
        raise PlatformNotOffered
    preview_link(token=body["token"])
    return {"url": platform.link_to_app(page="pages/landing/index", query=f"t={quote(body['token'], safe='')}")}
