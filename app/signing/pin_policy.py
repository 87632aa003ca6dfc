"""What a certificate PIN must be (E6): six digits that neither habit nor the own papers give away."""

from datetime import date
from itertools import pairwise

from app.core.crypto import blind_index
from app.core.text import to_halfwidth
from app.identity.documents import Document
from app.identity.models import IdType, Person
from app.signing.errors import PinRefused

LENGTH = 6
# What people try first, beyond what the rules below find.
_COMMON = frozenset({
    "112233", "123654", "131420", "147258", "147369", "147852", "159357", "159753", "258369", "445566", "456456",
    "520131", "521131", "741852", "753951", "789456", "963852", "987456",
})  # fmt: skip


def normalise_pin(value: str) -> str:
    """As typed, with full-width digits made plain."""
    return to_halfwidth(value).strip()


def parse_new_pin(value: str, *, person: Person, phone: str) -> str:
    """The PIN to set. Raises PinRefused with the first rule that it breaks."""
    pin = normalise_pin(value)
    if len(pin) != LENGTH or not (pin.isascii() and pin.isdigit()):
        raise _refused("证书密码须为 6 位数字。")
    if _is_pattern(pin) or pin in _COMMON:
        raise _refused("这个密码太简单，容易被猜到，请不要用连续、重复或常见的数字。")
    if any(pin in clue for clue in (phone, *_clues(person))):
        raise _refused("证书密码不能是本人生日、证件号码或手机号中的数字。")
    return pin


def pin_material(person_id: object, pin: str) -> str:
    """What is hashed with argon2: keyed first, so that a stolen table alone gives no chance to try a million PINs."""
    return blind_index(f"{person_id}:{pin}", purpose="certificate_pin")


def _is_pattern(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = pin == pin[:3] * 2 or pin == pin[:2] * 3 or pin == pin[::-1]
    return len(set(pin)) <= 2 or steps in ({1}, {9}) or repeats


def _clues(person: Person) -> list[str]:
    document = Document(IdType(person.id_type), person.id_number)
    digits = "".join(char for char in document.number if char.isdigit())
    return [digits, *(_dates(document.born) if document.born else ())]


def _dates(born: date) -> list[str]:
    return [f"{born:{order}}" for order in ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%d%m%y", "%m%d%y")]


def _refused(reason: str) -> PinRefused:
    return PinRefused(fields={"pin": [reason]})
