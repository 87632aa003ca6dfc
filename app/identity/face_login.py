"""Log in by face (A3): a person who is verified here shows their face; who they are is what the vendor says.

The answer to a name and number is the same whether somebody of that name has an account or not: only who has proved to
be that person learns it. The page may be opened on another device; whoever holds the ticket opens the session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.accounts.errors import LoginTicketNotFound
from app.accounts.models import AccountKind, WorkerAccount
from app.accounts.pacing import network_of, seconds_to_wait
from app.accounts.sessions import Client, LoggedIn, open_session
from app.accounts.sms_limits import hold_place
from app.core.actor import Actor, ActorKind
from app.core.clock import in_shanghai, now
from app.core.crypto import token_hash
from app.core.db import reading, transaction
from app.core.ids import new_id, new_token
from app.identity.consents import Agreements, check_agreements
from app.identity.errors import FaceLoginNoAccount, FaceLoginsUsedUp, VerificationLimit
from app.identity.face_checks import (
    FaceCheckView,
    Faces,
    FaceWay,
    choose_way,
    consume_face_check,
    new_face_check,
    require_answer,
    settle_by_vendor,
    start_at_vendor,
)
from app.identity.login import note_login
from app.identity.models import ConsentKind, FaceCheck, FaceLogin, FacePurpose, Method
from app.identity.persons import find_person, parse_claim
from app.identity.texts import LOGIN_AGREEMENTS, get_text
from app.notifications.service import post_message

FACE_LOGIN_AGREEMENTS = (*LOGIN_AGREEMENTS, ConsentKind.FACE_CONSENT)
PER_IP, PER_CLAIM, PER_CLAIM_DAY = 30, 5, 20
WINDOW, _DAY = timedelta(minutes=10), timedelta(days=1)
_KEPT = timedelta(days=2)


class _Budget:
    per_day = 0


def set_face_logins_per_day(most: int) -> None:
    """How many checks the platform pays for people who are not logged in; 0: any number. Said once, at start."""
    _Budget.per_day = most


@dataclass(frozen=True, slots=True)
class StartedFaceLogin:
    """`ticket`: the secret of the device that asked. `check`: where to go; good for ten minutes."""

    ticket: str
    check: FaceCheckView


def request_face_login(
    *, name: str, id_number: str, agreements: Agreements, way: FaceWay, faces: Faces, ip: str
) -> StartedFaceLogin:  # fmt: skip
    """Begin a face check of the person of this name and number (a resident's card).

    Raises AgreementRequired and TextOutdated (face consent too), InvalidInput, IdNumberInvalid, TooYoung,
    VerificationLimit (per address and per person), FaceLoginsUsedUp, FaceCheckRefused, FaceUnavailable.
    """
    texts = check_agreements(agreements, FACE_LOGIN_AGREEMENTS)
    claim = parse_claim(Actor(kind=ActorKind.WORKER, ip=ip), name, id_number, method=Method.FACE)
    way, ticket, moment, network = choose_way(faces, way), new_token(), now(), network_of(ip)
    with transaction() as session:
        _check_limits(session, network, claim.fingerprint, moment)
        login = FaceLogin(
            id=new_id(), ticket_hash=token_hash(ticket), claim=claim.fingerprint, ip=network, created_at=moment,
            agreed={text.kind: text.version for text in texts},
        )  # fmt: skip
        person = find_person(session, claim)
        check = new_face_check(FacePurpose.LOGIN, f"login:{login.id}", claim.fingerprint, claim, way)
        check.account_kind, check.person_id = AccountKind.WORKER, person.id if person else None
        session.add(check)
        session.flush()
        login.face_check_id = check.id
        session.add(login)
    return StartedFaceLogin(ticket, start_at_vendor(check_id=check.id, return_url=way.return_url, faces=faces))


def get_face_login(*, ticket: str, faces: Faces) -> FaceCheckView:
    """How far it is; while it waits, the vendor is asked. Raises LoginTicketNotFound."""
    with reading() as session:
        check = session.get_one(FaceCheck, _find(session, ticket).face_check_id)
    return settle_by_vendor(check, faces)


def log_in_by_face(*, ticket: str, faces: Faces, channel: str, ip: str, device: str) -> LoggedIn:
    """Open the session of the person who passed, once; the owner is told.

    Raises LoginTicketNotFound, FaceUnavailable, FaceCheckNotPassed, FaceCheckUsed, FaceLoginNoAccount.
    """
    require_answer(get_face_login(ticket=ticket, faces=faces))
    with transaction() as session:
        login = _find(session, ticket, lock=True)
        check = session.get_one(FaceCheck, login.face_check_id)
        consume_face_check(
            session, person_id=check.person_id, purpose=FacePurpose.LOGIN, subject=f"login:{login.id}",
            subject_sha256=login.claim, face_check_id=check.id,
        )  # fmt: skip
        account = _account(session, check)
        opened = open_session(
            session, kind=AccountKind.WORKER, account_id=account.id, person_id=account.person_id,
            client=Client(channel, ip, device),
        )  # fmt: skip
        post_message(
            session, account_kind=AccountKind.WORKER, account_id=account.id, kind="account.face_login",
            title="刷脸登录成功",
            body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，您的账号通过刷脸登录。"
            "如非本人操作，请在“登录设备”中退出该设备。",
        )  # fmt: skip
        texts = [get_text(kind) for kind, version in login.agreed.items() if get_text(kind).version == version]
        note_login(session, opened, texts, is_new=False, by=f"face:{check.id}")
        return opened


def forget_face_logins() -> int:
    """Housekeeping: nothing is left to do with a ticket after a day. Returns how many."""
    with transaction() as session:
        old = select(FaceLogin.id).where(FaceLogin.created_at <= now() - _KEPT)
        found = session.scalars(old).all()
        session.execute(delete(FaceLogin).where(FaceLogin.id.in_(found)))
        return len(found)


def _account(session: Session, check: FaceCheck) -> WorkerAccount:
    """Raises FaceLoginNoAccount."""
    if check.person_id is not None:
        mine = (WorkerAccount.person_id == check.person_id) & WorkerAccount.closed_at.is_(None)
        account = session.scalar(select(WorkerAccount).where(mine).with_for_update())
        if account is not None:
            return account
    raise FaceLoginNoAccount


def _find(session: Session, ticket: str, *, lock: bool = False) -> FaceLogin:
    statement = select(FaceLogin).where(FaceLogin.ticket_hash == token_hash(ticket))
    login = session.scalar(statement.with_for_update() if lock else statement)
    if login is None:
        raise LoginTicketNotFound
    return login


def _check_limits(session: Session, ip: str, claim: str, moment: datetime) -> None:
    """One after the other, over all processes; a name that nobody has counts as one that somebody has.

    The platform's budget is read without a lock and may be passed by as many logins as begin at that moment.
    """
    hold_place(session, f"face:{claim}"[:80])
    hold_place(session, f"face_ip:{ip}")
    from_here = _times(session, FaceLogin.ip == ip, PER_IP)
    of_claim = _times(session, FaceLogin.claim == claim, PER_CLAIM_DAY)
    wait = max(
        seconds_to_wait(from_here, PER_IP, WINDOW, moment),
        seconds_to_wait(of_claim, PER_CLAIM, WINDOW, moment),
        seconds_to_wait(of_claim, PER_CLAIM_DAY, _DAY, moment),
    )
    if wait:
        raise VerificationLimit(retry_after=wait)
    if wait := seconds_to_wait(_budget_mark(session), 1, _DAY, moment):
        raise FaceLoginsUsedUp(retry_after=wait)


def _budget_mark(session: Session) -> list[datetime]:
    """When the login began that used up the day's budget, if there are that many at all."""
    if not _Budget.per_day:
        return []
    newest = select(FaceLogin.created_at).order_by(FaceLogin.created_at.desc())
    return list(session.scalars(newest.offset(_Budget.per_day - 1).limit(1)))


def _times(session: Session, which: ColumnElement[bool], most: int) -> list[datetime]:
    newest = select(FaceLogin.created_at).where(which).order_by(FaceLogin.created_at.desc()).limit(most)
    return list(session.scalars(newest))
