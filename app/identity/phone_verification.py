"""Verification by phone: the carrier knows the owner, and the owner holds the phone (B2 phone)."""

import uuid

from app.accounts.queries import phone_of
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.db import transaction
from app.core.errors import DomainError, ProviderError
from app.identity.code_verification import conclude_answer
from app.identity.errors import (
    CarrierUnavailable,
    IdentityMismatch,
    NoRecord,
    PhoneCheckBusy,
    PhoneCheckRefused,
    PhoneNotSupported,
)
from app.identity.models import IdType, Method, VerificationStatus
from app.identity.persons import Claim, parse_claim
from app.identity.ports import CarrierRegistry
from app.identity.verification_views import VerificationView
from app.identity.verifications import begin_verification

_REFUSALS: dict[Outcome, type[DomainError]] = {
    Outcome.MISMATCH: IdentityMismatch,
    Outcome.NO_RECORD: NoRecord,
    Outcome.UNSUPPORTED: PhoneNotSupported,
    Outcome.INVALID_INPUT: PhoneCheckRefused,
    Outcome.RATE_LIMITED: PhoneCheckBusy,
}


def start_phone_verification(
    *, actor: Actor, name: str, id_number: str, carrier: CarrierRegistry, id_type: str = IdType.RESIDENT_ID
) -> VerificationView:
    """Ask the carrier whether name, ID number and the account's own phone belong together; then send a code.

    Raises ConsentRequired, DocumentNotSupported, IdNumberInvalid, TooYoung, AlreadyVerified, VerificationLimit,
    IdentityMismatch, NoRecord, PhoneNotSupported, PhoneCheckRefused, PhoneCheckBusy, CarrierUnavailable.
    """
    claim = parse_claim(actor, name, id_number, id_type, Method.PHONE)
    with transaction() as session:
        started = begin_verification(session, actor, claim, Method.PHONE, VerificationStatus.CHECKING)
        phone = phone_of(session, actor)
    result = _ask(carrier, claim, phone, started.id)
    return conclude_answer(actor, started.id, result, _REFUSALS, CarrierUnavailable)


def _ask(carrier: CarrierRegistry, claim: Claim, phone: str, verification_id: uuid.UUID) -> CheckResult:
    try:
        return carrier.check_phone_owner(
            name=claim.name, id_number=claim.id_number, phone=phone, reference=verification_id.hex
        )
    except ProviderError as error:
        return CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)
