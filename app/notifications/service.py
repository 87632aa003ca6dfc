"""Telling people: SMS by outbox, message centre by row (D7).

The caller decides whom and what; this package decides how it gets there, once.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, ProviderError
from app.core.ids import new_id
from app.jobs.service import enqueue
from app.notifications.models import Message, SmsMessage, SmsStatus
from app.notifications.ports import SmsSender

NOTICE_LIFE = timedelta(days=1)
# Outcomes after which the message may have left. A second code confuses, so the person asks for one; a second
# notice bothers less than a lost one.
_MAYBE_SENT = frozenset({"timeout", "connection_lost", "malformed_answer"})


def send_sms(
    session: Session, *, phone: str, template: str, params: dict[str, str], life: timedelta = NOTICE_LIFE,
    subject: str | None = None,
) -> uuid.UUID:  # fmt: skip
    """Queue one SMS in the caller's transaction; after `life` it is dropped instead of sent late.

    `subject`: what it is about, e.g. "contract:<id>", where somebody will ask how it arrived.
    """
    sms = SmsMessage(id=new_id(), template=template, subject=subject, created_at=now(), expires_at=now() + life)
    sms.phone, sms.params = phone, json.dumps(params, ensure_ascii=False)
    session.add(sms)
    session.flush()
    enqueue(session, "notifications.send_sms", key=f"sms:{sms.id}", sms_id=str(sms.id))
    return sms.id


def deliver_sms(*, sms_id: str, sms: SmsSender) -> None:
    """Job: hand one message to the vendor. An unknown outcome is kept as such and not repeated."""
    with reading() as session:
        message = session.get(SmsMessage, uuid.UUID(sms_id))
    if message is None or message.status != SmsStatus.QUEUED:
        return None
    if message.expires_at <= now():
        return _close(message.id, SmsStatus.FAILED, "expired")
    reached("sms.before_vendor")
    try:
        receipt = sms.send(
            phone=message.phone, template=message.template, params=json.loads(message.params), reference=message.id.hex
        )
    except ProviderError as error:
        if error.code in _MAYBE_SENT and "code" in json.loads(message.params):
            return _close(message.id, SmsStatus.UNKNOWN, error.code)
        if error.permanent:
            return _close(message.id, SmsStatus.FAILED, error.code)
        raise
    reached("sms.after_vendor")
    with transaction() as session:
        session.get_one(SmsMessage, message.id).mark_sent(receipt.provider, receipt.message_id, now())
    return None


def _close(sms_id: uuid.UUID, status: SmsStatus, error: str) -> None:
    with transaction() as session:
        session.get_one(SmsMessage, sms_id).mark_failed(status, error)


def forget_recipients(session: Session, subject: str) -> None:
    """To whom the SMS about this were sent is nobody's business any more; that and when they were sent stays."""
    about = update(SmsMessage).where(SmsMessage.subject == subject)
    session.execute(about.values(phone_ciphertext=None, params_ciphertext=None))


def note_receipts(*, provider: str, outcomes: Mapping[str, bool]) -> int:
    """What a vendor says about its own message ids: True = delivered. A hint, shown to operators; decides nothing.

    Repetitions and unknown ids change nothing. Returns how many messages were found.
    """
    with transaction() as session:
        known = (SmsMessage.provider == provider) & SmsMessage.provider_ref.in_(list(outcomes))
        messages = session.scalars(select(SmsMessage).where(known)).all()
        for message in messages:
            message.note_receipt(outcomes[message.provider_ref or ""], now())
        return len(messages)


def post_message(
    session: Session, *, account_kind: str, account_id: uuid.UUID, kind: str, title: str, body: str,
    target: tuple[str, uuid.UUID] | None = None, organisation_id: uuid.UUID | None = None,
) -> None:  # fmt: skip
    """Put an entry into somebody's message centre. `target`: what one tap opens, e.g. ("contract", id)."""
    target_kind, target_id = target or (None, None)
    session.add(
        Message(
            id=new_id(), account_kind=account_kind, account_id=account_id, organisation_id=organisation_id, kind=kind,
            title=title, body=body, target_kind=target_kind, target_id=target_id, created_at=now(),
        )
    )  # fmt: skip


def list_messages(*, actor: Actor, before: uuid.UUID | None = None, limit: int = 20) -> list[Message]:
    """Newest first; `before` is the id of the last one already shown. Raises InvalidInput for one that isn't there."""
    statement = select(Message).where(*_mine(actor)).order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    with reading() as session:
        if before is not None:
            statement = statement.where(
                _older(session.scalar(select(Message).where(*_mine(actor), Message.id == before)))
            )
        return list(session.scalars(statement))


def _older(last: Message | None) -> ColumnElement[bool]:
    if last is None:
        raise InvalidInput(fields={"cursor": ["列表已变化，请从头查看。"]})
    same_moment = and_(Message.created_at == last.created_at, Message.id < last.id)
    return or_(Message.created_at < last.created_at, same_moment)


def count_unread(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).where(*_mine(actor), Message.read_at.is_(None))) or 0


def get_unread(*, actor: Actor) -> int:
    """How many messages wait to be read."""
    with reading() as session:
        return count_unread(session, actor)


def mark_read(*, actor: Actor, message_ids: Sequence[uuid.UUID] | None) -> int:
    """Mark these (or, with None, all) as read; returns how many remain unread."""
    with transaction() as session:
        statement = update(Message).where(*_mine(actor), Message.read_at.is_(None)).values(read_at=now())
        if message_ids is not None:
            statement = statement.where(Message.id.in_(message_ids))
        session.execute(statement)
        return count_unread(session, actor)


def _mine(actor: Actor) -> list[ColumnElement[bool]]:
    mine: list[ColumnElement[bool]] = [Message.account_kind == str(actor.kind), Message.account_id == actor.account_id]
    if actor.is_operator:  # about the login itself, or about the organisation entered now; none of a former one
        of_account = Message.organisation_id.is_(None)
        mine.append(or_(Message.organisation_id == actor.organisation_id, of_account))
    return mine
