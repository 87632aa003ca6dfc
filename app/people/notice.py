"""What a worker is told, and agrees to, before onboarding: one text for each employer (PIPL 14, 17, 23, 29, 30).

Files under `texts/`, named by version and never edited once published; the employer's name is filled in, and the hash
is that of the filled-in text.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.identity.texts import split_languages, title_of

_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Notice:
    """The current notice for one organisation, in both languages. `sha256`: of both, as shown."""

    version: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    sha256: str


def notice_for(organisation: str) -> Notice:
    """The current version, naming this organisation."""
    version, data = _newest()
    filled = data.replace("{organisation}", organisation)
    chinese, english = split_languages(filled)
    digest = hashlib.sha256(filled.encode()).hexdigest()
    return Notice(version, title_of(chinese), title_of(english), chinese, english, digest)


@lru_cache(maxsize=1)
def _newest() -> tuple[str, str]:
    path = max(_FOLDER.glob("onboarding_notice.*.md"))  # versions sort by date
    return path.name.split(".")[1], path.read_text(encoding="utf-8")
