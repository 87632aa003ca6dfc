"""Log a computer in with a phone that is logged in already, over JSON (A4)."""

from typing import Any

from app.console.api.account_schemas import OperatorSessionSchema
from app.console.api.session import answer_session, from_here
from app.http.api import ApiBlueprint
from app.http.shared.agreements import AgreementsSchema
from app.http.shared.qr_login import QrTicketSchema, TicketSchema, add_qr_login, make_ticket
from app.identity.qr_login import log_in_by_qr

blueprint = ApiBlueprint("console_qr_login", __name__, url_prefix="/api/v1/console", description="用人单位：扫码登录")
# The token is in the fragment, which no log and no other site ever sees (T-05).
SCAN_PAGE = "/console/scan#k="


class OperatorTicketLoginSchema(AgreementsSchema, TicketSchema):
    """The ticket, and the texts that were ticked."""


@blueprint.post("/login/qr")
@blueprint.response(201, QrTicketSchema)
def ask() -> Any:
    """A QR code for this computer, good for two minutes and one login."""
    return make_ticket("operator", SCAN_PAGE)


@blueprint.post("/login/qr/session")
@blueprint.arguments(OperatorTicketLoginSchema)
@blueprint.response(200, OperatorSessionSchema)
def log_in(body: dict[str, Any]) -> Any:
    """The session of whoever confirmed, once; into no organisation yet."""
    return answer_session(log_in_by_qr(account_kind="operator", **from_here(body)))


add_qr_login(blueprint, account_kind="operator")
