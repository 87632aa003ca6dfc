"""Short messages that vendors "sent": approved templates, rendering, and the list that people read."""

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.store import Store
from sandbox.world import DATA

_URL = re.compile(r"https?://[^\s，。；“”《》]+")


@dataclass(frozen=True, slots=True)
class Template:
    """A template approved at both vendors; `params` are its parameters in Tencent's order."""

    id: str
    tencent_id: str
    params: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Templates:
    sign_name: str
    all: tuple[Template, ...]

    def find(self, template_id: str) -> Template | None:
        """By Aliyun's code or Tencent's number."""
        return next((t for t in self.all if template_id in (t.id, t.tencent_id)), None)


def _load() -> Templates:
    with (DATA / "sms_templates.toml").open("rb") as stream:
        table = tomllib.load(stream)
    rows = table["template"]
    return Templates(
        table["sign_name"],
        tuple(Template(row["id"], row["tencent_id"], tuple(row["params"]), row["text"]) for row in rows),
    )


TEMPLATES = _load()


class Outbox:
    """Every message accepted by either vendor. `link_base` is the domain inside the approved texts."""

    def __init__(self, store: Store, clock: Clock, link_base: str) -> None:
        self._store, self._clock, self._link_base = store, clock, link_base.rstrip("/")

    def accept(
        self, *, vendor: str, phone: str, template: Template, params: dict[str, str], reference: str, message_id: str
    ) -> None:
        shown = {**params, "link": self._absolute(params["link"])} if "link" in params else params
        text = f"【{TEMPLATES.sign_name}】{template.text.format_map(shown)}"
        self._store.run(
            "INSERT INTO sms (vendor, phone, template, params, text, links, reference, message_id, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(vendor, phone, template.id, json.dumps(params, ensure_ascii=False), text),
            *(json.dumps(_URL.findall(text)), reference, message_id, self._clock.now().isoformat()),
        )

    def listed(self, phone: str | None = None, limit: int = 200) -> list[dict[str, Any]]:
        """Newest first."""
        sql = "SELECT * FROM sms WHERE ? IS NULL OR phone = ? ORDER BY id DESC LIMIT ?"
        rows = self._store.rows(sql, phone, phone, limit)
        return [{**dict(row), "params": json.loads(row["params"]), "links": json.loads(row["links"])} for row in rows]

    def clear(self) -> None:
        self._store.run("DELETE FROM sms")

    def _absolute(self, link: str) -> str:
        return link if "://" in link else f"{self._link_base}/{link.lstrip('/')}"
