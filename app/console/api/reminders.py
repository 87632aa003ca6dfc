"""How the SMS about a contract arrived; the link again; urging (G6, H6)."""

import uuid
from typing import Any

import marshmallow as ma

from app.console.api.dumps import shown
from app.console.words import delivery_text
from app.contracts.reminders import get_reminders
from app.contracts.service.reminding import resend_link, urge_worker
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers

blueprint = ApiBlueprint(
    "console_reminders", __name__, url_prefix="/api/v1/console", description="用人单位：短信与催签"
)


class EmployerNoticeSchema(ma.Schema):
    """The last SMS to one person. `to`: worker, copy. `delivery`: queued, sent, delivered, undelivered, unknown."""

    to = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    phone_masked = ma.fields.String(required=True)
    delivery = ma.fields.String(required=True)
    delivery_text = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)


class EmployerRemindersSchema(ma.Schema):
    """`resend_at`, `urge_at`: from when on; null while there is nothing for the worker to do."""

    notices = ma.fields.List(ma.fields.Nested(EmployerNoticeSchema), required=True)
    resend_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    urge_at = ma.fields.AwareDateTime(required=True, allow_none=True)


@blueprint.get("/contracts/<uuid:contract_id>/reminders")
@blueprint.response(200, EmployerRemindersSchema)
def show(contract_id: uuid.UUID) -> Any:
    """The last SMS to each, and from when the worker may be reminded."""
    return _dump(contract_id)


@blueprint.post("/contracts/<uuid:contract_id>/link")
@blueprint.response(200, EmployerRemindersSchema)
def resend(contract_id: uuid.UUID) -> Any:
    """The link again, as a new one; 429 `too_soon_to_remind` with `next_at`."""
    resend_link(actor=current_actor(), contract_id=contract_id, link_url=providers().link_url)
    return _dump(contract_id)


@blueprint.post("/contracts/<uuid:contract_id>/urging")
@blueprint.response(200, EmployerRemindersSchema)
def urge(contract_id: uuid.UUID) -> Any:
    """Ask the worker to go on; 429 `too_soon_to_remind` with `next_at`."""
    urge_worker(actor=current_actor(), contract_id=contract_id, link_url=providers().link_url)
    return _dump(contract_id)


def _dump(contract_id: uuid.UUID) -> dict[str, Any]:
    reminders = get_reminders(actor=current_actor(), contract_id=contract_id)
    notices = [
        {
            "to": one.to, "name": one.name, "phone_masked": one.phone_masked, "delivery": one.delivery,
            "delivery_text": delivery_text(one.delivery), "at": in_shanghai(one.at),
        }
        for one in reminders.notices
    ]  # fmt: skip
    return {"notices": notices, "resend_at": shown(reminders.resend_at), "urge_at": shown(reminders.urge_at)}
