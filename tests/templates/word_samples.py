"""Small Word files for tests, good and hostile: a minimal .docx is six short texts in a zip."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = "<w:p><w:r><w:t>月工资12800元</w:t></w:r></w:p>"
Parts = Mapping[str, str | bytes]


def make_docx(body: str = TEXT, *, extra: Parts | None = None, types: str = "", relations: str = "") -> bytes:
    """A .docx around `body`; `extra` parts, content-type entries and document relations are added as given."""
    return zip_of(docx_parts(body, types, relations) | dict(extra or {}))


def docx_parts(body: str = TEXT, types: str = "", relations: str = "", main: str = MAIN) -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>',
        "_rels/.rels": relationships(relation("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": document(body),
        "word/_rels/document.xml.rels": relationships(relations),
    }


def document(body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" xmlns:r="{R}" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        f"<w:body>{body}</w:body></w:document>"
    )


def relationships(entries: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
    )


def relation(identity: str, kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{identity}" Type="{R}/{kind}" Target="{target}"{mode}/>'


def override(part: str, content_type: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{content_type}"/>'


def zip_of(parts: Parts) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def field(*instruction: str) -> str:
    """A complex field whose instruction is split over runs."""
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>' for part in instruction)
    marks = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    return f"<w:p>{marks[0]}{runs}{marks[1]}</w:p>"


def duplicate_part() -> bytes:
    """Two documents under one name."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in docx_parts().items():
            archive.writestr(name, content)
        archive.writestr("WORD/document.xml", document("<w:p/>"))
    return output.getvalue()


def lying_size() -> bytes:
    """The directory claims that a large part is small."""
    data = bytearray(make_docx(TEXT + " " * 3_000_000))
    position = 0
    while (position := data.find(b"PK\x01\x02", position)) >= 0:
        data[position + 24 : position + 28] = (10).to_bytes(4, "little")
        position += 4
    return bytes(data)


def encrypted_flag() -> bytes:
    """Every entry says that it is encrypted."""
    data = bytearray(make_docx())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = 0
        while (position := data.find(mark, position)) >= 0:
            data[position + offset] |= 1
            position += 4
    return bytes(data)


def ole_file(*names: str) -> bytes:
    """What a compound file with these directory entries starts like; enough for the checks before LibreOffice."""
    return OLE_MAGIC + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
