"""Housekeeping: jobs that promise themselves again for the next night, once per day over all runners."""

from datetime import datetime, time, timedelta

from app.core.clock import in_shanghai, now
from app.core.db import transaction
from app.jobs.service import enqueue

# Quiet hours in Shanghai, one after the other.
DAILY = {
    "storage.remove_orphans": time(2, 10),
    "idempotency.forget_answers": time(2, 40),
    "identity.forget_stale_claims": time(2, 50),
    "accounts.forget_logins": time(2, 55),
    "identity.forget_review_documents": time(2, 58),
    "identity.forget_face_logins": time(3, 0),
    "people.forget_onboardings": time(3, 5),
    "jobs.forget_done": time(3, 8),
    "contracts.sweep_completed": time(3, 10),
}


def plan_daily(kind: str) -> None:
    """Promise the next run of `kind`. Its key is its date, so a second promise changes nothing."""
    moment = next_run(kind)
    with transaction() as session:
        enqueue(session, kind, key=f"{kind}:{moment:%Y-%m-%d}", run_at=moment)


def plan_all() -> None:
    for kind in DAILY:
        plan_daily(kind)


def next_run(kind: str) -> datetime:
    """The next time of day of `kind`, strictly in the future."""
    local = in_shanghai(now())
    planned = datetime.combine(local.date(), DAILY[kind], tzinfo=local.tzinfo)
    return planned if planned > local else planned + timedelta(days=1)
