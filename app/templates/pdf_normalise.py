"""Rewrites an uploaded PDF into the plain form that everything later builds on. Runs in the child only.

Out comes a new PDF 1.7 that holds pages and nothing else: classic cross-reference table, no object streams,
no annotations, fields, links, metadata or catalogue entries; A4, origin 0/0, no /Rotate, no /CropBox.
Equal input gives equal bytes.
"""

from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, Rectangle, Stream

from app.templates import wire
from app.templates.pdf_compare import check_faithful
from app.templates.pdf_inspect import dictionaries, open_checked, rotation, visible_box, visible_size

A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)  # points
TOLERANCE = 1 / 25.4 * 72  # 1 mm
_PAGE_KEYS = {"/Type", "/Contents", "/Resources", "/MediaBox", "/Group", "/Parent"}
_XOBJECT_EXTRAS = ("/OC", "/Metadata", "/PieceInfo", "/Alternates", "/AF", "/StructParent", "/StructParents")


def operate(_arguments: dict[str, Any], data: bytes) -> wire.Message:
    """`normalise`: blob in = upload; blob out = rewritten PDF, head = page sizes (points) and font names."""
    source = open_checked(data)
    source.flatten_annotations("screen")
    remove_extras(source)
    target = Pdf.new()
    for page in source.pages:
        add_page(target, page)
    result = save(target)
    check_faithful(data, result)
    sizes = [[float(page.mediabox[2]), float(page.mediabox[3])] for page in target.pages]
    return {"pages": sizes, "fonts_missing": fonts_not_embedded(target)}, [result]


def remove_extras(pdf: Pdf) -> None:
    """Drop what hangs on pictures and forms without being drawn, and the layers that are always on."""
    for item in dictionaries(pdf):
        if isinstance(item, Stream):
            for key in _XOBJECT_EXTRAS:
                if key in item:
                    del item[key]
        properties = item.get("/Properties")
        if isinstance(properties, Dictionary):
            for name in list(properties.keys()):
                properties[name] = Dictionary()


def add_page(target: Pdf, page: Page) -> None:
    """Append `page` to `target` as an A4 page with the same look."""
    left, bottom, right, top = visible_box(page)
    page.mediabox = Array([left, bottom, right, top])
    for key in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Annots"):
        if key in page.obj:
            del page.obj[key]
    width, height = visible_size(page)
    sheet = A4 if width <= height else (A4[1], A4[0])
    is_a4 = abs(width - sheet[0]) <= TOLERANCE and abs(height - sheet[1]) <= TOLERANCE
    is_plain = left == bottom == 0 and rotation(page) == 0 and float(page.obj.get("/UserUnit", 1)) == 1
    if is_a4 and is_plain:
        for key in set(page.obj.keys()) - _PAGE_KEYS:
            del page.obj[key]
        target.pages.append(page)
        return
    if is_a4:
        sheet = (width, height)
    target.add_blank_page(page_size=sheet)
    # Keeps the proportions and centres; the page becomes one form XObject, so text stays text.
    target.pages[-1].add_overlay(page, Rectangle(0, 0, *sheet))


def save(pdf: Pdf) -> bytes:
    """Serialise; the document id is derived from the content."""
    output = BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        output,
        force_version="1.7",
        object_stream_mode=ObjectStreamMode.disable,
        compress_streams=True,
        linearize=False,
        deterministic_id=True,
    )
    return output.getvalue()


def fonts_not_embedded(pdf: Pdf) -> list[str]:
    """Names of fonts that the reader's device would have to supply, sorted."""
    names = set()
    for item in dictionaries(pdf):
        if item.get("/Type") != Name.Font or item.get("/Subtype") in (Name.Type0, Name.Type3):
            continue
        descriptor = item.get("/FontDescriptor", Dictionary())
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            names.add(str(item.get("/BaseFont", "/?")).removeprefix("/")[:60])
    return sorted(names)[:20]
