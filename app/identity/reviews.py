"""Verification by people: the desk's side (B4). Whoever decides is never the applicant; every look is in the log."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import AccountMoved
from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import in_shanghai, now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.identity.errors import (
    AlreadyVerified,
    IdentityTaken,
    OwnReview,
    ReviewDocumentNotFound,
    ReviewNotFound,
    ReviewOver,
)
from app.identity.models import Method, Verification, VerificationDocument, VerificationStatus
from app.identity.review_views import (
    OPEN,
    ReviewCard,
    ReviewView,
    applicant_of,
    applicant_phone,
    card_of,
    documents_of,
    is_own_application,
    older_account,
    view_for,
)
from app.identity.verifications import bind_proven
from app.notifications.service import post_message, send_sms
from app.storage.ports import BlobStore
from app.storage.service import account_scope, read_file

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ReviewPicture:
    """`media_type`: image/png or image/jpeg."""

    data: bytes
    media_type: str


def list_reviews(
    *, actor: Actor, before: uuid.UUID | None = None, limit: int = 20, waiting: bool = True
) -> list[ReviewCard]:
    """What waits, oldest first; or what was decided, newest first. `before`: the last one already shown.

    Raises NotPermitted.
    """
    _require_reviewer(actor)
    moment = now()
    with reading() as session:
        mine = select(Verification).where(Verification.method == Method.MANUAL)
        last = session.get(Verification, before) if before else None
        order, at = Verification.id, Verification.created_at
        if waiting:
            query = mine.where(Verification.status == OPEN, Verification.expires_at > moment).order_by(at, order)
            query = (
                query.where((at > last.created_at) | ((at == last.created_at) & (order > last.id))) if last else query
            )
        else:
            ended = Verification.ended_at
            query = mine.where(ended.is_not(None)).order_by(ended.desc(), order.desc())
            if last is not None:
                query = query.where((ended < last.ended_at) | ((ended == last.ended_at) & (order < last.id)))
        return [card_of(session, found) for found in session.scalars(query.limit(limit))]


def get_review(*, actor: Actor, review_id: uuid.UUID) -> ReviewView:
    """One application with its pictures; that somebody looked is recorded. Raises NotPermitted, ReviewNotFound."""
    _require_reviewer(actor)
    with transaction() as session:
        found = _find(session, review_id)
        record(session, actor, "identity.review_opened", f"verification:{found.id}")
        return view_for(session, actor, found)


def read_review_document(*, actor: Actor, document_id: uuid.UUID, blobs: BlobStore) -> ReviewPicture:
    """A picture of an application. Raises NotPermitted, ReviewDocumentNotFound, FileDamaged, ProviderError."""
    _require_reviewer(actor)
    with transaction() as session:
        document = session.get(VerificationDocument, document_id)
        if document is None or document.verification_id is None or document.deleted_at is not None:
            raise ReviewDocumentNotFound
        if session.get_one(Verification, document.verification_id).status == VerificationStatus.CANCELLED:
            raise ReviewDocumentNotFound  # taken back: the consent to look at it is gone
        record(
            session, actor, "identity.review_document_read", f"verification:{document.verification_id}",
            document_id=document.id, sha256=document.sha256,
        )  # fmt: skip
        scope = account_scope(document.account_kind, document.account_id)
    return ReviewPicture(read_file(blobs, scope=scope, sha256=document.sha256), document.media_type)


def approve_review(*, actor: Actor, review_id: uuid.UUID) -> ReviewView:
    """The document is genuine and this person's: verified. Repeating one's own yes changes nothing.

    An applicant who was verified otherwise meanwhile, whose account closed, or whose person has another operator
    account, ends as failed.
    Raises NotPermitted, ReviewNotFound, OwnReview, ReviewOver.
    """
    _require_reviewer(actor)
    try:
        with transaction() as session:
            found = _to_decide(session, actor, review_id)
            if found.status == VerificationStatus.VERIFIED and found.reviewer_id == actor.account_id:
                return view_for(session, actor, found)
            _check_waits(found)
            found.reviewer_id = actor.account_id
            bind_proven(session, applicant_of(found), found)
            _tell(session, found, approved=True)
            _warn_holder(session, found)
            _note(session, actor, found)
            return view_for(session, actor, found)
    except (AlreadyVerified, IdentityTaken, AccountMoved) as error:
        return _end_in_vain(actor, review_id, error.text_zh)


def _end_in_vain(actor: Actor, review_id: uuid.UUID, reason: str) -> ReviewView:
    """Genuine, but there is no account for it any more. In a transaction of its own: nothing stays of the person."""
    with transaction() as session:
        found = _to_decide(session, actor, review_id)
        _check_waits(found)
        found.reviewer_id, found.review_reason = actor.account_id, reason[:REASON_LENGTH]
        found.end(VerificationStatus.FAILED, now())
        _tell(session, found, approved=False)
        _note(session, actor, found)
        return view_for(session, actor, found)


def reject_review(*, actor: Actor, review_id: uuid.UUID, reason: str) -> ReviewView:
    """Refused, with a reason that the applicant reads and can act on. Repeating one's own no changes nothing.

    Raises NotPermitted, ReviewNotFound, OwnReview, ReviewOver, InvalidInput (reason).
    """
    _require_reviewer(actor)
    text = " ".join(reason.split())
    if not 2 <= len(text) <= REASON_LENGTH:
        raise InvalidInput(fields={"reason": ["请填写 2 至 200 字的原因，申请人会看到。"]})
    with transaction() as session:
        found = _to_decide(session, actor, review_id)
        if found.status == VerificationStatus.FAILED and found.reviewer_id == actor.account_id:
            return view_for(session, actor, found)
        _check_waits(found)
        found.reviewer_id, found.review_reason, found.outcome = actor.account_id, text, "mismatch"
        found.end(VerificationStatus.FAILED, now())
        _tell(session, found, approved=False)
        _note(session, actor, found)
        return view_for(session, actor, found)


def _require_reviewer(actor: Actor) -> None:
    if not actor.is_regulator:
        raise NotPermitted


def _find(session: Session, review_id: uuid.UUID, *, lock: bool = False) -> Verification:
    statement = select(Verification).where(Verification.id == review_id, Verification.method == Method.MANUAL)
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise ReviewNotFound
    return found


def _to_decide(session: Session, actor: Actor, review_id: uuid.UUID) -> Verification:
    found = _find(session, review_id, lock=True)
    if is_own_application(session, actor, found):
        raise OwnReview
    return found


def _check_waits(found: Verification) -> None:
    if found.status != OPEN or found.expires_at <= now():
        raise ReviewOver


def _note(session: Session, actor: Actor, found: Verification) -> None:
    """For the log, which forgets nothing: of the reason only what proves which words it was."""
    record(
        session, actor, "identity.reviewed", f"verification:{found.id}", status=found.status,
        account_id=found.account_id, documents=[document.sha256 for document in documents_of(session, found)],
        reason_index=blind_index(found.review_reason, purpose="review_reason") if found.review_reason else None,
    )  # fmt: skip


def _tell(session: Session, found: Verification, *, approved: bool) -> None:
    """The applicant: an entry in the message centre, and an SMS that says nothing but that there is a result."""
    result, day = "通过" if approved else "未通过", f"{in_shanghai(found.created_at):%Y-%m-%d}"
    advice = (
        "现在可以签署合同了。" if approved else f"原因：{found.review_reason}。您可以修改后重新提交，或更换认证方式。"
    )
    post_message(
        session, account_kind=found.account_kind, account_id=found.account_id, kind="identity.reviewed",
        title=f"实名认证审核{result}", body=f"您 {day} 提交的实名认证人工审核{result}。{advice}",
    )  # fmt: skip
    if phone := applicant_phone(session, found):  # an account that closed meanwhile has none
        send_sms(session, phone=phone, template="SMS_REVIEW", params={"result": result})


def _warn_holder(session: Session, found: Verification) -> None:
    """Pictures of a passport go from hand to hand: whose account may be claimed with them learns of it before."""
    if (holder := older_account(session, found)) is not None:
        post_message(
            session, account_kind=found.account_kind, account_id=holder.id, kind="identity.claim_allowed",
            title="有人申请找回您的账号",
            body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，有人用您的证件通过了人工审核，"
            "7 天内可以把您账号的手机号换成自己的。如非本人操作，请立即联系客服。",
        )  # fmt: skip
