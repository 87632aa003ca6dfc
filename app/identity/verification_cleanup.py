"""Attempts that nobody finished: ended, and what was typed in is wiped (PIPL 19)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import transaction
from app.identity.face_checks import forget_stale_checks
from app.identity.models import Verification, VerificationStatus
from app.identity.verification_views import OPEN
from app.notifications.service import post_message

_BATCH = 500


def forget_stale_claims() -> int:
    """Housekeeping: end attempts that nobody finished, wiping what was typed in. Returns how many (PIPL 19)."""
    ended = 0
    while batch := _forget_batch():
        ended += batch
    while batch := forget_stale_checks(_BATCH):
        ended += batch
    return ended


def _forget_batch() -> int:
    stale = Verification.status.in_(OPEN) & (Verification.expires_at <= now())
    with transaction() as session:
        found = session.scalars(select(Verification).where(stale).limit(_BATCH).with_for_update(skip_locked=True)).all()
        for verification in found:
            if verification.status == VerificationStatus.REVIEWING:
                _tell_unreviewed(session, verification)
            verification.end(VerificationStatus.EXPIRED, now())
        return len(found)


def _tell_unreviewed(session: Session, verification: Verification) -> None:
    post_message(
        session, account_kind=verification.account_kind, account_id=verification.account_id, kind="identity.reviewed",
        title="实名认证审核超时",
        body="您提交的实名认证人工审核未能在期限内完成，申请已失效。请重新提交，或更换认证方式。",
    )  # fmt: skip
