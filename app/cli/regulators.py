"""Who sits at the regulator's desk: `regulator-add --phone … --name …`, `regulator-close --phone …`."""

import sys
from collections.abc import Callable

from app.accounts.regulators import add_regulator, close_regulator
from app.core.errors import DomainError
from app.settings import Settings


def add(_settings: Settings, *, phone: str, name: str) -> int:
    """Open an account at the desk; repeating changes nothing."""

    def run() -> str:
        made = add_regulator(phone=phone, name=name)
        return f"监管端账号已开通 / may log in at /regulator/: {made.name} {made.phone_masked}"

    return _tell(run)


def close(_settings: Settings, *, phone: str) -> int:
    """Close it: every session ends at once."""

    def run() -> str:
        close_regulator(phone=phone)
        return "监管端账号已停用 / closed"

    return _tell(run)


def _tell(run: Callable[[], str]) -> int:
    try:
        print(run())
    except DomainError as error:
        details = "; ".join(message for messages in error.fields.values() for message in messages)
        print(f"{error.text_zh} {details} / {error.text_en}", file=sys.stderr)
        return 1
    return 0
