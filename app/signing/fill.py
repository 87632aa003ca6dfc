"""Freezing a document before anybody signs: the hardened layout (G3, I1; threats T-13, T-38).

All signature fields of all parties are there before the first signature, so that a later one never adds
anything but its own value. Nothing else of a form, no annotation and no action survives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, String

from app.signing.fonts import embed_font, show_text, text_width

_PAGE_KEYS = {"/Type", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/Parent"}
_FLAGS_PRINT_LOCKED = 4 + 128
_SIGNATURES_EXIST, _APPEND_ONLY = 1, 2
_FOOTER_SIZE, _FOOTER_BASELINE, _FOOTER_GREY = 7.5, 14.0, 0.45  # points, points from the bottom, 0 = black
_FOOTER_FONT = "/GongyueFooter"


class BadLayout(ValueError):
    """The signature places make no sense for this document: a mistake of the caller."""


@dataclass(frozen=True, slots=True)
class FieldBox:
    """One signature field, in signing order. Page counts from 0; points from the lower left corner of what is seen."""

    name: str
    page: int
    x1: float
    y1: float
    x2: float
    y2: float


def prepare(pdf: bytes, fields: Sequence[FieldBox], footer: str | None) -> bytes:
    """Rewrite `pdf` with a footer on every page and one empty signature field per box, in signing order.

    The last field of the sequence carries the lock: it must be signed last. `footer` is followed by the
    page numbers ("… · 第 1 页，共 6 页"). Raises BadLayout; pikepdf.PdfError when `pdf` is not a PDF.
    """
    source = pikepdf.open(BytesIO(pdf))
    if source.is_encrypted:
        raise BadLayout("an encrypted document cannot be frozen")
    target = _pages_only(source)
    _check(fields, len(target.pages))
    if footer is not None:
        _draw_footers(target, footer)
    _add_fields(target, fields)
    return _save(target)


def _pages_only(source: Pdf) -> Pdf:
    """A new file with the pages and nothing that hangs on them; visible annotations become page content."""
    if any("/Annots" in page.obj for page in source.pages):
        source.flatten_annotations("print")
    target = Pdf.new()
    for page in source.pages:
        target.pages.append(page)
        copied = target.pages[-1].obj
        for key in set(copied.keys()) - _PAGE_KEYS:
            del copied[key]
    return target


def _check(fields: Sequence[FieldBox], pages: int) -> None:
    names = [field.name for field in fields]
    if not names or len(set(names)) != len(names) or any(not name or "." in name for name in names):
        raise BadLayout("every field needs a name of its own, without dots")
    for field in fields:
        if not 0 <= field.page < pages:
            raise BadLayout(f"field {field.name}: page {field.page} does not exist, the document has {pages}")
        if field.x2 - field.x1 < 1 or field.y2 - field.y1 < 1:
            raise BadLayout(f"field {field.name}: the box is empty")


def _draw_footers(pdf: Pdf, footer: str) -> None:
    count = len(pdf.pages)
    lines = [f"{footer} · 第 {number} 页，共 {count} 页" for number in range(1, count + 1)]
    font = embed_font(pdf, "".join(lines) + "0123456789")  # all digits: nearly every contract has the same subset
    for page, line in zip(pdf.pages, lines, strict=True):
        page.add_resource(font, Name.Font, Name(_FOOTER_FONT))
        a, b, c, d, left, bottom = _placement(page)
        width, _ = _visible_size(page)
        x = (width - text_width(line, _FOOTER_SIZE)) / 2
        text = (
            f"Q\nq {a} {b} {c} {d} {left:g} {bottom:g} cm BT {_FOOTER_GREY} g {_FOOTER_FONT} {_FOOTER_SIZE} Tf "
            f"{x:.2f} {_FOOTER_BASELINE} Td "
        ).encode() + show_text(line)
        page.contents_add(b"q", prepend=True)
        page.contents_add(text + b" Tj ET Q")


def _rotation(page: Page) -> int:
    return int(page.obj.get("/Rotate", 0)) % 360


def _visible_size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(value) for value in page.cropbox)
    width, height = right - left, top - bottom
    return (height, width) if _rotation(page) in (90, 270) else (width, height)


def _placement(page: Page) -> tuple[int, int, int, int, float, float]:
    """Matrix from points as seen (origin lower left, /Rotate applied) to the page's own coordinates."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    return {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }[_rotation(page)]


def _rectangle(page: Page, box: FieldBox) -> Array:
    a, b, c, d, e, f = _placement(page)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in ((box.x1, box.y1), (box.x2, box.y2))]
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return Array([round(xs[0], 3), round(ys[0], 3), round(xs[1], 3), round(ys[1], 3)])


def _add_fields(pdf: Pdf, fields: Sequence[FieldBox]) -> None:
    widgets = []
    for box in fields:
        page = pdf.pages[box.page]
        field_and_widget = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(box.name), F=_FLAGS_PRINT_LOCKED,
            Rect=_rectangle(page, box), P=page.obj,
        )  # fmt: skip
        widget = pdf.make_indirect(field_and_widget)
        page.obj.Annots = Array([*page.obj.get("/Annots", Array()), widget])
        widgets.append(widget)
    widgets[-1].Lock = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1))
    form = Dictionary(Fields=Array(widgets), SigFlags=_SIGNATURES_EXIST | _APPEND_ONLY)
    pdf.Root.AcroForm = pdf.make_indirect(form)


def _save(pdf: Pdf) -> bytes:
    """Classic cross-reference table, one revision; equal input gives equal bytes."""
    output = BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        output,
        force_version="1.7",
        object_stream_mode=ObjectStreamMode.disable,
        compress_streams=True,
        deterministic_id=True,
    )
    return output.getvalue()
