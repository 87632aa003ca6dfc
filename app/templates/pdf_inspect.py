"""Refuses what a contract must not contain (T-13, T-19). Runs in the child only.

Every object of the file is looked at, reachable or not, wherever it hangs: an allow-list of places where
scripts may hide would have to be complete, a sweep is complete by itself.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream
from pikepdf.settings import set_qpdf_limits

from app.templates.errors import (
    FileActiveContent,
    FileDamaged,
    FileDynamicForm,
    FileEncrypted,
    FileHiddenLayers,
    FileSigned,
    FileTooComplex,
    FileTooManyPages,
    FormWithoutAppearance,
    PageSizeNotSupported,
)

MAX_PAGES = 200
MIN_PAGE_POINTS, MAX_PAGE_POINTS = 50.0, 2000.0
MAX_DECODED_BYTES = 200 * 1024 * 1024
MAX_IMAGE_PIXELS = 50_000_000  # A4 in colour at 600 dpi has 35 million
_MM_PER_POINT = 25.4 / 72

_SCRIPT = ("脚本（JavaScript）", "a script (JavaScript)")
_LAUNCH = ("启动程序或提交数据的动作", "an action that starts a program or sends data")
_ATTACHMENT = ("附件", "an attached file")
_MEDIA = ("音频、视频或三维内容", "sound, video or 3D content")
_EXTERNAL = ("指向外部文件的内容", "content that lies in another file")
_POSTSCRIPT = ("PostScript 程序", "a PostScript program")

_ACTIONS = {
    "/JavaScript": _SCRIPT,
    "/Launch": _LAUNCH,
    "/SubmitForm": _LAUNCH,
    "/ImportData": _LAUNCH,
    "/GoToE": _ATTACHMENT,
    "/Rendition": _MEDIA,
    "/Movie": _MEDIA,
    "/Sound": _MEDIA,
    "/RichMediaExecute": _MEDIA,
}
_SUBTYPES = {
    "/FileAttachment": _ATTACHMENT,
    "/Movie": _MEDIA,
    "/Sound": _MEDIA,
    "/Screen": _MEDIA,
    "/RichMedia": _MEDIA,
    "/3D": _MEDIA,
    "/PS": _POSTSCRIPT,
}
_KEYS = {"/JS": _SCRIPT, "/EF": _ATTACHMENT, "/EmbeddedFiles": _ATTACHMENT, "/OPI": _EXTERNAL}


def open_checked(data: bytes) -> Pdf:
    """Open an uploaded PDF and return it if nothing speaks against it; raises a DocumentRefused otherwise."""
    set_qpdf_limits(
        flate_max_memory=MAX_DECODED_BYTES,
        run_length_max_memory=MAX_DECODED_BYTES,
        dct_max_memory=MAX_DECODED_BYTES,
        png_max_memory=MAX_DECODED_BYTES,
        tiff_max_memory=MAX_DECODED_BYTES,
        max_stream_filters=5,
        parser_max_nesting=100,
        doc_max_warnings=100,
    )
    try:
        # No recovery: where the cross-reference is broken, two programs may read two different texts.
        pdf = pikepdf.open(BytesIO(data), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise FileEncrypted from error
    if pdf.is_encrypted:
        raise FileEncrypted
    check_pages(pdf)
    check_objects(pdf)
    check_layers(pdf)
    check_annotations(pdf)
    return pdf


def check_pages(pdf: Pdf) -> None:
    """Raise for too many pages or a page out of range. (qpdf refuses a file without pages by itself.)"""
    count = len(pdf.pages)
    if count > MAX_PAGES:
        raise FileTooManyPages(pages=count, limit=MAX_PAGES)
    for number, page in enumerate(pdf.pages, start=1):
        width, height = visible_size(page)
        if not all(MIN_PAGE_POINTS <= side <= MAX_PAGE_POINTS for side in (width, height)):
            raise PageSizeNotSupported(
                page=number,
                width_mm=round(width * _MM_PER_POINT),
                height_mm=round(height * _MM_PER_POINT),
            )


def visible_box(page: Page) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what viewers show: the CropBox inside the MediaBox, in user units."""
    left, bottom, right, top = _box(page.mediabox)
    crop_left, crop_bottom, crop_right, crop_top = _box(page.cropbox)
    return max(left, crop_left), max(bottom, crop_bottom), min(right, crop_right), min(top, crop_top)


def visible_size(page: Page) -> tuple[float, float]:
    """Width and height in points as shown, that is with /UserUnit and /Rotate applied."""
    left, bottom, right, top = visible_box(page)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = (right - left) * unit, (top - bottom) * unit
    return (height, width) if rotation(page) % 180 else (width, height)


def rotation(page: Page) -> int:
    """0, 90, 180 or 270 degrees, clockwise."""
    return int(page.obj.get("/Rotate", 0)) % 360


def _box(array: Array | Object) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in array.as_list())
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def check_objects(pdf: Pdf) -> None:
    """Sweep all objects: active content, earlier signatures, XFA, bombs."""
    decoded = 0
    for item in dictionaries(pdf):
        _check_dictionary(item)
        if isinstance(item, Stream):
            decoded += _decoded_size(item)
            if decoded > MAX_DECODED_BYTES:
                raise FileTooComplex


def dictionaries(pdf: Pdf) -> Iterator[Object]:
    """All dictionaries and streams of the file, direct ones inside others too."""
    for top in pdf.objects:
        pending: list[object] = [top]
        while pending:
            item = pending.pop()
            if isinstance(item, (Dictionary, Stream)):
                yield item
                pending.extend(value for _, value in item.items() if _is_direct(value))
            elif isinstance(item, Array):
                pending.extend(value for value in item if _is_direct(value))


def _is_direct(value: object) -> bool:
    return isinstance(value, (Dictionary, Array)) and not value.is_indirect


def _check_dictionary(item: Object) -> None:
    if "/XFA" in item:
        raise FileDynamicForm
    if "/ByteRange" in item and "/Contents" in item:
        raise FileSigned
    found = (
        _ACTIONS.get(_name(item, "/S"))
        or _SUBTYPES.get(_name(item, "/Subtype"))
        or next((what for key, what in _KEYS.items() if key in item), None)
        or _external_data(item)
    )
    if found:
        raise FileActiveContent(what_zh=found[0], what_en=found[1])


def _external_data(item: Object) -> tuple[str, str] | None:
    """A stream whose data lie in a file (/F), or a form that shows a page of another PDF (/Ref)."""
    if not isinstance(item, Stream):
        return None
    is_reference = _name(item, "/Subtype") == "/Form" and "/Ref" in item
    return _EXTERNAL if "/F" in item or is_reference else None


def _name(item: Object, key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, Name) else ""


def _decoded_size(stream: Stream) -> int:
    """Bytes after decompression. Pictures count by their pixels, since a scan is rightly large."""
    if _name(stream, "/Subtype") == "/Image":
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MAX_IMAGE_PIXELS:
            raise FileTooComplex
        return 0
    try:
        return len(stream.read_bytes())
    except pikepdf.PdfError as error:
        if "limit" in str(error) or "memory" in str(error):
            raise FileTooComplex from error
        raise FileDamaged from error


def check_layers(pdf: Pdf) -> None:
    """Optional content may stay only if it is always visible: whoever signs sees what everybody sees."""
    properties = pdf.Root.get("/OCProperties")
    if properties is None:
        return
    settings = [properties.get("/D", Dictionary()), *properties.get("/Configs", [])]
    for setting in settings:
        if setting.get("/BaseState", Name.ON) != Name.ON or len(setting.get("/OFF", [])) > 0:
            raise FileHiddenLayers
        if len(setting.get("/AS", [])) > 0:  # visible on screen, hidden in print, or the reverse
            raise FileHiddenLayers
    for item in dictionaries(pdf):
        is_membership = _name(item, "/Type") == "/OCMD"
        if is_membership and ("/VE" in item or _name(item, "/P") in ("/AllOff", "/AnyOff")):
            raise FileHiddenLayers


def check_annotations(pdf: Pdf) -> None:
    """Values and comments must bring their own picture: without one each program draws its own."""
    regenerate = bool(pdf.Root.get("/AcroForm", Dictionary()).get("/NeedAppearances", False))
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.obj.get("/Annots", []):
            kind = _name(annotation, "/Subtype")
            if kind in ("/Link", "/Popup") or int(annotation.get("/F", 0)) & 2:  # 2: hidden everywhere
                continue
            drawn = "/N" in annotation.get("/AP", Dictionary())
            if kind == "/Widget" and not _has_value(annotation):
                continue
            if not drawn or (kind == "/Widget" and regenerate):
                raise FormWithoutAppearance(page=number)


def _has_value(field: Object) -> bool:
    """Whether a form field, or one it inherits from, holds a value that viewers would draw."""
    for _ in range(20):
        value = field.get("/V")
        if value is not None:
            return str(value) not in ("", "/Off")
        parent = field.get("/Parent")
        if not isinstance(parent, Dictionary):
            return False
        field = parent
    raise FileDamaged
