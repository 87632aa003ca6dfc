"""Numbers with check digits: identity cards (GB 11643), organisations (GB 32100), bank cards; and other documents."""

import re

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # pragma: allowlist secret


def is_id_number(value: str) -> bool:
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False))
    return value[17] == "10X98765432"[total % 11]


# Kinds of documents, and what a number looks like.
DOCUMENTS = {
    "resident_id": r"[1-9][0-9]{16}[0-9X]",
    "hk_macao_permit": r"[HM][0-9]{8}([0-9]{2})?",
    "taiwan_permit": r"[0-9]{8}([0-9]{2})?",
    "passport": r"[A-Z0-9]{5,17}",
    "foreign_permanent_resident_id": r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]",
}


def is_document(kind: str, number: str) -> bool:
    if kind == "resident_id":
        return is_id_number(number)
    return kind in DOCUMENTS and re.fullmatch(DOCUMENTS[kind], number) is not None


def is_uscc(value: str) -> bool:
    if len(value) != 18 or any(char not in _USCC_ALPHABET for char in value):
        return False
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(value[:17]))
    return value[17] == _USCC_ALPHABET[-total % 31]


def is_bank_card(value: str) -> bool:
    """12 to 19 digits with Luhn's check digit (ISO/IEC 7812)."""
    if not re.fullmatch(r"[0-9]{12,19}", value):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_mobile(value: str) -> bool:
    """Mainland mobile number, 11 digits."""
    return re.fullmatch(r"1[3-9][0-9]{9}", value) is not None
