"""Log a PC in with the phone (A4)."""

from typing import Any

from app.http.api import ApiBlueprint, WireSchema
from app.http.logins import AnyLoginSchema, LoggedInSchema, answer_login, login_origin
from app.http.shared.qr_login import QrTicketSchema, TicketSchema, add_qr_login, make_ticket
from app.identity.qr_login import log_in_by_qr

blueprint = ApiBlueprint("worker_qr_login", __name__, url_prefix="/api/v1/worker", description="劳动者：扫码登录")
SCAN_PAGE = "/h5/#/pages/scan/index?k="


class NothingSchema(WireSchema):
    """An empty object."""


class TicketLoginSchema(AnyLoginSchema, TicketSchema):
    """The ticket, and what every login sends."""


@blueprint.post("/login/qr")
@blueprint.arguments(NothingSchema)
@blueprint.response(201, QrTicketSchema)
def ask(_body: dict[str, Any]) -> Any:
    """A QR code for this PC, good for two minutes and one login."""
    return make_ticket("worker", SCAN_PAGE)


@blueprint.post("/login/qr/session")
@blueprint.arguments(TicketLoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in(body: dict[str, Any]) -> Any:
    """The session of whoever confirmed, once."""
    return answer_login(log_in_by_qr(account_kind="worker", ticket=body["ticket"], **login_origin(body)), body)


add_qr_login(blueprint, account_kind="worker")
