"""Who exists: persons and organisations, from the configured files and added at run time."""

import json
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from sandbox.checkdigits import is_bank_card, is_document, is_id_number, is_mobile, is_uscc
from sandbox.store import Store

DATA = Path(__file__).parent / "data"


class Invalid(ValueError):
    """What was to be added makes no sense; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Person:
    """`id_number` is that of the document `id_type`. `phone_owner_*`: the number is registered to somebody else.

    `bank_phone`: the one reserved at the bank, `phone` where empty. `bank_problem`: the code with which the bank
    refuses the card, such as `-13` (reported lost).
    """

    name: str
    id_number: str
    phone: str = ""
    carrier: str = "移动"
    carrier_record: bool = True
    phone_owner_name: str = ""
    phone_owner_id_number: str = ""
    face_record: bool = True
    id_type: str = "resident_id"
    nationality: str = "CHN"
    bank_card: str = ""
    bank_phone: str = ""
    bank_problem: str = ""
    note: str = ""

    def check(self) -> None:
        if not self.name or not is_document(self.id_type, self.id_number):
            raise Invalid(f"姓名、证件类型或证件号码有误：{self.name} {self.id_number}")
        if self.bank_card and not is_bank_card(self.bank_card):
            raise Invalid(f"银行卡号有误：{self.bank_card}")
        if self.phone and not is_mobile(self.phone):
            raise Invalid(f"手机号有误：{self.phone}")

    @property
    def key(self) -> str:
        return self.id_number

    @property
    def phone_at_bank(self) -> str:
        return self.bank_phone or self.phone

    @property
    def phone_owner(self) -> tuple[str, str]:
        """Name and ID number under which the carrier knows the phone."""
        return (self.phone_owner_name or self.name, self.phone_owner_id_number or self.id_number)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An entry of the business registry; `state` is active, cancelled (注销) or revoked (吊销)."""

    name: str
    uscc: str
    legal_representative: str
    legal_representative_id: str
    state: str = "active"
    note: str = ""

    def check(self) -> None:
        if not self.name or not is_uscc(self.uscc):
            raise Invalid(f"名称或统一社会信用代码有误：{self.name} {self.uscc}")
        if not self.legal_representative or not is_id_number(self.legal_representative_id):
            raise Invalid("法定代表人姓名或身份证号有误")
        if self.state not in ("active", "cancelled", "revoked"):
            raise Invalid(f"状态有误：{self.state}")

    @property
    def key(self) -> str:
        return self.uscc


Entry = TypeVar("Entry", Person, Organisation)


def _configured(kind: type[Entry]) -> list[Entry]:
    table = kind.__name__.lower()
    with (DATA / f"{table}s.toml").open("rb") as stream:
        entries = [kind(**row) for row in tomllib.load(stream)[table]]
    for entry in entries:
        entry.check()
    return entries


class World:
    """Looks people and organisations up. An added entry replaces a configured one with the same number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._configured: dict[str, list[Any]] = {kind.__name__: _configured(kind) for kind in (Person, Organisation)}

    def persons(self) -> list[Person]:
        return self._all(Person)

    def organisations(self) -> list[Organisation]:
        return self._all(Organisation)

    def find_person(self, name: str, id_number: str) -> Person | None:
        return next((p for p in self.persons() if (p.name, p.id_number) == (name, id_number)), None)

    def find_phone(self, phone: str) -> Person | None:
        """The last entry wins, so that a test can take a number over."""
        return next((p for p in reversed(self.persons()) if p.phone == phone and p.carrier_record), None)

    def find_bank_card(self, number: str) -> Person | None:
        return next((p for p in reversed(self.persons()) if p.bank_card == number), None)

    def find_organisation(self, uscc: str) -> Organisation | None:
        return next((o for o in self.organisations() if o.uscc == uscc), None)

    def add_person(self, values: dict[str, Any]) -> Person:
        return self._add(Person, values)

    def add_organisation(self, values: dict[str, Any]) -> Organisation:
        return self._add(Organisation, values)

    def _all(self, kind: type[Entry]) -> list[Entry]:
        rows = self._store.rows("SELECT data FROM added WHERE kind = ? ORDER BY rowid", kind.__name__)
        added = [kind(**json.loads(row["data"])) for row in rows]
        replaced = {entry.key for entry in added}
        return [entry for entry in self._configured[kind.__name__] if entry.key not in replaced] + added

    def _add(self, kind: type[Entry], values: dict[str, Any]) -> Entry:
        if unknown := set(values) - {field.name for field in fields(kind)}:
            raise Invalid(f"不认识的字段：{'、'.join(sorted(unknown))}")
        try:
            entry = kind(**values)
        except TypeError as error:
            raise Invalid(f"缺少字段：{error}") from error
        entry.check()
        sql = "INSERT OR REPLACE INTO added (kind, key, data) VALUES (?, ?, ?)"
        self._store.run(sql, kind.__name__, entry.key, json.dumps(asdict(entry), ensure_ascii=False))
        return entry
