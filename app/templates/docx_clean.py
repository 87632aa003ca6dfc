"""Takes a .docx apart and puts only known parts together again (T-20, T-22). Runs in the child only.

What would act, or would show something from elsewhere, is refused; what is merely unknown is left out.
LibreOffice never sees the uploaded archive, only the one built here.
"""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from app.templates import wire
from app.templates.docx_scan import Element, Findings, refuse, scan_elements, scan_story
from app.templates.errors import FileDamaged, FileEncrypted, FileTooComplex, FileTypeNotSupported
from app.templates.glyphs import characters_without_glyph

MAX_PARTS = 1000
MAX_INFLATED = 100 * 1024 * 1024
MAX_RATIO = 100
_RATIO_APPLIES_FROM = 1024 * 1024  # a short part of blanks compresses well without being a bomb
_PART_NAME = re.compile(r"[A-Za-z0-9_\-\[\]() %.]+(/[A-Za-z0-9_\-\[\]() %.]+)*")
_TYPES_PART = "[Content_Types].xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = _WORD + "document.main+xml"
_STORIES = {_WORD + kind + "+xml" for kind in ("header", "footer", "footnotes", "endnotes")} | {_MAIN}
_KEPT = (
    _STORIES
    | {_WORD + kind + "+xml" for kind in ("styles", "settings", "webSettings", "fontTable", "numbering")}
    | {
        "application/vnd.openxmlformats-officedocument.theme+xml",
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        *(f"image/{kind}" for kind in ("png", "jpeg", "jpg", "gif", "bmp", "tiff", "x-emf", "x-wmf")),
    }
)
_MACRO = ("宏", "a macro")
_OBJECT = ("嵌入的对象或其他文件", "an embedded object or file")
_EXTERNAL = ("指向外部文件的内容", "content that lies in another file")
_REFUSED = {
    "macroenabled": _MACRO,
    "vbaproject": _MACRO,
    "vbadata": _MACRO,
    "activex": _OBJECT,
    "oleobject": _OBJECT,
    "opendocument": _OBJECT,
    "spreadsheetml": _OBJECT,
    "presentationml": _OBJECT,
    "text/html": _OBJECT,
    "application/xhtml": _OBJECT,
    "message/rfc822": _OBJECT,
    "rtf": _OBJECT,
    "package.postscript": _OBJECT,
}
_DROPPED_LINKS = ("/hyperlink", "/attachedTemplate")


def operate(_arguments: dict[str, Any], data: bytes) -> wire.Message:
    """`clean_docx`: blob in = upload; blob out = rebuilt .docx, head = what the sender should know."""
    parts = read_parts(data)
    types = content_types(parts)
    kept = {name: types[name] for name in parts if types.get(name) in _KEPT}
    if list(kept.values()).count(_MAIN) != 1:
        raise FileTypeNotSupported
    findings = Findings()
    for name, kind in kept.items():
        if kind in _STORIES:
            scan_story(parts[name], findings)
        elif not kind.startswith("image/"):
            scan_elements(parts[name])
    head = {
        "characters_missing": characters_without_glyph(findings.characters),
        "tracked_changes": findings.tracked_changes,
    }
    return head, [build(parts, kept)]


def read_parts(data: bytes) -> dict[str, bytes]:
    """Inflate all parts into memory, counting real bytes, never trusting what the directory claims."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile as error:
        raise FileDamaged from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_PARTS:
        raise FileTooComplex
    parts: dict[str, bytes] = {}
    left = MAX_INFLATED
    for entry in entries:
        content = _inflate(archive, entry, left)
        left -= len(content)
        if entry.filename.lower() in (name.lower() for name in parts):
            raise FileDamaged  # two programs would read two different documents
        parts[entry.filename] = content
    return parts


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    if entry.flag_bits & 1:
        raise FileEncrypted
    dots = set(entry.filename.split("/")) & {".", ".."}
    if not _PART_NAME.fullmatch(entry.filename) or dots or entry.compress_type not in (0, 8):
        raise FileDamaged
    with archive.open(entry) as stream:
        content = stream.read(left + 1)
    is_bomb = len(content) > _RATIO_APPLIES_FROM and len(content) > MAX_RATIO * entry.compress_size
    if is_bomb or len(content) > left:
        raise FileTooComplex
    return content


def content_types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Part name to media type. Raises for types that act or embed other files."""
    if _TYPES_PART not in parts:
        raise FileTypeNotSupported
    by_extension: dict[str, str] = {}
    by_part: dict[str, str] = {}
    for tag, attributes in scan_elements(parts[_TYPES_PART]):
        if tag == "Default":
            by_extension[attributes["Extension"].lower()] = attributes["ContentType"]
        elif tag == "Override":
            by_part[attributes["PartName"].lstrip("/").lower()] = attributes["ContentType"]
    types = {}
    for name in parts:
        kind = by_part.get(name.lower()) or by_extension.get(name.rpartition(".")[2].lower(), "")
        for mark, what in _REFUSED.items():
            if mark in kind.lower():
                refuse(what)
        types[name] = kind
    return types


def build(parts: Mapping[str, bytes], kept: Mapping[str, str]) -> bytes:
    """Write a new archive of the kept parts and of the relations among them."""
    output = BytesIO()
    overrides = "".join(
        f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(kind)}/>" for name, kind in kept.items()
    )
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            _TYPES_PART,
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{overrides}</Types>",
        )
        for name in kept:
            archive.writestr(name, parts[name])
        for owner in ("", *kept):
            folder, base = posixpath.split(owner)
            relations = posixpath.join(folder, "_rels", f"{base}.rels")
            if relations in parts:
                archive.writestr(relations, clean_relations(parts[relations], folder, kept))
    return output.getvalue()


def clean_relations(data: bytes, folder: str, kept: Mapping[str, str]) -> str:
    """The relations that point to kept parts. Links are dropped, other outside content is refused."""
    lines = []
    for tag, attributes in scan_elements(data):
        if tag == "Relationship" and _stays(attributes, folder, kept):
            values = " ".join(f"{key}={quoteattr(attributes[key])}" for key in ("Id", "Type", "Target"))
            lines.append(f"<Relationship {values}/>")
    body = "".join(lines)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{body}</Relationships>'


def _stays(relation: Element, folder: str, kept: Mapping[str, str]) -> bool:
    if relation.get("TargetMode", "Internal") != "Internal":
        if not relation["Type"].endswith(_DROPPED_LINKS):
            refuse(_EXTERNAL)
        return False
    if relation["Type"].endswith("/aFChunk"):
        refuse(_OBJECT)
    target = relation["Target"]
    path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return path in kept
