"""Documents on their way in: checked, made plain, drawn and read. The parent's side: opens nothing itself.

Every function here starts one restricted process (`isolation.py`) and blocks until it ends, at most 30 s
(Word: 60 s more). Never call them inside a transaction.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.templates.errors import (
    DocumentRefused,
    FileActiveContent,
    FileDamaged,
    FileEncrypted,
    FileTooLarge,
    FileTypeNotSupported,
)
from app.templates.isolation import call_child
from app.templates.word import WordSupport, convert_to_pdf, require_word, word_support

__all__ = [
    "DocumentRefused",
    "IntakeWarning",
    "NormalisedDocument",
    "PageSize",
    "WordSupport",
    "extract_text",
    "image_type",
    "normalise_upload",
    "render_page",
    "render_pages",
    "word_support",
]

Source = Literal["pdf", "docx", "doc"]

_MB = 1024 * 1024
_MAX_PDF_MB, _MAX_WORD_MB = 20, 10
_MAGIC: dict[Source, bytes] = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
_WIDTHS = range(100, 2401)


@dataclass(frozen=True)
class PageSize:
    """Width and height of a page in points (1/72 inch)."""

    width: float
    height: float


@dataclass(frozen=True)
class IntakeWarning:
    """Something the sender should look at before sending; the document is usable."""

    code: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class NormalisedDocument:
    """The plain PDF of an upload. `sha256` is that of `pdf`, `upload_sha256` that of what was uploaded (hex)."""

    pdf: bytes
    pages: tuple[PageSize, ...]
    sha256: str
    upload_sha256: str
    source: Source
    warnings: tuple[IntakeWarning, ...]


def normalise_upload(data: bytes, filename: str) -> NormalisedDocument:
    """Check an uploaded PDF or Word file and return it as a plain A4 PDF (feature G1; T-13, T-19, T-20, T-22).

    Limits: PDF 20 MB, Word 10 MB, 200 pages, pages of 50 to 2000 points. Raises a DocumentRefused (422) that
    says what is wrong and what to do, or IntakeBusy (503).
    """
    source = _recognise(data, filename)
    warnings: list[IntakeWarning] = []
    pdf = data if source == "pdf" else _word_to_pdf(data, source, warnings)
    head, blobs = call_child("normalise", pdf)
    if head["fonts_missing"]:
        warnings.append(_fonts_warning(head["fonts_missing"]))
    return NormalisedDocument(
        pdf=blobs[0],
        pages=tuple(PageSize(width, height) for width, height in head["pages"]),
        sha256=hashlib.sha256(blobs[0]).hexdigest(),
        upload_sha256=hashlib.sha256(data).hexdigest(),
        source=source,
        warnings=tuple(warnings),
    )


def render_pages(pdf: bytes, *, width: int = 1080) -> list[bytes]:
    """Return one picture per page, `width` pixels wide: PNG, or JPEG where that is smaller (`image_type`)."""
    return _render(pdf, None, width)


def render_page(pdf: bytes, page: int, *, width: int = 1080) -> bytes:
    """Return the picture of one page; `page` counts from 0."""
    return _render(pdf, [page], width)[0]


def image_type(picture: bytes) -> str:
    """Media type of a picture that `render_pages` returned."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def extract_text(pdf: bytes) -> list[list[str]]:
    """Return the paragraphs of each page, lines joined, for the large-print version and for searching.

    Only what lies on the page counts, but text may still be hidden under a picture: the page pictures are
    what is signed.
    """
    head, _ = call_child("text", pdf)
    pages: list[list[str]] = head["pages"]
    return pages


def _render(pdf: bytes, pages: Sequence[int] | None, width: int) -> list[bytes]:
    if width not in _WIDTHS:
        raise ValueError(f"width must be within {_WIDTHS.start} and {_WIDTHS.stop - 1} pixels")
    return call_child("render", pdf, pages=pages, width=width)[1]


def _recognise(data: bytes, filename: str) -> Source:
    """Name and first bytes must agree."""
    for source, magic in _MAGIC.items():
        if not filename.lower().endswith(f".{source}"):
            continue
        limit = _MAX_PDF_MB if source == "pdf" else _MAX_WORD_MB
        if len(data) > limit * _MB:
            raise FileTooLarge(limit_mb=limit)
        if source == "docx" and data.startswith(_MAGIC["doc"]) and _has_name(data, "EncryptedPackage"):
            raise FileEncrypted
        if data.startswith(magic):
            return source
    raise FileTypeNotSupported


def _word_to_pdf(data: bytes, source: Source, warnings: list[IntakeWarning]) -> bytes:
    require_word()
    if source == "doc":
        _check_doc(data)
        return convert_to_pdf(data, source)
    head, blobs = call_child("clean_docx", data)
    warnings.extend(_word_warnings(head))
    return convert_to_pdf(blobs[0], source)


def _check_doc(data: bytes) -> None:
    """The old format is not rebuilt; its directory names give macros and embedded objects away."""
    if _has_name(data, "_VBA_PROJECT"):
        raise FileActiveContent(what_zh="宏", what_en="a macro")
    if _has_name(data, "ObjectPool"):
        raise FileActiveContent(what_zh="嵌入的对象或其他文件", what_en="an embedded object or file")
    if not _has_name(data, "WordDocument"):
        raise FileDamaged


def _has_name(data: bytes, name: str) -> bool:
    """Whether a compound file has a directory entry of this name."""
    return name.encode("utf-16-le") in data


def _fonts_warning(fonts: Sequence[str]) -> IntakeWarning:
    names = "、".join(fonts)
    return IntakeWarning(
        "fonts_not_embedded",
        f"文件未嵌入字体（{names}），在不同设备上可能显示不同。建议导出 PDF 时选择“嵌入字体”。",
        f"Fonts are not embedded ({', '.join(fonts)}): devices may differ in showing them. Embed fonts when exporting.",
    )


def _word_warnings(head: dict[str, Any]) -> list[IntakeWarning]:
    warnings = []
    missing = head["characters_missing"]
    if missing:
        warnings.append(
            IntakeWarning(
                "characters_missing",
                f"以下字符没有可用的字形，可能显示为方框：{missing}。请核对页面图片。",
                f"No glyph for these characters, they may show as boxes: {missing}. Check the page pictures.",
            )
        )
    if head["tracked_changes"]:
        warnings.append(
            IntakeWarning(
                "tracked_changes",
                "Word 文件中有未接受的修订，会显示在合同里。请接受或拒绝全部修订后重新上传。",
                "The Word file has tracked changes, which will show. Accept or reject them and upload again.",
            )
        )
    return warnings
