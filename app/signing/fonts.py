"""Embedding the product's font in a PDF: a subset of the used glyphs, with widths and text for copying."""

from functools import lru_cache

import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, Object, Pdf

from app.core.font import UNITS_PER_EM, face, font, glyph_of

_FULL_WIDTH = UNITS_PER_EM


def show_text(text: str) -> bytes:
    """`text` as a PDF hex string for `Tj`: two bytes per glyph. A missing glyph becomes the empty box."""
    return b"<" + "".join(f"{glyph_of(character):04X}" for character in text).encode() + b">"


def text_width(text: str, size: float) -> float:
    """Advance of `text` in points at `size`."""
    units = sum(int(font().get_glyph_h_advance(glyph_of(character))) for character in text)
    return units * size / UNITS_PER_EM


def embed_font(pdf: Pdf, text: str) -> Object:
    """Add a composite font that holds the characters of `text`; text drawn with it can be copied and searched."""
    glyphs = {glyph_of(character): character for character in sorted(set(text))}
    program = pdf.make_stream(_subset(frozenset(glyphs)), Subtype=Name.CIDFontType0C)
    name = Name("/GYNOTO+NotoSansCJKsc-Regular")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4, ItalicAngle=0, Ascent=880, Descent=-120,
        CapHeight=733, StemV=70, FontBBox=Array([-1002, -1048, 2928, 1808]), FontFile3=program,
    )  # fmt: skip
    widths: list[object] = []
    for glyph in sorted(glyphs):
        advance = font().get_glyph_h_advance(glyph)
        if advance != _FULL_WIDTH:
            widths += [glyph, Array([advance])]
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=name, FontDescriptor=pdf.make_indirect(descriptor),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        DW=_FULL_WIDTH, W=Array(widths),
    )  # fmt: skip
    composite = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pdf.make_stream(_to_unicode(glyphs)),
    )  # fmt: skip
    return pdf.make_indirect(composite)


@lru_cache(maxsize=64)
def _subset(glyphs: frozenset[int]) -> bytes:
    """The CFF table alone, in about 10 ms. The CID-keyed font keeps its numbers: a glyph's code is its number."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update({0, *glyphs})
    wanted.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    table = hb.subset(face(), wanted).reference_table("CFF ")
    return bytes(table.data)


def _to_unicode(glyphs: dict[int, str]) -> bytes:
    """CMap from glyph number to text; characters beyond the BMP are surrogate pairs (𠮷)."""
    lines = [f"<{glyph:04X}> <{glyphs[glyph].encode('utf-16-be').hex().upper()}>" for glyph in sorted(glyphs)]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{maps}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
