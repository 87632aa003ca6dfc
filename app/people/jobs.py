"""What happens to an onboarding when nobody waits for it: expiring, and forgetting whom it was about.

Handlers run outside any transaction, at least once: read, return if done, lock, write.
"""

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts.links import forget_links, revoke_links
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.db import transaction
from app.notifications.service import forget_recipients
from app.organisations.queries import organisation_name
from app.people.lifecycle import FINAL, Action, Status
from app.people.models import Onboarding
from app.people.notices import tell_operator, tell_worker
from app.people.service.inviting import promise_expiry
from app.people.trail import note

KEPT_AFTER_END = timedelta(days=30)


def expire_onboarding(*, onboarding_id: str) -> None:
    """Job `people.expire_onboarding`: the deadline has come. Against a submission, the row's lock decides."""
    with transaction() as session:
        onboarding = _locked(session, uuid.UUID(onboarding_id))
        if not onboarding.allows(Action.EXPIRE):
            return
        if onboarding.expires_at > now():  # it was moved since
            promise_expiry(session, onboarding)
            return
        had_begun = onboarding.status != Status.INVITED
        onboarding.apply(Action.EXPIRE)
        revoke_links(session, target=("onboarding", onboarding.id))
        if had_begun:
            tell_worker(
                session, onboarding, organisation_name(session, onboarding.organisation_id), "onboarding.expired"
            )
        tell_operator(session, onboarding, "onboarding.expired")
        note(session, SYSTEM, "onboarding.expired", onboarding)


def forget_onboardings() -> None:
    """Housekeeping: some time after an unhappy end nobody needs to know whom it was about (PIPL 19, 47).

    What was typed went with the end itself; times, statuses, the notice's hash and the log stay.
    """
    unhappy = (Onboarding.status.in_(FINAL - {Status.ACCEPTED})) & (Onboarding.ended_at <= now() - KEPT_AFTER_END)
    with transaction() as session:
        old = select(Onboarding).where(unhappy, Onboarding.wiped_at.is_(None)).with_for_update()
        for onboarding in session.scalars(old):
            onboarding.forget_person()
            forget_links(session, target=("onboarding", onboarding.id))
            forget_recipients(session, onboarding.subject)


def _locked(session: Session, onboarding_id: uuid.UUID) -> Onboarding:
    session.scalars(select(Onboarding.id).where(Onboarding.id == onboarding_id).with_for_update()).one()
    found = select(Onboarding).where(Onboarding.id == onboarding_id)
    return session.scalars(found.options(selectinload(Onboarding.corrections))).one()
