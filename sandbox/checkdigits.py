"""Check digits of resident identity numbers (GB 11643) and unified social credit codes (GB 32100)."""

import re

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # pragma: allowlist secret


def is_id_number(value: str) -> bool:
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False))
    return value[17] == "10X98765432"[total % 11]


def is_uscc(value: str) -> bool:
    if len(value) != 18 or any(char not in _USCC_ALPHABET for char in value):
        return False
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(value[:17]))
    return value[17] == _USCC_ALPHABET[-total % 31]


def is_mobile(value: str) -> bool:
    """Mainland mobile number, 11 digits."""
    return re.fullmatch(r"1[3-9][0-9]{9}", value) is not None
