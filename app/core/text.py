"""Normalising and masking what people type: one rule for look-up, storage and display (B8)."""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from app.core.errors import InvalidInput

_NAME = re.compile(r"[\w·.\-' ]{1,50}", re.UNICODE)
_DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "∙": "·", "．": "·"})
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def to_halfwidth(value: str) -> str:
    """NFKC without touching CJK ideographs: full-width digits and letters become ASCII."""
    return "".join(unicodedata.normalize("NFKC", char) if "！" <= char <= "～" else char for char in value)


def normalise_name(value: str) -> str:
    """A person's name: NFC, one kind of middle dot, single spaces. Raises InvalidInput."""
    name = unicodedata.normalize("NFC", " ".join(value.split())).translate(_DOTS)
    if not _NAME.fullmatch(name) or any(char.isdigit() for char in name):
        raise InvalidInput(fields={"name": ["请填写证件上的姓名，不含数字和符号。"]})
    return name


def normalise_phone(value: str) -> str:
    """Mainland mobile number, 11 digits; accepts +86, blanks, dashes, full-width digits. Raises InvalidInput."""
    digits = re.sub(r"[\s\-()]", "", to_halfwidth(value))
    digits = re.sub(r"^(\+?86|0086)(?=1)", "", digits)
    if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        raise InvalidInput(fields={"phone": ["请填写 11 位中国大陆手机号。"]})
    return digits


def normalise_id_number(value: str) -> str:
    """Resident identity number, GB 11643 check digit and birth date verified. Raises InvalidInput."""
    number = re.sub(r"\s", "", to_halfwidth(value)).upper()
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number) or not _checks(number):
        raise InvalidInput(fields={"id_number": ["身份证号有误，请核对 18 位号码。"]})
    return number


def normalise_address(field: str, address: Mapping[str, Any]) -> dict[str, Any]:
    """{"region": [province, city, county], "detail": 2 to 100 characters}, trimmed. Raises InvalidInput for `field`."""
    region = [str(part).strip() for part in address.get("region", [])]
    detail = str(address.get("detail", "")).strip()
    if not 1 <= len(region) <= 3 or not all(region) or not 2 <= len(detail) <= 100:
        raise InvalidInput(fields={field: ["请选择省、市、区县，并填写 2 至 100 字的详细地址。"]})
    return {"region": region, "detail": detail}


def _checks(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    plausible = 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    return plausible and "10X98765432"[total % 11] == number[17]


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "****"


def mask_id_number(number: str) -> str:
    """Of the 18 digits of a resident's card three and four remain, of other documents the ends."""
    if len(number) == 18:
        return f"{number[:3]}***********{number[-4:]}"
    return f"{number[:1]}{'*' * (len(number) - 3)}{number[-2:]}" if len(number) > 5 else "****"


def mask_name(name: str) -> str:
    """First character only: 张*, 阿******."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""
