"""Open the session of a PC whose QR code was confirmed by phone (A4)."""

from app.accounts.models import AccountKind
from app.accounts.qr_login import use_qr_ticket
from app.accounts.sessions import Client, LoggedIn, open_session
from app.core.clock import in_shanghai, now
from app.core.db import transaction
from app.identity.consents import Agreements, check_agreements
from app.identity.login import note_login
from app.identity.texts import LOGIN_AGREEMENTS
from app.notifications.service import post_message


def log_in_by_qr(
    *, account_kind: str, ticket: str, agreements: Agreements, channel: str, ip: str, device: str
) -> LoggedIn:  # fmt: skip
    """Log in whoever confirmed this ticket, once; an operator into no organisation yet. The owner is told.

    Raises AgreementRequired, TextOutdated, LoginTicketNotFound, LoginTicketOver.
    """
    kind, texts = AccountKind(account_kind), check_agreements(agreements, LOGIN_AGREEMENTS)
    with transaction() as session:
        account, login_id = use_qr_ticket(session, account_kind=kind, ticket=ticket)
        opened = open_session(
            session, kind=kind, account_id=account.id, person_id=account.person_id, client=Client(channel, ip, device)
        )
        post_message(
            session, account_kind=kind, account_id=account.id, kind="account.qr_login", title="扫码登录成功",
            body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，您的账号通过扫码在另一台设备上登录。"
            "如非本人操作，请在“登录设备”中退出该设备。",
        )  # fmt: skip
        note_login(session, opened, texts, is_new=False, by=f"qr:{login_id}")
        return opened
