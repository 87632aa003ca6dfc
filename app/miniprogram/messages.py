"""Which messages a worker allows in a mini-program (A6, D7)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.accounts.mini_messages import note_subscription
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.miniprogram.platforms import find_messenger, find_platform

blueprint = ApiBlueprint("mini_messages", __name__, url_prefix="/api/v1/miniprogram", description="小程序：消息订阅")


class MiniSettingsSchema(ma.Schema):
    """The platform's template ids. `subscribe_templates`: each yes is one message; `employee_templates`: lasting."""

    subscribe_templates = ma.fields.List(ma.fields.String(), required=True)
    employee_templates = ma.fields.List(ma.fields.String(), required=True)


class SubscriptionSchema(WireSchema):
    template = ma.fields.String(required=True, validate=validate.Length(1, 100))
    accepted = ma.fields.Boolean(required=True)


@blueprint.get("/<platform>/settings")
@blueprint.response(200, MiniSettingsSchema)
def read_settings(platform: str) -> Any:
    """What the mini-program asks its user to allow."""
    messenger = find_messenger(platform)
    return {
        "subscribe_templates": list(messenger.subscribe_templates.values()),
        "employee_templates": list(messenger.employee_templates.values()),
    }


@blueprint.post("/<platform>/subscriptions")
@blueprint.arguments(SubscriptionSchema)
@blueprint.response(204)
@no_idempotency_key
def subscribe(body: dict[str, Any], platform: str) -> None:
    """What the user just answered. Repeating a yes to one-time messages counts again, as it does at the platform."""
    note_subscription(
        actor=current_actor(), platform=platform, app_id=find_platform(platform).app_id,
        messenger=find_messenger(platform), template=body["template"], accepted=body["accepted"],
    )  # fmt: skip
