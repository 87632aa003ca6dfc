"""Verify an organisation by its legal representative in person (C1, C2)."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.pacing import seconds_to_wait
from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import DomainError, InvalidInput, ProviderError
from app.core.ids import new_id
from app.identity.persons import Claim, get_person, parse_claim, require_verified_person
from app.organisations.errors import (
    LicenceRequired,
    OrganisationAlreadyVerified,
    OrganisationCheckLimit,
    OrganisationCheckRefused,
    OrganisationMismatch,
    OrganisationNoRecord,
    OrganisationNotVerified,
    OrganisationTaken,
    RegistryUnavailable,
    RepresentativeMismatch,
)
from app.organisations.models import Organisation, OrganisationCheck
from app.organisations.permissions import Permission
from app.organisations.ports import OrganisationRegistry
from app.organisations.profile import OrganisationProfile, parse_profile
from app.organisations.queries import OrganisationView, find_entered, organisation_view
from app.organisations.service.registering import apply_profile

PER_MINUTE, PER_DAY = 2, 10
_REFUSALS: dict[Outcome, type[DomainError]] = {
    Outcome.MISMATCH: OrganisationMismatch,
    Outcome.NO_RECORD: OrganisationNoRecord,
    Outcome.INVALID_INPUT: OrganisationCheckRefused,
    Outcome.UNSUPPORTED: OrganisationCheckRefused,
}


def require_verified_organisation(session: Session, actor: Actor) -> Organisation:
    """The actor's organisation. Raises OrganisationNotFound, OrganisationNotVerified."""
    organisation = find_entered(session, actor)
    if not organisation.is_verified:
        raise OrganisationNotVerified
    return organisation


def verify_organisation(
    *, actor: Actor, name: str, uscc: str, kind: str, address: str,
    legal_representative: str, legal_representative_id_number: str, registry: OrganisationRegistry,
) -> OrganisationView:  # fmt: skip
    """Ask the registry whether name, code and legal representative belong together (four factors).

    The operator must be the legal representative: their own verification is the intent that the registry check
    lacks. Raises NotPermitted, VerificationRequired, InvalidInput, UsccInvalid, IdNumberInvalid,
    RepresentativeMismatch, LicenceRequired, OrganisationAlreadyVerified, OrganisationCheckLimit, OrganisationMismatch,
    OrganisationNoRecord, OrganisationCheckRefused, OrganisationTaken, RegistryUnavailable.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    require_verified_person(actor)
    profile = parse_profile(name=name, uscc=uscc, kind=kind, address=address)
    representative = _parse_representative(actor, legal_representative, legal_representative_id_number)
    check_id = _begin(actor, profile, representative)
    result = _ask(registry, profile, representative, check_id)
    refusal, view = _conclude(actor, check_id, profile, representative, result)
    if refusal is not None:
        raise refusal
    return view


def _parse_representative(actor: Actor, name: str, id_number: str) -> Claim:
    try:
        return parse_claim(actor, name, id_number)
    except InvalidInput as error:
        fields = {
            f"legal_representative{'_id_number' if key == 'id_number' else ''}": v for key, v in error.fields.items()
        }
        raise type(error)(fields=fields) from error


def _begin(actor: Actor, profile: OrganisationProfile, representative: Claim) -> uuid.UUID:
    """Everything that needs no registry, and the attempt's row."""
    with transaction() as session:
        organisation = find_entered(session, actor, lock=True)
        if organisation.is_verified:
            raise OrganisationAlreadyVerified
        person = get_person(session, require_verified_person(actor))
        if (person.name, person.id_number) != (representative.name, representative.id_number):
            raise RepresentativeMismatch
        if organisation.licence_sha256 is None:
            raise LicenceRequired
        _check_limits(session, organisation.id)
        apply_profile(organisation, profile)
        check = OrganisationCheck(
            id=new_id(), organisation_id=organisation.id, operator_account_id=actor.account_id, uscc=profile.uscc,
            licence_sha256=organisation.licence_sha256, created_at=now(),
        )  # fmt: skip
        session.add(check)
        return check.id


def _check_limits(session: Session, organisation_id: uuid.UUID) -> None:
    """The registry's outages do not use up the day's attempts."""
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


def _ask(
    registry: OrganisationRegistry, profile: OrganisationProfile, representative: Claim, check_id: uuid.UUID
) -> CheckResult:
    try:
        result = registry.check_organisation(
            name=profile.name, uscc=profile.uscc, legal_representative=representative.name,
            legal_representative_id=representative.id_number, reference=check_id.hex,
        )  # fmt: skip
    except ProviderError as error:
        return CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)
    return result


def _conclude(
    actor: Actor, check_id: uuid.UUID, profile: OrganisationProfile, representative: Claim, result: CheckResult
) -> tuple[DomainError | None, OrganisationView]:
    """Keep the answer; a refusal is returned, not raised, because the answer must stay."""
    with transaction() as session:
        organisation, is_taken = _lock_same_code(session, actor, profile.uscc)
        check = session.get_one(OrganisationCheck, check_id)
        check.answer(result, now())
        refusal = _refusal(organisation, profile, result, is_taken)
        if refusal is None:
            _mark_verified(organisation, check.operator_account_id, representative, now())
        record(
            session, actor, "organisation.not_verified" if refusal else "organisation.verified",
            f"organisation:{organisation.id}", chain=chain_of(organisation.id), check_id=check_id, uscc=profile.uscc,
            outcome=result.outcome, provider=result.provider, request_id=result.request_id,
            refusal=refusal.code if refusal else None,
        )  # fmt: skip
        return refusal, organisation_view(organisation)


def _lock_same_code(session: Session, actor: Actor, uscc: str) -> tuple[Organisation, bool]:
    """Lock all tenants with this code in one order, so that of two only the first becomes verified (T-29)."""
    statement = select(Organisation).where(or_(Organisation.uscc == uscc, Organisation.id == actor.organisation_id))
    locked = session.scalars(statement.order_by(Organisation.id).with_for_update()).all()
    own = find_entered(session, actor)
    return own, any(row.is_verified for row in locked if row.uscc == uscc and row.id != own.id)


def _refusal(
    organisation: Organisation, profile: OrganisationProfile, result: CheckResult, is_taken: bool
) -> DomainError | None:
    if result.outcome is not Outcome.MATCH:
        return _REFUSALS.get(result.outcome, RegistryUnavailable)()
    if organisation.is_verified:
        return OrganisationAlreadyVerified()
    if (organisation.name, organisation.uscc) != (profile.name, profile.uscc):
        return OrganisationMismatch()  # changed by a second window while the registry was being asked
    return OrganisationTaken() if is_taken else None


def _mark_verified(organisation: Organisation, by: uuid.UUID, representative: Claim, moment: datetime) -> None:
    organisation.legal_representative = representative.name
    organisation.legal_representative_id = representative.id_number
    organisation.mark_verified(by, moment)
