"""Short documents of the platform's own, set on one A4 page in the product's font."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from pikepdf import Dictionary, Name, Pdf

from app.core.font import glyph_of
from app.signing.fonts import embed_font, show_text, text_width

PAGE = (595.276, 841.89)  # A4 in points
_MARGIN_X, _TOP, _BOTTOM = 71.0, 770.0, 60.0
_LEADING = 1.75
_NOT_FIRST = "，。；：、！？）》」』”’,.;:!?)"  # no line begins with these (避头尾)
_FONT = "/Gongyue"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`indent`: ems before the first line. `gap`: points after it."""

    text: str
    size: float = 12.0
    align: Literal["left", "center"] = "left"
    indent: float = 0.0
    gap: float = 4.0


def undrawable(text: str) -> str:
    """The characters that the font has no glyph for, sorted."""
    return "".join(sorted({character for character in text if not character.isspace() and not glyph_of(character)}))


def typeset(paragraphs: Sequence[Paragraph]) -> tuple[bytes, float]:
    """The PDF, and how far up from the bottom the text ends (points). Raises ValueError for more than a page."""
    pdf, operators, y = Pdf.new(), [], _TOP
    for paragraph in paragraphs:
        for left, line in _lines(paragraph):
            y -= paragraph.size * _LEADING
            operators.append(f"{_FONT} {paragraph.size} Tf 1 0 0 1 {left:.2f} {y:.2f} Tm ".encode() + show_text(line))
        y -= paragraph.gap
    if y < _BOTTOM:
        raise ValueError("the text does not fit on one page")
    pdf.add_blank_page(page_size=PAGE)
    font = embed_font(pdf, "".join(paragraph.text for paragraph in paragraphs))
    pdf.pages[0].Resources = Dictionary(Font=Dictionary({_FONT: font}))
    pdf.pages[0].Contents = pdf.make_stream(b"BT 0 g\n" + b" Tj\n".join(operators) + b" Tj\nET")
    pdf.Root.Lang = "zh-CN"
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=False, Direction=Name.L2R)
    output = BytesIO()
    pdf.save(output, deterministic_id=True)
    return output.getvalue(), y


def _lines(paragraph: Paragraph) -> Iterator[tuple[float, str]]:
    """Left edge and text of each line."""
    room, line, first = PAGE[0] - 2 * _MARGIN_X, "", True
    for character in paragraph.text:
        indent = paragraph.indent * paragraph.size if first else 0.0
        if line and character not in _NOT_FIRST and text_width(line + character, paragraph.size) > room - indent:
            yield _MARGIN_X + indent, line
            line, first = "", False
        line += character
    indent = paragraph.indent * paragraph.size if first else 0.0
    centred = (room - text_width(line, paragraph.size)) / 2
    yield _MARGIN_X + (centred if paragraph.align == "center" else indent), line
