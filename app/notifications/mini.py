"""Messages inside WeChat's and Alipay's mini-programs, beside the SMS: only where the user allowed them (A6, D7).

A yes is counted when the user gives it and spent when a message is promised. What the platform refuses is dropped:
the SMS has gone its own way.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import insert_if_absent, reading, transaction
from app.core.errors import ProviderError
from app.core.ids import new_id
from app.jobs.service import enqueue
from app.notifications.models import MessageGrant, MiniMessage, SmsStatus
from app.notifications.ports import MiniMessenger

# What the messages say and hold; the platform's own texts and field names are configuration.
TEMPLATES = {
    "CONTRACT_LINK": ("organisation", "title"),
    "CONTRACT_DONE": ("organisation", "title"),
    "CONTRACT_WITHDRAWN": ("organisation", "title"),
    "CONTRACT_COPY": ("organisation", "title"),
}
MOST_GRANTS = 100
LIFE = timedelta(days=1)
# Outcomes after which the message may have been shown: a second one would only bother.
_MAYBE_SENT = frozenset({"timeout", "connection_lost", "malformed_answer"})


def add_grant(session: Session, *, binding_id: uuid.UUID, template: str, lasting: bool) -> None:
    """The user said yes: to one more message, or (`lasting`) to all until taken back."""
    insert_if_absent(
        session, MessageGrant, id=new_id(), binding_id=binding_id, template=template, remaining=0, lasting=False,
        changed_at=now(),
    )  # fmt: skip
    grant = session.scalars(select(MessageGrant).where(*_of(binding_id, template)).with_for_update()).one()
    grant.changed_at = now()
    if lasting:
        grant.lasting = True
    else:
        grant.remaining = min(grant.remaining + 1, MOST_GRANTS)


def revoke_grants(
    session: Session, *, binding_id: uuid.UUID, template: str | None = None, until: datetime | None = None
) -> None:
    """The user said no, or is bound no more: nothing is sent from now on, not even what waits already.

    `until`: when they said it; what they allowed later stays.
    """
    grants = MessageGrant.binding_id == binding_id
    waiting = (MiniMessage.binding_id == binding_id) & (MiniMessage.status == SmsStatus.QUEUED)
    if template is not None:
        grants, waiting = grants & (MessageGrant.template == template), waiting & (MiniMessage.template == template)
    if until is not None:
        grants, waiting = grants & (MessageGrant.changed_at <= until), waiting & (MiniMessage.created_at <= until)
    session.execute(delete(MessageGrant).where(grants))
    for message in session.scalars(select(MiniMessage).where(waiting).with_for_update()):
        message.end(SmsStatus.FAILED, now(), "revoked")


def queue_mini_message(
    session: Session, *, binding_id: uuid.UUID, platform: str, subject: str, template: str, data: Mapping[str, str],
    page: str,
) -> bool:  # fmt: skip
    """Promise a message in the caller's transaction if the user allowed one; whether they did."""
    if not _spend(session, binding_id, template):
        return False
    message = MiniMessage(
        id=new_id(), binding_id=binding_id, platform=platform, template=template, page=page, created_at=now(),
        expires_at=now() + LIFE,
    )  # fmt: skip
    message.subject, message.data = subject, json.dumps(dict(data), ensure_ascii=False)
    session.add(message)
    session.flush()
    enqueue(session, "notifications.send_mini_message", key=f"mini:{message.id}", message_id=str(message.id))
    return True


def _spend(session: Session, binding_id: uuid.UUID, template: str) -> bool:
    grant = session.scalar(select(MessageGrant).where(*_of(binding_id, template)).with_for_update())
    if grant is None or not (grant.lasting or grant.remaining):
        return False
    if not grant.lasting:
        grant.remaining -= 1
    return True


def deliver_mini_message(*, message_id: str, messengers: Mapping[str, MiniMessenger]) -> None:
    """Job: hand one message to its platform. A refusal is no failure: the count is corrected, the SMS is there."""
    with reading() as session:
        message = session.get(MiniMessage, uuid.UUID(message_id))
    if message is None or message.status != SmsStatus.QUEUED:
        return
    messenger = messengers.get(message.platform)
    if messenger is None or message.expires_at <= now():
        _end(message.id, SmsStatus.FAILED, "expired" if messenger else "not_configured")
        return
    try:
        messenger.send(
            subject=message.subject, template=message.template, data=json.loads(message.data), page=message.page,
            reference=message.id.hex,
        )  # fmt: skip
    except ProviderError as error:
        if not error.permanent and error.code not in _MAYBE_SENT:
            raise
        _end(message.id, SmsStatus.FAILED if error.permanent else SmsStatus.UNKNOWN, error.code)
        if error.permanent:
            _forget_grant(message)
    else:
        _end(message.id, SmsStatus.SENT, None)


def _end(message_id: uuid.UUID, status: SmsStatus, error: str | None) -> None:
    with transaction() as session:
        session.get_one(MiniMessage, message_id).end(status, now(), error)


def _forget_grant(message: MiniMessage) -> None:
    """The platform knows better what its user allows; a yes that was given after this message stays."""
    given_before = MessageGrant.changed_at <= message.created_at
    with transaction() as session:
        statement = update(MessageGrant).where(*_of(message.binding_id, message.template), given_before)
        session.execute(statement.values(remaining=0, lasting=False))


def _of(binding_id: uuid.UUID, template: str) -> tuple[ColumnElement[bool], ...]:
    return MessageGrant.binding_id == binding_id, MessageGrant.template == template
