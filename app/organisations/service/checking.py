"""What every way of verifying an organisation obeys: limits, one verified tenant per code, verdicts (C1, C2, T-29)."""

import uuid
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.pacing import seconds_to_wait
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.errors import DomainError
from app.organisations.errors import (
    AuthorisationUnderWay,
    OrganisationAlreadyVerified,
    OrganisationCheckLimit,
    OrganisationCheckRefused,
    OrganisationMismatch,
    OrganisationNoRecord,
    OrganisationTaken,
    RegistryUnavailable,
)
from app.organisations.models import Organisation, OrganisationCheck
from app.organisations.profile import OrganisationProfile

PER_MINUTE, PER_DAY = 2, 10
_REFUSALS: dict[Outcome, type[DomainError]] = {
    Outcome.MISMATCH: OrganisationMismatch,
    Outcome.NO_RECORD: OrganisationNoRecord,
    Outcome.INVALID_INPUT: OrganisationCheckRefused,
    Outcome.UNSUPPORTED: OrganisationCheckRefused,
}


def require_open(organisation: Organisation) -> Organisation:
    """Its data may change: nothing is verified, nobody is asked to sign. Raises OrganisationAlreadyVerified,
    AuthorisationUnderWay.
    """
    if organisation.is_verified:
        raise OrganisationAlreadyVerified
    if organisation.authorisation_id is not None:
        raise AuthorisationUnderWay
    return organisation


def check_limits(session: Session, organisation_id: uuid.UUID) -> None:
    """The registry's outages do not use up the day's attempts. Raises OrganisationCheckLimit."""
    moment, mine = now(), OrganisationCheck.organisation_id == organisation_id
    times = select(OrganisationCheck.created_at).where(mine).order_by(OrganisationCheck.created_at.desc())
    answered = or_(OrganisationCheck.outcome.is_(None), OrganisationCheck.outcome != Outcome.UNAVAILABLE)
    recent = session.scalars(times.limit(PER_MINUTE)).all()
    of_day = session.scalars(times.where(answered).limit(PER_DAY)).all()
    wait = max(
        seconds_to_wait(recent, PER_MINUTE, timedelta(minutes=1), moment),
        seconds_to_wait(of_day, PER_DAY, timedelta(days=1), moment),
    )
    if wait:
        raise OrganisationCheckLimit(retry_after=wait)


def lock_same_code(session: Session, organisation_id: uuid.UUID, uscc: str) -> bool:
    """Lock this tenant and all others with the code, in one order, so that of two only the first becomes verified
    (T-29). Whether another one is.
    """
    statement = select(Organisation).where(or_(Organisation.uscc == uscc, Organisation.id == organisation_id))
    ordered = statement.order_by(Organisation.id).with_for_update().execution_options(populate_existing=True)
    return any(row.is_verified for row in session.scalars(ordered) if row.uscc == uscc and row.id != organisation_id)


def verdict(
    organisation: Organisation, profile: OrganisationProfile, result: CheckResult, *, is_taken: bool
) -> DomainError | None:
    """Why the registry's answer does not do, or None."""
    if result.outcome is not Outcome.MATCH:
        return _REFUSALS.get(result.outcome, RegistryUnavailable)()
    if organisation.is_verified:
        return OrganisationAlreadyVerified()
    if organisation.authorisation_id is not None:
        return AuthorisationUnderWay()
    if (organisation.name, organisation.uscc) != (profile.name, profile.uscc):
        return OrganisationMismatch()  # changed by a second window while the registry was being asked
    return OrganisationTaken() if is_taken else None
