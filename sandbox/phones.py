"""What people have on their phones: an identity at WeChat and at Alipay, one-time codes, and what they allowed.

Identities follow from the app and the person, as the platforms' do: another app sees another identity.
"""

import base64
import hashlib
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from sqlite3 import Row

from sandbox.clock import Clock
from sandbox.store import Store
from sandbox.world import DATA, Person, World

LABELS = {"weixin": "微信小程序", "alipay": "支付宝小程序"}
CODE_LIFE = timedelta(minutes=5)


class Spent(Enum):
    """Why a code is not good any more."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class MiniTemplate:
    """A message template that a platform approved. `fields`: the product's name of a field → the platform's."""

    platform: str
    name: str
    id: str
    title: str
    kind: str = "subscribe"
    fields: Mapping[str, str] = field(default_factory=dict)


def _load() -> tuple[MiniTemplate, ...]:
    with (DATA / "mini_templates.toml").open("rb") as stream:
        return tuple(MiniTemplate(**row) for row in tomllib.load(stream)["template"])


TEMPLATES = _load()


def find_template(platform: str, template_id: object) -> MiniTemplate | None:
    return next((t for t in TEMPLATES if (t.platform, t.id) == (platform, template_id)), None)


def subject_of(platform: str, app_id: str, person: Person) -> str:
    """The openid (28 characters, `o…`) or open_id (32 characters, `0…`) of a person at one app."""
    digest = hashlib.sha256(f"{platform}:{app_id}:{person.key}".encode()).digest()
    text = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"o{text[:27]}" if platform == "weixin" else f"0{text[:31]}"


class Phones:
    """Codes and consents of all people. `apps`: platform → the product's app id there."""

    def __init__(self, store: Store, clock: Clock, world: World, apps: Mapping[str, str]) -> None:
        self._store, self._clock, self._world, self._apps = store, clock, world, apps

    def find(self, who: str) -> Person | None:
        """By ID number or by phone; everybody with a phone has both apps."""
        people = [person for person in reversed(self._world.persons()) if person.phone]
        return next((person for person in people if who in (person.id_number, person.phone)), None)

    def subject(self, platform: str, person: Person) -> str:
        return subject_of(platform, self._apps[platform], person)

    def owner(self, platform: str, subject: object) -> Person | None:
        people = [person for person in self._world.persons() if person.phone]
        return next((person for person in people if self.subject(platform, person) == subject), None)

    def issue_code(self, platform: str, purpose: str, person: Person) -> str:
        """`purpose`: login or phone."""
        code = secrets.token_hex(16)
        sql = "INSERT INTO platform_code (code, platform, purpose, person, issued_at) VALUES (?, ?, ?, ?, ?)"
        self._store.run(sql, code, platform, purpose, person.key, self._clock.now().isoformat())
        return code

    def use_code(self, platform: str, purpose: str, code: object) -> Person | Spent:
        """Whose code it is, once, for five minutes."""
        sql = "SELECT * FROM platform_code WHERE code = ? AND platform = ? AND purpose = ?"
        row = self._store.row(sql, str(code), platform, purpose)
        if row is None:
            return Spent.UNKNOWN
        if self._clock.now() - datetime.fromisoformat(row["issued_at"]) > CODE_LIFE:
            return Spent.EXPIRED
        if not self._store.run("UPDATE platform_code SET used = 1 WHERE code = ? AND used = 0", row["code"]):
            return Spent.USED
        return self.find(row["person"]) or Spent.UNKNOWN

    def allow(self, template: MiniTemplate, subject: str, accepted: bool) -> None:
        """The person's answer: one more message, or with 用工关系 all of them; a no takes everything back."""
        if not accepted:
            self._store.run("DELETE FROM consent WHERE template = ? AND subject = ?", template.id, subject)
            return
        sql = """INSERT INTO consent (template, subject, remaining) VALUES (?, ?, 1)
            ON CONFLICT DO UPDATE SET remaining = remaining + 1"""
        self._store.run(sql, template.id, subject)

    def spend(self, template: MiniTemplate, subject: str) -> bool:
        """Use one consent up; an employment relation is not used up."""
        cost = 0 if template.kind == "employee" else 1
        sql = "UPDATE consent SET remaining = remaining - ? WHERE template = ? AND subject = ? AND remaining > 0"
        return self._store.run(sql, cost, template.id, subject) == 1

    def deliver(self, template: MiniTemplate, subject: str, page: str, data: Mapping[str, str]) -> None:
        """Put a message on the person's phone."""
        lines = "\n".join(data.values())
        sql = "INSERT INTO mini_message (platform, template, subject, page, data, at) VALUES (?, ?, ?, ?, ?, ?)"
        self._store.run(sql, template.platform, template.id, subject, page, lines, self._clock.now().isoformat())

    def messages(self, phone: str | None = None, limit: int = 200) -> list[dict[str, object]]:
        """Newest first, each with the person's name and phone."""
        rows = self._store.rows("SELECT * FROM mini_message ORDER BY id DESC LIMIT ?", limit)
        found = [self._shown(row) for row in rows]
        return [message for message in found if phone in (None, message["phone"])]

    def clear_messages(self) -> None:
        self._store.run("DELETE FROM mini_message")

    def _shown(self, row: Row) -> dict[str, object]:
        person, template = self.owner(row["platform"], row["subject"]), find_template(row["platform"], row["template"])
        return {
            **dict(row),
            "label": LABELS[row["platform"]],
            "name": template.name if template else "",
            "title": template.title if template else "",
            "data": row["data"].split("\n"),
            "person": person.name if person else "",
            "phone": person.phone if person else "",
        }
