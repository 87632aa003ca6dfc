"""Log a computer in with a phone that is logged in already (A4): the computer's side without a session, the phone's
with one."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.accounts.qr_login import ScanView, confirm_qr, get_qr_status, refuse_qr, request_qr_login, scan_qr
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import client_device, client_ip, current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.http.qr import qr_picture

_SECRET = validate.Length(1, 100)


class QrTicketSchema(ma.Schema):
    """`qr`: a picture as a `data:` address. `ticket` is the computer's secret and is in no picture."""

    ticket = ma.fields.String(required=True)
    qr = ma.fields.String(required=True)
    url = ma.fields.String(required=True, metadata={"description": "what the picture holds"})
    expires_at = ma.fields.AwareDateTime(required=True)
    poll_after = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class TicketSchema(WireSchema):
    ticket = ma.fields.String(required=True, validate=_SECRET)


class QrStatusSchema(ma.Schema):
    status = ma.fields.String(
        required=True, validate=validate.OneOf(("waiting", "scanned", "confirmed", "refused", "expired"))
    )


class ScanTokenSchema(WireSchema):
    token = ma.fields.String(required=True, validate=_SECRET)


class ScanSchema(ma.Schema):
    """Who asks to be logged in. `device`: what its browser called itself."""

    id = ma.fields.UUID(required=True)
    device = ma.fields.String(required=True)
    ip = ma.fields.String(required=True)
    same_network = ma.fields.Boolean(required=True)
    requested_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    status = ma.fields.String(required=True)


def make_ticket(account_kind: str, scan_page: str) -> dict[str, Any]:
    """`QrTicketSchema`. `scan_page`: where the phone decides, up to the scan token."""
    made = request_qr_login(account_kind=account_kind, ip=client_ip(), device=client_device())
    url = providers().return_url(scan_page + made.scan_token)
    return {
        "ticket": made.ticket, "qr": qr_picture(url), "url": url, "expires_at": in_shanghai(made.expires_at),
        "poll_after": made.poll_after,
    }  # fmt: skip


def add_qr_login(blueprint: ApiBlueprint, *, account_kind: str) -> None:
    """How far a ticket is, and the phone's side of it: everything but asking and logging in."""

    @blueprint.post("/login/qr/status")
    @blueprint.arguments(TicketSchema)
    @blueprint.response(200, QrStatusSchema)
    def read_status(body: dict[str, Any]) -> Any:
        """How far it is; asked every `poll_after` seconds."""
        return {"status": get_qr_status(account_kind=account_kind, ticket=body["ticket"])}

    @blueprint.post("/scans")
    @blueprint.arguments(ScanTokenSchema)
    @blueprint.response(200, ScanSchema)
    @no_idempotency_key
    def scan(body: dict[str, Any]) -> Any:
        """The phone has read the code: which device asks? Repeating shows the same."""
        return _dump(scan_qr(actor=current_actor(), token=body["token"]))

    @blueprint.post("/scans/<uuid:scan_id>/confirmation")
    @blueprint.response(200, ScanSchema)
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
