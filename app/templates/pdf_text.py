"""Text of a PDF as paragraphs, for the large-print version. Runs in the child only.

A PDF knows characters and places, not paragraphs. A line continues the one above when that one runs to the
right edge and the new one starts at the left edge without indent or clause number; in a table, when it
stands alone under the last column. Lengths are points, y grows upwards.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from app.templates import wire
from app.templates.pdf_engine import open_document

_NUMBER = r"[一二三四五六七八九十百零〇\d]+"
_CLAUSE = re.compile(rf"(第{_NUMBER}[条章节款]|{_NUMBER}、|[（(]{_NUMBER}[)）]|\d+[.．]\s*\D|附件)")
_PAGE_NUMBER = re.compile(r"[-—–\s]*第?\s*\d+\s*页?([\s,，/]*共?\s*\d+\s*页?)?[-—–\s]*")
_SENTENCE_ENDS = tuple("。；：！？.;:!?")
_FOOTER_SHARE = 0.12  # of the page height
_COLUMN_GAP = 1.5  # in em, as the following ones
_WORD_GAP = 0.4
_FULL_LINE = 2.5
_INDENT = 1.0
_LINE_PITCH = 2.4
_INVISIBLE = 3  # text render mode of OCR layers and of text that hides


@dataclass(frozen=True)
class _Glyph:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    generated: bool


@dataclass
class _Line:
    """`column_left` is where the last column starts; equal to `left` outside tables."""

    text: str = ""
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    column_left: float = 0.0
    glyphs: list[_Glyph] = field(default_factory=list)

    @property
    def em(self) -> float:
        return max(self.top - self.bottom, 1.0)


def operate(_arguments: dict[str, Any], data: bytes) -> wire.Message:
    """`text`: blob in = PDF; head = `pages`, each a list of paragraphs."""
    document = open_document(data)
    return {"pages": [page_paragraphs(document[index]) for index in range(len(document))]}, []


def page_paragraphs(page: pdfium.PdfPage) -> list[str]:
    """Paragraphs in reading order, without the page number."""
    width, height = page.get_size()
    lines = [line for line in _lines(page.get_textpage(), width, height) if line.text]
    if lines and _PAGE_NUMBER.fullmatch(lines[-1].text) and lines[-1].top < height * _FOOTER_SHARE:
        lines.pop()
    if not lines:
        return []
    left_edge, right_edge = min(line.left for line in lines), max(line.right for line in lines)
    paragraphs = [lines[0].text]
    for above, line in pairwise(lines):
        if _continues(above, line, left_edge, right_edge):
            paragraphs[-1] = _joined(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
    return paragraphs


def _lines(textpage: pdfium.PdfTextPage, width: float, height: float) -> list[_Line]:
    lines = [_Line()]
    for glyph in _glyphs(textpage):
        if glyph.text in "\r\n":
            lines.append(_Line())
        elif 0 <= (glyph.left + glyph.right) / 2 <= width and 0 <= (glyph.top + glyph.bottom) / 2 <= height:
            lines[-1].glyphs.append(glyph)
    for line in lines:
        _complete(line)
    return lines


def _glyphs(textpage: pdfium.PdfTextPage) -> list[_Glyph]:
    box = pdfium_c.FS_RECTF()
    glyphs = []
    for index in range(textpage.count_chars()):
        text_object = pdfium_c.FPDFText_GetTextObject(textpage, index)
        if text_object and pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE:
            continue
        pdfium_c.FPDFText_GetLooseCharBox(textpage, index, box)
        text = chr(pdfium_c.FPDFText_GetUnicode(textpage, index))
        generated = pdfium_c.FPDFText_IsGenerated(textpage, index) == 1
        glyphs.append(_Glyph(text, box.left, box.right, box.bottom, box.top, generated))
    return glyphs


def _complete(line: _Line) -> None:
    """Work out text and place of a line from its glyphs."""
    inked = [glyph for glyph in line.glyphs if not glyph.text.isspace()]
    if not inked:
        return
    line.left, line.right = inked[0].left, max(glyph.right for glyph in inked)
    line.top, line.bottom = max(glyph.top for glyph in inked), min(glyph.bottom for glyph in inked)
    line.column_left = line.left
    for before, after in pairwise(inked):
        if after.left - before.right > _COLUMN_GAP * line.em:
            line.column_left = after.left
    line.text = _text(line)


def _text(line: _Line) -> str:
    """The characters; blanks that only stand for the gap between Chinese and Latin letters are left out."""
    kept = []
    for position, glyph in enumerate(line.glyphs):
        if not (glyph.generated and _is_thin_gap(line.glyphs[max(position - 1, 0) : position + 2], line.em)):
            kept.append(glyph.text)
    # Characters outside the basic plane (𠮷) arrive as two halves.
    text = "".join(kept).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cn")).strip(" ")


def _is_thin_gap(around: list[_Glyph], em: float) -> bool:
    """Whether a blank and its neighbours are a Chinese and a Latin character set slightly apart."""
    before, after = around[0], around[-1]
    return is_cjk(before.text) != is_cjk(after.text) and after.left - before.right < _WORD_GAP * em


def is_cjk(character: str) -> bool:
    """Whether a character, or half of one, is set without blanks around it."""
    return "\u2e80" <= character <= "\u9fff" or "\ud800" <= character <= "\udfff" or "\uf900" <= character <= "\uffee"


def _continues(above: _Line, line: _Line, left_edge: float, right_edge: float) -> bool:
    em = line.em
    starts_clause = _CLAUSE.match(line.text) and above.text.endswith(_SENTENCE_ENDS)
    if starts_clause or abs(above.em - em) > 0.2 * em or above.top - line.top > _LINE_PITCH * em:
        return False
    if above.column_left - above.left > em:  # the line above is a table row
        return abs(line.left - above.column_left) < _INDENT * em
    is_full = above.right > right_edge - _FULL_LINE * em
    return is_full and line.left - left_edge < _INDENT * em


def _joined(above: str, below: str) -> str:
    """Chinese is joined without, other words with a blank."""
    between = "" if is_cjk(above[-1]) or is_cjk(below[0]) or ord(above[-1]) > 0xFFFF else " "
    return above + between + below
