"""Events that platforms push: their user closed the account there, or wants no more messages (A6).

Received at most once, handled later by a job, in any order: an event touches only what existed when it happened.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.bindings import find_binding, withdraw_identity
from app.accounts.login_models import ReceivedEvent
from app.accounts.ports import EventKind, PlatformEvent
from app.core.clock import now
from app.core.db import insert_if_absent, transaction
from app.core.ids import new_id
from app.jobs.service import enqueue
from app.notifications.mini import revoke_grants
from app.notifications.ports import MiniMessenger


def receive_event(*, platform: str, app_id: str, event: PlatformEvent) -> bool:
    """Keep a verified event and promise to handle it. False: it was delivered before, nothing changes."""
    row = ReceivedEvent(id=new_id())
    row.subject = event.subject
    with transaction() as session:
        added = insert_if_absent(
            session, ReceivedEvent, id=row.id, platform=platform, app_id=app_id, event_key=event.key,
            kind=str(event.kind), subject_ciphertext=row.subject_ciphertext, templates=list(event.templates),
            happened_at=event.happened_at, received_at=now(),
        )  # fmt: skip
        if added:
            enqueue(session, "accounts.handle_platform_event", key=f"platform-event:{row.id}", event_id=str(row.id))
        return added


def handle_event(*, event_id: str, messengers: Mapping[str, MiniMessenger]) -> None:
    """Job: do what the user decided at the platform. Who is bound to nobody here concerns nobody."""
    with transaction() as session:
        row = session.scalar(select(ReceivedEvent).where(ReceivedEvent.id == uuid.UUID(event_id)).with_for_update())
        if row is None or row.handled_at is not None:
            return
        subject: str = row.subject
        row.finish(now())
        session.flush()
        if row.kind == EventKind.IDENTITY_WITHDRAWN:
            whose = {"kind": row.platform, "app_id": row.app_id, "subject": subject}
            withdraw_identity(session, **whose, until=row.happened_at)
        else:
            _refuse_messages(session, row, subject, messengers.get(row.platform))


def _refuse_messages(session: Session, row: ReceivedEvent, subject: str, messenger: MiniMessenger | None) -> None:
    binding = find_binding(session, kind=row.platform, app_id=row.app_id, subject=subject)
    if binding is None or messenger is None:
        return
    for name in _our_names(row.templates, messenger):
        revoke_grants(session, binding_id=binding.id, template=name, until=row.happened_at)


def _our_names(template_ids: Sequence[str], messenger: MiniMessenger) -> Iterator[str]:
    for templates in (messenger.subscribe_templates, messenger.employee_templates):
        yield from (name for name, template_id in templates.items() if template_id in template_ids)
