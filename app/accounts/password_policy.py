"""What a new password must be (A2; NIST SP 800-63B): long enough, not guessable, never forced to change."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from app.accounts.errors import PasswordRefused

SHORTEST, LONGEST = 8, 64
_COMMON = Path(__file__).parent / "common_passwords.txt"


def normalise_password(value: str) -> str:
    """NFKC, so that full-width input and other keyboards give the same password. Blanks stay."""
    return unicodedata.normalize("NFKC", value)


def parse_new_password(value: str, *, phone: str) -> str:
    """The normalised password. Raises PasswordRefused with the first rule that it breaks.

    8 to 64 characters; at least two of letters, digits, other characters; without the own phone number; not one of
    the passwords that everybody tries first.
    """
    password = normalise_password(value)
    if not SHORTEST <= len(password) <= LONGEST:
        raise _refused("密码须为 8 至 64 个字符。")
    if not password.isprintable():
        raise _refused("密码不能包含换行等不可见字符。")
    if _kinds(password) < 2:
        raise _refused("密码须包含字母、数字、符号中的至少两种。")
    if phone in password:
        raise _refused("密码不能包含本人手机号。")
    if password.casefold() in _common():
        raise _refused("该密码太常见，容易被猜到，请换一个。")
    return password


def _refused(reason: str) -> PasswordRefused:
    return PasswordRefused(fields={"password": [reason]})


def _kinds(password: str) -> int:
    letters = any(char.isalpha() for char in password)
    digits = any(char.isdigit() for char in password)
    others = any(not char.isalnum() for char in password)
    return letters + digits + others


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Only such as would pass the other rules; compared without case."""
    return frozenset(_COMMON.read_text().split())
