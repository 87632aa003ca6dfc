"""Verification by bank card: the bank knows the owner, and the owner holds the phone reserved there (B2 bank)."""

import re
import uuid

from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.db import transaction
from app.core.errors import DomainError, InvalidInput, ProviderError
from app.core.text import normalise_phone, to_halfwidth
from app.identity.code_verification import conclude_answer
from app.identity.errors import (
    BankCardNotSupported,
    BankCardNumberInvalid,
    BankCheckBusy,
    BankCheckRefused,
    BankMismatch,
    BankUnavailable,
)
from app.identity.models import IdType, Method, VerificationStatus
from app.identity.persons import Claim, parse_claim
from app.identity.ports import BankRegistry
from app.identity.verification_views import VerificationView
from app.identity.verifications import begin_verification

_REFUSALS: dict[Outcome, type[DomainError]] = {
    Outcome.MISMATCH: BankMismatch,
    Outcome.NO_RECORD: BankMismatch,
    Outcome.UNSUPPORTED: BankCardNotSupported,
    Outcome.INVALID_INPUT: BankCheckRefused,
    Outcome.RATE_LIMITED: BankCheckBusy,
}


def start_bank_verification(
    *, actor: Actor, name: str, id_number: str, card_number: str, bank_phone: str, bank: BankRegistry,
    id_type: str = IdType.RESIDENT_ID,
) -> VerificationView:  # fmt: skip
    """Ask the bank whether name, document, card and reserved phone belong together; then send a code to that phone.

    The card number is handed on and stored nowhere. Raises ConsentRequired, DocumentNotSupported, IdNumberInvalid,
    DocumentNumberInvalid, BankCardNumberInvalid, InvalidInput (phone), TooYoung, AlreadyVerified, VerificationLimit,
    BankMismatch, BankCardNotSupported, BankCheckRefused, BankCheckBusy, BankUnavailable.
    """
    claim = parse_claim(actor, name, id_number, id_type, Method.BANK)
    card, phone = normalise_card_number(card_number), _mainland_phone(bank_phone)
    with transaction() as session:
        started = begin_verification(session, actor, claim, Method.BANK, VerificationStatus.CHECKING)
        started.bank_phone = phone
    result = _ask(bank, claim, card, phone, started.id)
    return conclude_answer(actor, started.id, result, _REFUSALS, BankUnavailable)


def normalise_card_number(value: str) -> str:
    """12 to 19 digits with the check digit of ISO/IEC 7812 (Luhn). Raises BankCardNumberInvalid."""
    digits = re.sub(r"[\s\-]", "", to_halfwidth(value))
    if not re.fullmatch(r"[0-9]{12,19}", digits) or _luhn(digits) or not digits.strip("0"):
        raise BankCardNumberInvalid(fields={"card_number": ["银行卡号有误，请按卡面核对。"]})
    return digits


def _luhn(digits: str) -> int:
    """0 for a number with the right check digit."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10


def _mainland_phone(value: str) -> str:
    try:
        return normalise_phone(value)
    except InvalidInput as error:
        raise InvalidInput(fields={"bank_phone": error.fields["phone"]}) from error


def _ask(bank: BankRegistry, claim: Claim, card: str, phone: str, verification_id: uuid.UUID) -> CheckResult:
    try:
        return bank.check_card_owner(
            name=claim.name, id_type=claim.id_type, id_number=claim.id_number, card_number=card, phone=phone,
            reference=verification_id.hex,
        )  # fmt: skip
    except ProviderError as error:
        return CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)
