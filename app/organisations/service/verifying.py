"""Ask the registry about an organisation; verify it by its legal representative in person (C1, C2)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import DomainError, InvalidInput, ProviderError
from app.core.ids import new_id
from app.identity.documents import ACCEPTED
from app.identity.models import IdType, Method
from app.identity.persons import Claim, get_person, is_person, parse_claim, require_verified_person
from app.organisations.errors import (
    LicenceRequired,
    OrganisationNotVerified,
    RepresentativeIsYou,
    RepresentativeMismatch,
)
from app.organisations.models import Organisation, OrganisationCheck
from app.organisations.permissions import Permission
from app.organisations.ports import OrganisationRegistry
from app.organisations.profile import OrganisationProfile, parse_profile
from app.organisations.queries import OrganisationView, find_entered, organisation_view
from app.organisations.service.checking import check_limits, lock_same_code, require_open, verdict
from app.organisations.service.registering import apply_profile

# The four kinds that a legal representative may have.
REPRESENTATIVE_DOCUMENTS = ACCEPTED[Method.BANK]


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of an organisation and its legal representative, normalised."""

    profile: OrganisationProfile
    representative: Claim


def require_verified_organisation(session: Session, actor: Actor) -> Organisation:
    """The actor's organisation. Raises OrganisationNotFound, OrganisationNotVerified."""
    organisation = find_entered(session, actor)
    if not organisation.is_verified:
        raise OrganisationNotVerified
    return organisation


def verify_organisation(
    *, actor: Actor, name: str, uscc: str, kind: str, address: str, legal_representative: str,
    legal_representative_id_number: str, registry: OrganisationRegistry,
    legal_representative_id_type: str = IdType.RESIDENT_ID,
) -> OrganisationView:  # fmt: skip
    """Ask the registry whether name, code and legal representative belong together (four factors).

    The operator must be the legal representative: their own verification is the intent that the registry check
    lacks. Raises NotPermitted, VerificationRequired, InvalidInput, UsccInvalid, IdNumberInvalid,
    DocumentNumberInvalid, RepresentativeMismatch, LicenceRequired, OrganisationAlreadyVerified,
    AuthorisationUnderWay, OrganisationCheckLimit, OrganisationMismatch, OrganisationNoRecord,
    OrganisationCheckRefused, OrganisationTaken, RegistryUnavailable.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    require_verified_person(actor)
    told = Told(
        parse_profile(name=name, uscc=uscc, kind=kind, address=address),
        parse_representative(actor, legal_representative, legal_representative_id_type, legal_representative_id_number),
    )
    check_id, result = _ask(actor, told, registry, in_person=True)
    with transaction() as session:
        organisation, refusal = _conclude(session, actor, check_id, told, result, action="organisation.verified")
        if refusal is None:
            mark_verified(organisation, told.representative, by=actor.account_id, at=now())
        view = organisation_view(organisation)
    if refusal is not None:
        raise refusal
    return view


def confirm_registration(*, actor: Actor, told: Told, registry: OrganisationRegistry) -> uuid.UUID:
    """The same question for an operator who is not the legal representative: verifies nothing. The check's id.

    Raises as `verify_organisation` does, RepresentativeIsYou in place of RepresentativeMismatch.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    require_verified_person(actor)
    check_id, result = _ask(actor, told, registry, in_person=False)
    with transaction() as session:
        _organisation, refusal = _conclude(session, actor, check_id, told, result, action="organisation.confirmed")
    if refusal is not None:
        raise refusal
    return check_id


def parse_representative(actor: Actor, name: str, id_type: str, id_number: str) -> Claim:
    """Raises InvalidInput, IdNumberInvalid, DocumentNumberInvalid, with fields as the forms call them."""
    if id_type not in REPRESENTATIVE_DOCUMENTS:
        raise InvalidInput(fields={"legal_representative_id_type": ["请选择法定代表人的证件类型。"]})
    try:
        return parse_claim(actor, name, id_number, id_type, Method.BANK)
    except InvalidInput as error:
        fields = {
            f"legal_representative{'_id_number' if key == 'id_number' else ''}": v for key, v in error.fields.items()
        }
        raise type(error)(fields=fields, **error.details) from error


def mark_verified(organisation: Organisation, representative: Claim, *, by: uuid.UUID | None, at: datetime) -> None:
    """`by`: the operator's account."""
    organisation.legal_representative = representative.name
    organisation.legal_representative_id = representative.id_number
    organisation.legal_representative_id_type = representative.id_type
    organisation.mark_verified(by, at)


def _ask(actor: Actor, told: Told, registry: OrganisationRegistry, *, in_person: bool) -> tuple[uuid.UUID, CheckResult]:
    check_id = _begin(actor, told, in_person=in_person)
    profile, representative = told.profile, told.representative
    try:
        result = registry.check_organisation(
            name=profile.name, uscc=profile.uscc, legal_representative=representative.name,
            legal_representative_id=representative.id_number, reference=check_id.hex,
        )  # fmt: skip
    except ProviderError as error:
        result = CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)
    return check_id, result


def _begin(actor: Actor, told: Told, *, in_person: bool) -> uuid.UUID:
    """Everything that needs no registry, and the attempt's row."""
    with transaction() as session:
        organisation = require_open(find_entered(session, actor, lock=True))
        is_self = is_person(get_person(session, require_verified_person(actor)), told.representative)
        if is_self is not in_person:
            raise RepresentativeMismatch if in_person else RepresentativeIsYou
        if organisation.licence_sha256 is None:
            raise LicenceRequired
        check_limits(session, organisation.id)
        apply_profile(organisation, told.profile)
        check = OrganisationCheck(
            id=new_id(), organisation_id=organisation.id, operator_account_id=actor.account_id,
            uscc=told.profile.uscc, licence_sha256=organisation.licence_sha256, created_at=now(),
        )  # fmt: skip
        session.add(check)
        return check.id


def _conclude(
    session: Session, actor: Actor, check_id: uuid.UUID, told: Told, result: CheckResult, *, action: str
) -> tuple[Organisation, DomainError | None]:
    """Keep the answer, lock the organisation; a refusal is returned, not raised, because the answer must stay."""
    own = find_entered(session, actor)
    is_taken = lock_same_code(session, own.id, told.profile.uscc)
    session.get_one(OrganisationCheck, check_id).answer(result, now())
    refusal = verdict(own, told.profile, result, is_taken=is_taken)
    record(
        session, actor, "organisation.not_verified" if refusal else action, f"organisation:{own.id}",
        chain=chain_of(own.id), check_id=check_id, uscc=told.profile.uscc, outcome=result.outcome,
        provider=result.provider, request_id=result.request_id, refusal=refusal.code if refusal else None,
    )  # fmt: skip
    return own, refusal
