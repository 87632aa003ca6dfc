"""The product's own font, Noto Sans CJK SC: one pinned file, so that every machine draws the same."""

import hashlib
from functools import lru_cache

import uharfbuzz as hb
from noto_cjk_sans_otc import FONT_PATH

SIMPLIFIED_CHINESE = 2  # index of "Noto Sans CJK SC" in the collection
SHA256 = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
UNITS_PER_EM = 1000


class FontDamaged(RuntimeError):
    """The installed font file is not the pinned one."""


@lru_cache(maxsize=1)
def face() -> hb.Face:
    """The face, mapped into memory. Raises FontDamaged when the file was changed (checked once)."""
    with open(FONT_PATH, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise FontDamaged(f"{FONT_PATH} has sha256 {found}, expected {SHA256}")
    return hb.Face(hb.Blob.from_file_path(str(FONT_PATH)), SIMPLIFIED_CHINESE)


@lru_cache(maxsize=1)
def font() -> hb.Font:
    """Metrics and outlines, 1000 units per em."""
    return hb.Font(face())


def glyph_of(character: str) -> int:
    """Glyph number of a character; 0 when the font cannot draw it."""
    return font().get_nominal_glyph(ord(character)) or 0
