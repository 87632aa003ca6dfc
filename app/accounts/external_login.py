"""Logins by an identity provider, up to the point where it is known who it was (A4, A5; RFC 6749, 7636; OIDC).

The state belongs to one browser (by a cookie) or to one PC (by its ticket, when a phone does the login there). State,
code and ticket serve once, for ten minutes. A login done on a phone lets a PC in only after the phone said so again:
whoever is sent a stranger's QR sees whose device asks.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.bindings import find_binding, subject_index
from app.accounts.codes import CodePurpose, CodeSent, send_code
from app.accounts.errors import ExternalLoginRefused, LoginTicketNotFound, LoginTicketOver, QrLimitReached
from app.accounts.login import find_worker, parse_phone
from app.accounts.login_models import BindingKind, ExternalLogin, ExternalStatus
from app.accounts.pacing import seconds_to_wait
from app.accounts.ports import ExternalIdentityClaims, IdentityProvider
from app.accounts.qr_login import is_same_network
from app.accounts.sms_limits import hold_place
from app.core.clock import now
from app.core.crypto import token_hash
from app.core.db import reading, transaction
from app.core.errors import DomainError, InvalidInput, ProviderError
from app.core.ids import new_id, new_token
from app.core.text import normalise_phone

LIFE = timedelta(minutes=10)
PER_IP, WINDOW = 60, timedelta(minutes=10)
# How each provider is used: in the same browser, or by the QR on a PC that a phone scans.
WAYS = {BindingKind.GOV: "redirect", BindingKind.SOCIAL_CARD: "qr"}


@dataclass(frozen=True, slots=True)
class StartedLogin:
    """`browser_token`: for a cookie of this browser (redirect). `ticket`: the PC's secret (qr). The other one is ""."""

    url: str
    browser_token: str
    ticket: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnedLogin:
    """`ticket`: to go on with in this browser (redirect). `confirm_token`: to be asked on this phone (qr)."""

    ticket: str
    confirm_token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AskingView:
    """Which device wants to be let in."""

    device: str
    ip: str
    same_network: bool


def start_external_login(
    *, kind: str, provider: IdentityProvider, redirect_uri: str, ip: str, device: str
) -> StartedLogin:  # fmt: skip
    """Where the person goes to log in. Raises QrLimitReached, ProviderError."""
    bound, state, nonce, verifier, secret = BindingKind(kind), new_token(), new_token(), new_token(), new_token()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    url = provider.authorization_url(state=state, nonce=nonce, code_challenge=challenge, redirect_uri=redirect_uri)
    is_qr, moment = WAYS[bound] == "qr", now()
    login = ExternalLogin(
        id=new_id(), kind=bound, app_id="", status=ExternalStatus.WAITING, state_hash=token_hash(state),
        ticket_hash=token_hash(secret) if is_qr else None, browser_hash=None if is_qr else token_hash(secret),
        ip=ip, device=device[:200], created_at=moment, expires_at=moment + LIFE,
    )  # fmt: skip
    login.nonce, login.verifier = nonce, verifier
    with transaction() as session:
        _check_limit(session, ip, moment)
        session.add(login)
    return StartedLogin(url, "" if is_qr else secret, secret if is_qr else "", moment + LIFE)


def receive_external_login(
    *, kind: str, provider: IdentityProvider, redirect_uri: str, state: str, code: str, browser_token: str
) -> ReturnedLogin:  # fmt: skip
    """The provider sent the person back. Without a `code` they refused. The state is spent either way.

    Raises LoginTicketNotFound (unknown state, or of another provider), LoginTicketOver, ExternalLoginRefused (another
    browser; refused there; the token is not what it should be), ProviderError.
    """
    login = _spend_state(kind, state, code, browser_token)
    try:
        claims = provider.exchange(
            code=code, code_verifier=login.verifier, nonce=login.nonce, redirect_uri=redirect_uri
        )
    except (DomainError, ProviderError):
        _close(login, ExternalStatus.REFUSED)
        raise
    return _note_identity(login, claims)


def _spend_state(kind: str, state: str, code: str, browser_token: str) -> ExternalLogin:
    """One use of a state, whatever comes of it. Another browser does not use it up."""
    with transaction() as session:
        is_it = (ExternalLogin.state_hash == token_hash(state)) & (ExternalLogin.kind == kind)
        login = session.scalar(select(ExternalLogin).where(is_it).with_for_update())
        if login is None:
            raise LoginTicketNotFound
        if not _fits(login, browser_token):
            raise ExternalLoginRefused
        if login.status != ExternalStatus.WAITING or login.expires_at <= now():
            raise LoginTicketOver
        if code:
            login.spend_state()
        else:
            login.close(ExternalStatus.REFUSED)
    if not code:
        raise ExternalLoginRefused
    return login


def _note_identity(login: ExternalLogin, claims: ExternalIdentityClaims) -> ReturnedLogin:
    secret = new_token()
    with transaction() as session:
        row = session.get_one(ExternalLogin, login.id, with_for_update=True)
        is_qr = row.browser_hash is None
        status = ExternalStatus.ASKING if is_qr else ExternalStatus.PROVEN
        row.note_identity(status, claims.subject, subject_index(claims.subject), _verified_phone(claims))
        if is_qr:
            row.confirm_hash = token_hash(secret)
        else:
            row.ticket_hash = token_hash(secret)
        return ReturnedLogin("" if is_qr else secret, secret if is_qr else "", row.expires_at)


def _verified_phone(claims: ExternalIdentityClaims) -> str:
    """Only a number that the provider itself has verified, and a mainland one; else the person proves one here."""
    try:
        return normalise_phone(claims.phone) if claims.phone_verified else ""
    except InvalidInput:
        return ""


def get_asking(*, confirm_token: str, ip: str) -> AskingView:
    """For the phone: which device wants to be let in. Raises LoginTicketNotFound, LoginTicketOver."""
    with reading() as session:
        login = _asking(session, confirm_token)
        return AskingView(login.device, login.ip, is_same_network(login.ip, ip))


def decide_external_login(*, confirm_token: str, accept: bool) -> None:
    """The phone lets the PC in, or keeps it out; once. Raises LoginTicketNotFound, LoginTicketOver."""
    with transaction() as session:
        login = _asking(session, confirm_token, lock=True)
        if accept:
            login.note_decision(ExternalStatus.PROVEN)
        else:
            login.close(ExternalStatus.REFUSED)


def get_external_status(*, ticket: str, browser_token: str) -> str:
    """waiting, proven (log in now), needs_phone (first time: bind one), refused, or expired. Raises
    LoginTicketNotFound."""
    with reading() as session:
        login = find_ticket(session, ticket, browser_token)
        if login.status == ExternalStatus.REFUSED:
            return "refused"
        if login.status == ExternalStatus.USED or login.expires_at <= now():
            return "expired"
        if login.status != ExternalStatus.PROVEN:
            return "waiting"
        return "needs_phone" if needs_phone(session, login) else "proven"


def request_binding_code(*, ticket: str, browser_token: str, phone: str, ip: str) -> CodeSent:
    """Send a code to the phone that is to be bound; it is good for this login only. Known and unknown numbers alike.

    Raises PhoneInvalid, LoginTicketNotFound, LoginTicketOver, SmsLimitReached.
    """
    number = parse_phone(phone)
    with transaction() as session:
        login = proven_ticket(session, ticket, browser_token)
        return send_code(
            session, phone=number, purpose=CodePurpose.LOGIN, subject=code_subject(login), ip=ip, template="SMS_LOGIN"
        )


def add_proven(session: Session, *, kind: str, app_id: str, subject: str, ip: str, device: str) -> tuple[str, datetime]:
    """A ticket for somebody whom a mini-program's platform named, and who is to bind a phone: (ticket, end of life)."""
    ticket, moment = new_token(), now()
    login = ExternalLogin(
        id=new_id(), kind=BindingKind(kind), app_id=app_id, status=ExternalStatus.WAITING,
        ticket_hash=token_hash(ticket), ip=ip, device=device[:200], created_at=moment, expires_at=moment + LIFE,
    )  # fmt: skip
    login.note_identity(ExternalStatus.PROVEN, subject, subject_index(subject), "")
    session.add(login)
    return ticket, login.expires_at


def proven_ticket(
    session: Session, ticket: str, browser_token: str = "", *, kind: str = "", lock: bool = False
) -> ExternalLogin:
    """The login that may be ended now. Raises LoginTicketNotFound, LoginTicketOver."""
    login = find_ticket(session, ticket, browser_token, lock=lock)
    if kind and login.kind != kind:
        raise LoginTicketNotFound
    if login.status != ExternalStatus.PROVEN or login.expires_at <= now():
        raise LoginTicketOver
    return login


def find_ticket(session: Session, ticket: str, browser_token: str, *, lock: bool = False) -> ExternalLogin:
    """Raises LoginTicketNotFound; a ticket in another browser than its own is unknown."""
    statement = select(ExternalLogin).where(ExternalLogin.ticket_hash == token_hash(ticket))
    login = session.scalar(statement.with_for_update() if lock else statement)
    if login is None or not _fits(login, browser_token):
        raise LoginTicketNotFound
    return login


def needs_phone(session: Session, login: ExternalLogin) -> bool:
    """Whether nothing yet says whose account it is. The provider's phone may open one, but enters none."""
    if find_binding(session, kind=login.kind, app_id=login.app_id, subject=login.subject) is not None:
        return False
    return not login.phone or find_worker(session, login.phone) is not None


def code_subject(login: ExternalLogin) -> str:
    return f"third:{login.id}"


def _fits(login: ExternalLogin, browser_token: str) -> bool:
    return login.browser_hash is None or hmac.compare_digest(login.browser_hash, token_hash(browser_token))


def _asking(session: Session, confirm_token: str, *, lock: bool = False) -> ExternalLogin:
    statement = select(ExternalLogin).where(ExternalLogin.confirm_hash == token_hash(confirm_token))
    login = session.scalar(statement.with_for_update() if lock else statement)
    if login is None:
        raise LoginTicketNotFound
    if login.status != ExternalStatus.ASKING or login.expires_at <= now():
        raise LoginTicketOver
    return login


def _close(login: ExternalLogin, status: ExternalStatus) -> None:
    with transaction() as session:
        session.get_one(ExternalLogin, login.id, with_for_update=True).close(status)


def _check_limit(session: Session, ip: str, moment: datetime) -> None:
    hold_place(session, f"external:{ip}")
    newest = select(ExternalLogin.created_at).where(ExternalLogin.ip == ip).order_by(ExternalLogin.created_at.desc())
    if wait := seconds_to_wait(session.scalars(newest.limit(PER_IP)).all(), PER_IP, WINDOW, moment):
        raise QrLimitReached(retry_after=wait)
