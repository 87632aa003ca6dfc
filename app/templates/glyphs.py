"""Which characters the product's font can draw. Runs in the child only."""

import unicodedata
from collections.abc import Iterable

from app.core.font import glyph_of


def characters_without_glyph(characters: Iterable[str]) -> str:
    """The characters that would show as an empty box, sorted; private-use ones belong to them."""
    return "".join(sorted(each for each in characters if not _draws_nothing(each) and not glyph_of(each)))


def _draws_nothing(character: str) -> bool:
    """Blanks, joiners, variation selectors."""
    return unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Mn")
