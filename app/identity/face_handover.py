"""A face check that another device takes over by QR code: our own page comes first (B3, T-53).

The code holds a token of ours, not the vendor's address. Whoever opens it reads who asks for what, from where; only the
browser that goes on gets the vendor's address, and anybody who holds the code may say "not me", which ends the check.
"""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.qr_login import is_same_network
from app.accounts.queries import get_account
from app.core.actor import Actor, ActorKind
from app.core.clock import now
from app.core.crypto import token_hash
from app.core.db import reading, transaction
from app.core.ids import new_token
from app.core.text import mask_name, mask_phone
from app.identity.errors import FaceCheckNotFound, FaceHandoverOver, FaceHandoverTaken
from app.identity.face_checks import REFUSED, handover_token
from app.identity.models import FaceCheck, FacePurpose, FaceStatus

PURPOSES = tuple(str(purpose) for purpose in FacePurpose)
_ID = 32  # hex digits of a check's id, before the part that nobody can guess


@dataclass(frozen=True, slots=True)
class Handover:
    """What the phone is told before it goes on.

    `name`: masked, whose face is asked for; `account`: masked phone of the account that asks, "" for a login.
    `purpose`: a FacePurpose; `title`: of the document, if any. `vendor`: whose page comes next. `is_taken`: another
    browser went on already.
    """

    name: str
    account: str
    purpose: str
    title: str
    vendor: str
    device: str
    ip: str
    same_network: bool
    requested_at: datetime
    expires_at: datetime
    is_taken: bool


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`url`: the vendor's page. `browser_token`: a secret of the browser that went on, for a cookie."""

    url: str
    browser_token: str
    expires_at: datetime


def open_handover(*, token: str, browser_token: str, ip: str) -> Handover:
    """Who asks for what. Looking uses nothing up. Raises FaceCheckNotFound, FaceHandoverOver."""
    with reading() as session:
        check = _find(session, token)
        return Handover(
            name=mask_name(check.name), account=_account(session, check), purpose=check.purpose,
            title=check.title or "", vendor=check.vendor or "", device=check.device or "", ip=check.ip or "",
            same_network=is_same_network(check.ip or "", ip), requested_at=check.created_at,
            expires_at=check.expires_at, is_taken=_is_others(check, browser_token),
        )  # fmt: skip


def take_over_face_check(*, token: str, browser_token: str) -> TakenOver:
    """Go on to the vendor's page: the first browser that does, and only that one, again if it likes.

    Raises FaceCheckNotFound, FaceHandoverOver, FaceHandoverTaken.
    """
    with transaction() as session:
        check = _find(session, token, lock=True)
        if _is_others(check, browser_token):
            raise FaceHandoverTaken
        browser_token = browser_token or new_token()
        check.taken_by = token_hash(browser_token)
        return TakenOver(check.url, browser_token, check.expires_at)


def refuse_handover(*, token: str) -> None:
    """Not me: the check is over, and the screen that waits says so. Raises FaceCheckNotFound, FaceHandoverOver."""
    with transaction() as session:
        check = _find(session, token, lock=True)
        check.outcome, check.provider = REFUSED, "platform"
        check.settle(FaceStatus.CANCELLED, now())


def _find(session: Session, token: str, *, lock: bool = False) -> FaceCheck:
    """The check that waits for somebody to take it over."""
    statement = select(FaceCheck).where(FaceCheck.id == _id_in(token), FaceCheck.elsewhere)
    check = session.scalar(statement.with_for_update() if lock else statement)
    if check is None:
        raise FaceCheckNotFound
    if check.status != FaceStatus.WAITING or check.expires_at <= now() or not check.url:
        raise FaceHandoverOver
    return check


def _id_in(token: str) -> uuid.UUID:
    try:
        found = uuid.UUID(hex=token[:_ID])
    except ValueError:
        raise FaceCheckNotFound from None
    if not hmac.compare_digest(token.encode(), handover_token(found).encode()):
        raise FaceCheckNotFound
    return found


def _is_others(check: FaceCheck, browser_token: str) -> bool:
    return check.taken_by is not None and not hmac.compare_digest(check.taken_by, token_hash(browser_token))


def _account(session: Session, check: FaceCheck) -> str:
    """Nobody is logged in yet where a login is asked for."""
    if check.account_id is None:
        return ""
    return mask_phone(get_account(session, Actor(ActorKind(check.account_kind), check.account_id)).phone)
