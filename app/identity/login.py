"""Log in: prove the phone, accept the agreements, open a session (A1)."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.errors import OperatorNotRegistered
from app.accounts.key_ceremonies import RelyingParty, offered, prove_key
from app.accounts.key_models import CeremonyPurpose
from app.accounts.login import check_login_code, find_operator, find_or_open_worker, parse_phone
from app.accounts.models import AccountKind
from app.accounts.passwords import account_of, prove_password
from app.accounts.queries import get_account
from app.accounts.sessions import Client, LoggedIn, open_session
from app.audit.service import record
from app.core.actor import Actor, ActorKind
from app.core.db import transaction
from app.identity.consents import Agreements, check_agreements, record_consents
from app.identity.texts import LOGIN_AGREEMENTS, ConsentText

_OPERATOR = AccountKind.OPERATOR


def log_in_worker(
    *, phone: str, code: str, agreements: Agreements, channel: str, ip: str, device: str
) -> LoggedIn:  # fmt: skip
    """Log a worker in; the first login registers. `agreements`: (kind, version) of what was ticked.

    Raises PhoneInvalid, AgreementRequired, TextOutdated, CodeWrong, CodeExpired, CodeExhausted.
    """
    number, texts = parse_phone(phone), check_agreements(agreements, LOGIN_AGREEMENTS)
    check_login_code(account_kind=AccountKind.WORKER, phone=number, code=code)
    with transaction() as session:
        account, is_new = find_or_open_worker(session, number)
        opened = open_session(
            session, kind=AccountKind.WORKER, account_id=account.id, person_id=account.person_id,
            client=Client(channel, ip, device),
        )  # fmt: skip
        note_login(session, opened, texts, is_new=is_new)
        return opened


def log_in_operator(
    *, phone: str, code: str, agreements: Agreements, channel: str, ip: str, device: str
) -> LoggedIn:  # fmt: skip
    """Log an operator in, into no organisation yet (A9). Raises OperatorNotRegistered, and as above."""
    number, texts = parse_phone(phone), check_agreements(agreements, LOGIN_AGREEMENTS)
    check_login_code(account_kind=AccountKind.OPERATOR, phone=number, code=code)
    with transaction() as session:
        account = find_operator(session, number)
        if account is None:
            raise OperatorNotRegistered
        opened = open_session(
            session, kind=AccountKind.OPERATOR, account_id=account.id, person_id=account.person_id,
            client=Client(channel, ip, device),
        )  # fmt: skip
        note_login(session, opened, texts, is_new=False)
        return opened


def log_in_by_password(
    *, account_kind: str, phone: str, password: str, agreements: Agreements, channel: str, ip: str, device: str
) -> LoggedIn:  # fmt: skip
    """Log in with the password that was set before (A2); an operator into no organisation yet.

    Raises PhoneInvalid, AgreementRequired, TextOutdated, PasswordWrong, PasswordLocked, PasswordTriesExceeded,
    PasswordJustChanged, PasswordCheckBusy.
    """
    kind = AccountKind(account_kind)
    number, texts = parse_phone(phone), check_agreements(agreements, LOGIN_AGREEMENTS)
    proven = prove_password(account_kind=kind, phone=number, password=password, ip=ip)
    with transaction() as session:
        account = account_of(session, proven)
        opened = open_session(
            session, kind=kind, account_id=account.id, person_id=account.person_id, client=Client(channel, ip, device)
        )
        note_login(session, opened, texts, is_new=False, by="password")
        return opened


def log_in_by_security_key(
    *, ceremony_id: uuid.UUID, credential: Mapping[str, Any], agreements: Agreements, party: RelyingParty | None,
    channel: str, ip: str, device: str,
) -> LoggedIn:  # fmt: skip
    """Log an operator in with a key that was added before (A10), into no organisation yet.

    Raises AgreementRequired, TextOutdated, SecurityKeysNotOffered, SecurityKeyCeremonyOver, SecurityKeyRefused,
    SecurityKeyUnlocked, SecurityKeyCopied.
    """
    texts, client, kind = check_agreements(agreements, LOGIN_AGREEMENTS), Client(channel, ip, device), _OPERATOR
    proof = prove_key(
        purpose=CeremonyPurpose.LOGIN, kind=kind, account_id=None, ceremony_id=ceremony_id, credential=credential,
        party=offered(party), client=client,
    )  # fmt: skip
    with transaction() as session:
        account = get_account(session, Actor(kind=ActorKind(kind), account_id=proof.account_id))
        opened = open_session(
            session, kind=kind, account_id=account.id, person_id=account.person_id, client=client
        )  # fmt: skip
        note_login(session, opened, texts, is_new=False, by="security_key")
        return opened


def note_login(session: Session, opened: LoggedIn, texts: list[ConsentText], *, is_new: bool, by: str = "code") -> None:
    """Record what was agreed to and that somebody came in. `by`: "code", "password" or "security_key"."""
    record_consents(session, opened.actor, texts)
    action = "account.registered" if is_new else "account.logged_in"
    record(
        session, opened.actor, action, f"account:{opened.actor.account_id}", session_id=opened.actor.session_id, by=by
    )
