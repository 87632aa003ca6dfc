"""Verification by people: the desk's side (B4). Whoever decides is never the applicant; every look is in the log."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import AccountMoved
from app.accounts.login import find_operator, find_worker
from app.accounts.queries import Account, get_account, phone_of
from app.audit.service import record
from app.core.actor import Actor, ActorKind
from app.core.clock import in_shanghai, now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.core.text import mask_id_number, mask_name, mask_phone
from app.identity.errors import (
    AlreadyVerified,
    IdentityTaken,
    OwnReview,
    ReviewDocumentNotFound,
    ReviewNotFound,
    ReviewOver,
)
from app.identity.models import IdType, Method, Person, Verification, VerificationDocument, VerificationStatus
from app.identity.persons import Claim, find_holder, get_person
from app.identity.verifications import bind_proven
from app.notifications.service import post_message, send_sms
from app.storage.ports import BlobStore
from app.storage.service import account_scope, read_file

_OPEN = VerificationStatus.REVIEWING
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """One application in a list. `name_masked`: None once what was typed in is wiped. `status`: reviewing, verified,
    failed, cancelled (taken back) or expired.
    """

    id: uuid.UUID
    account_kind: str
    name_masked: str | None
    id_type: str
    nationality: str | None
    status: str
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """One picture; `is_kept`: the file is still there."""

    id: uuid.UUID
    media_type: str
    sha256: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One application as a reviewer sees it. Name and number in full only while it waits, masked after a yes.

    `older_phone_masked`: while it waits, of the account that the applicant could go on with after a yes.
    """

    card: ReviewCard
    name: str | None
    id_number: str | None
    phone_masked: str
    documents: Sequence[ReviewDocument]
    reason: str | None
    reviewer_id: uuid.UUID | None
    is_own: bool
    older_phone_masked: str | None


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
            query = mine.where(Verification.status == _OPEN, Verification.expires_at > moment).order_by(at, order)
            query = (
                query.where((at > last.created_at) | ((at == last.created_at) & (order > last.id))) if last else query
            )
        else:
            ended = Verification.ended_at
            query = mine.where(ended.is_not(None)).order_by(ended.desc(), order.desc())
            if last is not None:
                query = query.where((ended < last.ended_at) | ((ended == last.ended_at) & (order < last.id)))
        return [_card(session, found) for found in session.scalars(query.limit(limit))]


def get_review(*, actor: Actor, review_id: uuid.UUID) -> ReviewView:
    """One application with its pictures; that somebody looked is recorded. Raises NotPermitted, ReviewNotFound."""
    _require_reviewer(actor)
    with transaction() as session:
        found = _find(session, review_id)
        record(session, actor, "identity.review_opened", f"verification:{found.id}")
        return _view(session, actor, found)


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
                return _view(session, actor, found)
            _check_waits(found)
            found.reviewer_id = actor.account_id
            bind_proven(session, _applicant(found), found)
            _tell(session, found, approved=True)
            _warn_holder(session, found)
            _note(session, actor, found)
            return _view(session, actor, found)
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
        return _view(session, actor, found)


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
            return _view(session, actor, found)
        _check_waits(found)
        found.reviewer_id, found.review_reason, found.outcome = actor.account_id, text, "mismatch"
        found.end(VerificationStatus.FAILED, now())
        _tell(session, found, approved=False)
        _note(session, actor, found)
        return _view(session, actor, found)


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
    if _is_own(session, actor, found):
        raise OwnReview
    return found


def _check_waits(found: Verification) -> None:
    if found.status != _OPEN or found.expires_at <= now():
        raise ReviewOver


def _is_own(session: Session, actor: Actor, found: Verification) -> bool:
    """People have accounts of several kinds and several phones: the phone tells, and so do the documents of whom was
    verified with the reviewer's phone."""
    phone = phone_of(session, actor)
    if _phone(session, found) == phone:
        return True
    own = {account.person_id for account in (find_worker(session, phone), find_operator(session, phone)) if account}
    applicant = _person_index(session, found)
    persons = session.scalars(select(Person.id_number_index).where(Person.id.in_(own - {None})))
    return applicant is not None and applicant in set(persons)


def _person_index(session: Session, found: Verification) -> str | None:
    """By which the applicant is found as a person; None once what was typed in is wiped and nobody was verified."""
    if found.person_id is not None:
        return get_person(session, found.person_id).id_number_index
    return Claim(found.name, found.id_number, IdType(found.id_type)).index if found.id_number else None


def _applicant(found: Verification) -> Actor:
    return Actor(kind=ActorKind(found.account_kind), account_id=found.account_id, channel="review")


def _phone(session: Session, found: Verification) -> str:
    """The applicant's; "" once the account is closed."""
    return get_account(session, _applicant(found)).phone or ""


def _note(session: Session, actor: Actor, found: Verification) -> None:
    """For the log, which forgets nothing: of the reason only what proves which words it was."""
    record(
        session, actor, "identity.reviewed", f"verification:{found.id}", status=found.status,
        account_id=found.account_id, documents=[document.sha256 for document in _documents(session, found)],
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
    if phone := _phone(session, found):  # an account that closed meanwhile has none
        send_sms(session, phone=phone, template="SMS_REVIEW", params={"result": result})


def _warn_holder(session: Session, found: Verification) -> None:
    """Pictures of a passport go from hand to hand: whose account may be claimed with them learns of it before."""
    if (holder := _older_account(session, found)) is not None:
        post_message(
            session, account_kind=found.account_kind, account_id=holder.id, kind="identity.claim_allowed",
            title="有人申请找回您的账号",
            body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，有人用您的证件通过了人工审核，"
            "7 天内可以把您账号的手机号换成自己的。如非本人操作，请立即联系客服。",
        )  # fmt: skip


def _older_account(session: Session, found: Verification) -> Account | None:
    """Behind which the applicant's person stands already, and which workers may claim."""
    index = _person_index(session, found) if _applicant(found).is_worker else None
    person_id = session.scalar(select(Person.id).where(Person.id_number_index == index)) if index else None
    holder = find_holder(session, _applicant(found), person_id) if person_id else None
    return holder if holder is not None and holder.id != found.account_id else None


def _documents(session: Session, found: Verification) -> Sequence[VerificationDocument]:
    mine = VerificationDocument.verification_id == found.id
    order = VerificationDocument.created_at, VerificationDocument.id
    return session.scalars(select(VerificationDocument).where(mine).order_by(*order)).all()


def _card(session: Session, found: Verification) -> ReviewCard:
    over = found.status == _OPEN and found.expires_at <= now()
    name = found.name
    if not name and found.person_id is not None:
        name = get_person(session, found.person_id).name
    return ReviewCard(
        id=found.id, account_kind=found.account_kind, name_masked=mask_name(name) if name else None,
        id_type=found.id_type, nationality=found.nationality,
        status=VerificationStatus.EXPIRED if over else found.status, asked_at=found.created_at,
        decided_at=found.ended_at,
    )  # fmt: skip


def _view(session: Session, actor: Actor, found: Verification) -> ReviewView:
    card = _card(session, found)
    older = _older_account(session, found) if card.status == _OPEN else None
    name: str | None = found.name
    number: str | None = found.id_number
    if card.status != _OPEN:
        person = get_person(session, found.person_id) if found.person_id else None
        name, number = card.name_masked, mask_id_number(person.id_number) if person else None
    return ReviewView(
        card=card, name=name, id_number=number, phone_masked=mask_phone(_phone(session, found)),
        documents=[
            ReviewDocument(document.id, document.media_type, document.sha256, document.deleted_at is None)
            for document in _documents(session, found)
        ],
        reason=found.review_reason or None, reviewer_id=found.reviewer_id, is_own=_is_own(session, actor, found),
        older_phone_masked=mask_phone(older.phone) if older is not None else None,
    )  # fmt: skip
