"""Log a computer in with a phone that is logged in already (A4): the computer shows the code, the phone decides."""

import uuid

from flask import Response

from app.accounts.qr_login import ScanView, confirm_qr, get_qr_status, refuse_qr, request_qr_login, scan_qr
from app.console.api.qr_login import SCAN_PAGE
from app.console.pages.blueprint import blueprint
from app.console.pages.doors import lead_in, ticked
from app.console.pages.web import part, safe_path, show_door, typed
from app.http.context import client_device, client_ip, current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.http.kit.devices import describe_device
from app.http.qr import qr_picture
from app.identity.qr_login import log_in_by_qr

_STOP = 286  # htmx polls no more


@blueprint.post("/login/qr")
def show_login_qr() -> Response:
    """A new code, good for two minutes and one login."""
    made = request_qr_login(account_kind="operator", ip=client_ip(), device=client_device())
    address = providers().return_url(SCAN_PAGE + made.scan_token)
    return part(
        "console/partials/login_qr.html", address=address, picture=qr_picture(address), ticket=made.ticket,
        poll_after=made.poll_after,
    )  # fmt: skip


@blueprint.post("/login/qr/status")
def follow_login_qr() -> Response:
    """Polled by the computer; once the phone confirmed, and the box is ticked, it is in."""
    ticket = typed("ticket")
    status = get_qr_status(account_kind="operator", ticket=ticket)
    if status == "waiting":
        return Response(status=204)
    if status == "confirmed" and (agreements := ticked()):
        opened = log_in_by_qr(
            account_kind="operator", ticket=ticket, agreements=agreements, channel="console", ip=client_ip(),
            device=client_device(),
        )  # fmt: skip
        return lead_in(opened, safe_path(typed("next")))
    is_over = status in ("refused", "expired")
    return part("console/partials/login_qr_state.html", _STOP if is_over else 200, progress=status)


@blueprint.get("/scan")
def show_scan() -> Response:
    """Where the code leads; a module hands on what is in the address."""
    return show_door("console/scan.html")


@blueprint.post("/scan")
@no_idempotency_key
def scan() -> Response:
    """Which device asks? Repeating shows the same."""
    return _ask(scan_qr(actor=current_actor(), token=typed("token")))


@blueprint.post("/scans/<uuid:scan_id>/confirmation")
@no_idempotency_key
def confirm_scan(scan_id: uuid.UUID) -> Response:
    confirm_qr(actor=current_actor(), scan_id=scan_id)
    return _decided("confirmed")


@blueprint.post("/scans/<uuid:scan_id>/refusal")
@no_idempotency_key
def refuse_scan(scan_id: uuid.UUID) -> Response:
    refuse_qr(actor=current_actor(), scan_id=scan_id)
    return _decided("refused")


def _ask(view: ScanView) -> Response:
    return part("console/partials/scan.html", scan=view, device=describe_device(view.device))


def _decided(decision: str) -> Response:
    return part("console/partials/scan_decided.html", decision=decision)
