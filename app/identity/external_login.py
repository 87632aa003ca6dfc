"""Open a session for whom an identity provider or a mini-program's platform has named (A4, A5, A6).

The first time a phone is bound: a number proven by our code, or, to open a new account, the one that the provider or
platform was told (decision 0008).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.bindings import NAMES, bind, find_bound_account
from app.accounts.codes import CodePurpose, check_code
from app.accounts.errors import BindingTaken, LoginTicketOver, PhoneCodeWanted
from app.accounts.external_login import add_proven, code_subject, needs_phone, proven_ticket
from app.accounts.login import check_login_code, find_or_open_worker, parse_phone
from app.accounts.login_models import BindingKind, ExternalLogin, ExternalStatus
from app.accounts.models import AccountKind, WorkerAccount
from app.accounts.ports import MiniPlatform
from app.accounts.sessions import Client, LoggedIn, open_session
from app.core.actor import Actor, ActorKind
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.identity.consents import Agreements, check_agreements
from app.identity.login import note_login
from app.identity.texts import LOGIN_AGREEMENTS, ConsentText


@dataclass(frozen=True, slots=True)
class PhoneWanted:
    """The platform's user is not bound yet. `ticket`: to go on with."""

    ticket: str
    expires_at: datetime


def log_in_by_provider(
    *, ticket: str, browser_token: str, agreements: Agreements, channel: str, ip: str, device: str, phone: str = "",
    code: str = "",
) -> LoggedIn:  # fmt: skip
    """End a login at an identity provider; the first time with a phone and the code sent to it, unless the provider
    told a verified one that nobody here has.

    Raises AgreementRequired, TextOutdated, LoginTicketNotFound, LoginTicketOver, InvalidInput (phone missing),
    PhoneInvalid, CodeWrong, CodeExpired, CodeExhausted, PhoneCodeWanted, BindingTaken.
    """
    texts = check_agreements(agreements, LOGIN_AGREEMENTS)
    with reading() as session:
        login = proven_ticket(session, ticket, browser_token)
        wanted = needs_phone(session, login)
    number = login.phone
    if wanted:
        if not (phone and code):
            raise InvalidInput(fields={"phone": ["首次使用，请绑定手机号。"]})
        number = parse_phone(phone)
        check_code(phone=number, purpose=CodePurpose.LOGIN, subject=code_subject(login), code=code)
    with transaction() as session:
        row = proven_ticket(session, ticket, browser_token, lock=True)
        return _open(session, row, number, texts, Client(channel, ip, device), typed=wanted, is_told=not wanted)


def log_in_by_platform(
    *, kind: str, platform: MiniPlatform, code: str, agreements: Agreements, channel: str, ip: str, device: str
) -> LoggedIn | PhoneWanted:  # fmt: skip
    """Log in the platform's user who is in front of the mini-program, or ask for a phone the first time.

    Raises AgreementRequired, TextOutdated, PlatformCodeInvalid, PlatformUserBlocked, ProviderError.
    """
    texts = check_agreements(agreements, LOGIN_AGREEMENTS)
    subject = platform.exchange_code(code=code).subject
    with transaction() as session:
        account = find_bound_account(session, kind=kind, app_id=platform.app_id, subject=subject)
        if account is None:
            ticket, end = add_proven(session, kind=kind, app_id=platform.app_id, subject=subject, ip=ip, device=device)
            return PhoneWanted(ticket, end)
        return _admit(session, account, texts, Client(channel, ip, device), by=kind, is_new=False)


def bind_phone_and_log_in(
    *, kind: str, platform: MiniPlatform, ticket: str, agreements: Agreements, channel: str, ip: str, device: str,
    proof: str = "", phone: str = "", code: str = "",
) -> LoggedIn:  # fmt: skip
    """The first login in a mini-program: the phone by the platform's `proof`, or typed with the code for logging in.

    A platform's proof enters no account that is there already: PhoneCodeWanted. Also raises AgreementRequired,
    TextOutdated, LoginTicketNotFound, LoginTicketOver, InvalidInput, PhoneInvalid, PhoneProofInvalid, CodeWrong,
    CodeExpired, CodeExhausted, BindingTaken, ProviderError.
    """
    texts = check_agreements(agreements, LOGIN_AGREEMENTS)
    with reading() as session:
        login = proven_ticket(session, ticket, kind=kind)
    if proof:
        number = parse_phone(platform.phone_number(proof=proof, subject=login.subject))
    elif phone and code:
        number = parse_phone(phone)
        check_login_code(account_kind=AccountKind.WORKER, phone=number, code=code)
    else:
        raise InvalidInput(fields={"phone": ["请授权手机号，或填写手机号和验证码。"]})
    with transaction() as session:
        row = proven_ticket(session, ticket, kind=kind, lock=True)
        client = Client(channel, ip, device)
        return _open(session, row, number, texts, client, typed=True, is_told=bool(proof))


def _open(
    session: Session, row: ExternalLogin, phone: str, texts: list[ConsentText], client: Client, *, typed: bool,
    is_told: bool,
) -> LoggedIn:  # fmt: skip
    """The bound worker's session; else the phone's account is found or opened, and bound.

    `typed`: the phone was given just now. If meanwhile the identity was bound to another account, that is no way in.
    `is_told`: the provider or platform says that it is theirs; no code of ours proved it.
    """
    is_new, kind = False, row.kind
    account = find_bound_account(session, kind=kind, app_id=row.app_id, subject=row.subject)
    if account is not None and typed and account.phone != phone:
        raise BindingTaken(platform=NAMES[BindingKind(kind)])
    if account is None:
        if not phone:  # it was bound when the person was asked for nothing, and is no more
            raise LoginTicketOver
        account, is_new = find_or_open_worker(session, phone)
        if is_told and not is_new:
            raise PhoneCodeWanted
        actor = Actor(ActorKind.WORKER, account.id, channel=client.channel, ip=client.ip, device=client.device)
        bind(
            session, actor, kind=BindingKind(kind), app_id=row.app_id, subject=row.subject, uncertain=is_told,
            is_new=is_new,
        )  # fmt: skip
    row.close(ExternalStatus.USED)
    return _admit(session, account, texts, client, by=kind, is_new=is_new)


def _admit(
    session: Session, account: WorkerAccount, texts: list[ConsentText], client: Client, *, by: str, is_new: bool
) -> LoggedIn:  # fmt: skip
    opened = open_session(
        session, kind=AccountKind.WORKER, account_id=account.id, person_id=account.person_id, client=client
    )
    note_login(session, opened, texts, is_new=is_new, by=by)
    return opened
