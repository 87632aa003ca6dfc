"""Log a computer in with a phone that is logged in already, over JSON (A4)."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.accounts.qr_login import ScanView, confirm_qr, get_qr_status, refuse_qr, request_qr_login, scan_qr
from app.console.api.account_schemas import AgreementsSchema, OperatorSessionSchema
from app.console.api.session import answer_session, from_here
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import client_device, client_ip, current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.http.qr import qr_picture
from app.identity.qr_login import log_in_by_qr

blueprint = ApiBlueprint("console_qr_login", __name__, url_prefix="/api/v1/console", description="用人单位：扫码登录")
# The token is in the fragment, which no log and no other site ever sees (T-05).
SCAN_PAGE = "/console/scan#k="
_TOKEN = validate.Length(max=100)


class OperatorQrTicketSchema(ma.Schema):
    """`ticket`: the computer's own secret. `poll_after`: seconds."""

    ticket = ma.fields.String(required=True)
    qr = ma.fields.String(required=True)
    url = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    poll_after = ma.fields.Integer(required=True)


class OperatorTicketSchema(WireSchema):
    ticket = ma.fields.String(required=True, validate=_TOKEN)


class OperatorTicketLoginSchema(AgreementsSchema, OperatorTicketSchema):
    """The ticket, and the texts that were ticked."""


class OperatorQrStatusSchema(ma.Schema):
    status = ma.fields.String(
        required=True, validate=validate.OneOf(("waiting", "scanned", "confirmed", "refused", "expired"))
    )


class OperatorScanTokenSchema(WireSchema):
    token = ma.fields.String(required=True, validate=_TOKEN)


class OperatorScanSchema(ma.Schema):
    """Who asks to be logged in. `device`: what its browser called itself."""

    id = ma.fields.UUID(required=True)
    device = ma.fields.String(required=True)
    ip = ma.fields.String(required=True)
    same_network = ma.fields.Boolean(required=True)
    requested_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    status = ma.fields.String(required=True)


@blueprint.post("/login/qr")
@blueprint.response(201, OperatorQrTicketSchema)
def ask() -> Any:
    """A QR code for this computer, good for two minutes and one login."""
    made = request_qr_login(account_kind="operator", ip=client_ip(), device=client_device())
    url = providers().return_url(SCAN_PAGE + made.scan_token)
    return {
        "ticket": made.ticket, "qr": qr_picture(url), "url": url, "expires_at": in_shanghai(made.expires_at),
        "poll_after": made.poll_after,
    }  # fmt: skip


@blueprint.post("/login/qr/status")
@blueprint.arguments(OperatorTicketSchema)
@blueprint.response(200, OperatorQrStatusSchema)
def read_status(body: dict[str, Any]) -> Any:
    """How far it is; asked every `poll_after` seconds."""
    return {"status": get_qr_status(account_kind="operator", ticket=body["ticket"])}


@blueprint.post("/login/qr/session")
@blueprint.arguments(OperatorTicketLoginSchema)
@blueprint.response(200, OperatorSessionSchema)
def log_in(body: dict[str, Any]) -> Any:
    """The session of whoever confirmed, once; into no organisation yet."""
    return answer_session(log_in_by_qr(account_kind="operator", **from_here(body)))


@blueprint.post("/scans")
@blueprint.arguments(OperatorScanTokenSchema)
@blueprint.response(200, OperatorScanSchema)
@no_idempotency_key
def scan(body: dict[str, Any]) -> Any:
    """The phone has read the code: which device asks? Repeating shows the same."""
    return _dump(scan_qr(actor=current_actor(), token=body["token"]))


@blueprint.post("/scans/<uuid:scan_id>/confirmation")
@blueprint.response(200, OperatorScanSchema)
@no_idempotency_key
def confirm(scan_id: uuid.UUID) -> Any:
    """Let that device in."""
    return _dump(confirm_qr(actor=current_actor(), scan_id=scan_id))


@blueprint.delete("/scans/<uuid:scan_id>")
@blueprint.response(204)
def refuse(scan_id: uuid.UUID) -> None:
    """Keep that device out."""
    refuse_qr(actor=current_actor(), scan_id=scan_id)


def _dump(view: ScanView) -> dict[str, Any]:
    return {
        "id": view.id, "device": view.device, "ip": view.ip, "same_network": view.same_network,
        "requested_at": in_shanghai(view.requested_at), "expires_at": in_shanghai(view.expires_at),
        "status": view.status,
    }  # fmt: skip
