"""One effect per Idempotency-Key: the same key and body get the stored answer (T-14).

Only the answer is kept here; that an effect happens once is each use case's own duty, so a crash
between effect and answer merely runs a use case that finds its work done.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.crypto import Sealed, blind_index
from app.core.db import Base, insert_if_absent, transaction
from app.core.errors import DomainError
from app.core.ids import new_id

KEEP = timedelta(hours=48)
_ABANDONED = timedelta(seconds=30)


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    http_status = 422
    message_zh = "这次提交的编号已用于另一项内容，请刷新页面后重试。"
    message_en = "This Idempotency-Key was used with another request body. Reload and try again."


class RequestInProgress(DomainError):
    code = "request_in_progress"
    http_status = 409
    message_zh = "上一次提交正在处理，请稍候。"
    message_en = "The first attempt is still being processed. Please wait."


class IdempotencyRecord(Base):
    """One key of one account; `answer` is absent while the first attempt runs."""

    __tablename__ = "idempotency_record"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    scope: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)
    answer_ciphertext: Mapped[bytes | None]
    answer = Sealed("answer_ciphertext")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    content_type: str


def fingerprint_of(method: str, path: str, body: bytes) -> str:
    """Keyed, because a body may hold a password or an ID number: a plain hash could be guessed backwards."""
    digest = hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()
    return blind_index(digest, purpose="idempotency")


def begin_request(*, scope: str, key: str, fingerprint: str) -> Answer | None:
    """The stored answer to replay, or None when this attempt is the one that does the work.

    Raises IdempotencyKeyReused, RequestInProgress.
    """
    with transaction() as session:
        added = insert_if_absent(
            session, IdempotencyRecord, id=new_id(), scope=scope, key=key, fingerprint=fingerprint, created_at=now()
        )
        if added:
            return None
        record = _locked(session, scope, key)
        if record is None:  # the first attempt ended this very moment, with nothing done
            raise RequestInProgress(retry_after=1)
        if record.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        if record.answer:
            return Answer(**json.loads(record.answer))
        if now() - record.created_at < _ABANDONED:
            raise RequestInProgress(retry_after=1)
        record.created_at = now()  # the first attempt died: this one takes over
        return None


def finish_request(*, scope: str, key: str, answer: Answer | None) -> None:
    """Keep the answer, or (None) forget the attempt so that it may be repeated: nothing had happened."""
    with transaction() as session:
        if answer is None:
            session.execute(
                delete(IdempotencyRecord).where(IdempotencyRecord.scope == scope, IdempotencyRecord.key == key)
            )
            return
        record = _locked(session, scope, key)
        if record is None:  # an attempt that had taken over this one failed, so that it may be repeated
            return
        record.answer = json.dumps({"status": answer.status, "body": answer.body, "content_type": answer.content_type})


def forget_old_answers() -> None:
    """Housekeeping: answers older than `KEEP` are gone."""
    with transaction() as session:
        session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now() - KEEP))


def _locked(session: Session, scope: str, key: str) -> IdempotencyRecord | None:
    statement = select(IdempotencyRecord).where(IdempotencyRecord.scope == scope, IdempotencyRecord.key == key)
    return session.scalar(statement.with_for_update())
