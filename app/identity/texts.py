"""The texts that people agree to: files under `texts/`, named by kind and version, never edited once published (B1)."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.identity.errors import TextNotFound
from app.identity.models import ConsentKind

_FOLDER = Path(__file__).parent / "texts"
_ENGLISH = "<!-- English -->"

# Where each text is asked for: shown in lists, and checked at login and registration.
REQUIRED_FOR = {
    ConsentKind.USER_AGREEMENT: "login",
    ConsentKind.PRIVACY_POLICY: "login",
    ConsentKind.VERIFICATION_CONSENT: "verification",
    ConsentKind.FACE_CONSENT: "face",
    ConsentKind.ESIGN_CONSENT: "signing",
    ConsentKind.CERTIFICATE_AGREEMENT: "certificate",
}
LOGIN_AGREEMENTS = (ConsentKind.USER_AGREEMENT, ConsentKind.PRIVACY_POLICY)
REGISTRATION_AGREEMENTS = (*LOGIN_AGREEMENTS, ConsentKind.ESIGN_CONSENT)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of one text, in both languages. `sha256` covers the whole file: what was agreed to."""

    kind: ConsentKind
    version: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    sha256: str

    @property
    def required_for(self) -> str:
        return REQUIRED_FOR[self.kind]

    @property
    def names(self) -> dict[str, Any]:
        """What an error needs to name this text."""
        return {"kind": self.kind, "version": self.version, "title_zh": self.title_zh, "title_en": self.title_en}


def current_texts() -> list[ConsentText]:
    """The current version of every text, in the order in which people meet them."""
    return [get_text(kind) for kind in ConsentKind]


def get_text(kind: str) -> ConsentText:
    """The current version of one text. Raises TextNotFound."""
    texts = _load()
    if kind not in texts:
        raise TextNotFound
    return texts[ConsentKind(kind)]


@lru_cache(maxsize=1)
def _load() -> dict[ConsentKind, ConsentText]:
    found: dict[ConsentKind, ConsentText] = {}
    for path in sorted(_FOLDER.glob("*.md")):  # versions sort by date, so the newest of a kind comes last
        text = _read(path)
        found[text.kind] = text
    return found


def _read(path: Path) -> ConsentText:
    kind, version = re.fullmatch(r"([a-z_]+)\.([0-9-]+)\.md", path.name).groups()  # type: ignore[union-attr]
    data = path.read_bytes()
    chinese, english = split_languages(data.decode())
    return ConsentText(
        kind=ConsentKind(kind), version=version, title_zh=title_of(chinese), title_en=title_of(english),
        text_zh=chinese, text_en=english, sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def split_languages(text: str) -> tuple[str, str]:
    """The Chinese and the English part of a file."""
    chinese, english = (part.strip() for part in text.split(_ENGLISH))
    return chinese, english


def title_of(text: str) -> str:
    return text.splitlines()[0].removeprefix("# ")
