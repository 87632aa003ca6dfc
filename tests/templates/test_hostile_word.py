"""Every hostile Word file gets its own clear verdict before LibreOffice sees anything of it (T-18, T-20, T-22)."""

import random
from collections.abc import Callable

import pytest

from app.templates.errors import DocumentRefused
from app.templates.intake import normalise_upload
from tests.templates import word_samples as make

ACTIVE, DAMAGED, TYPE, COMPLEX = "file_active_content", "file_damaged", "file_type_not_supported", "file_too_complex"
DOCTYPE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = "http://127.0.0.1:9/x"


def with_part(name: str, content: str | bytes = b"x", content_type: str = "") -> bytes:
    types = make.override(name, content_type) if content_type else ""
    return make.make_docx(extra={name: content}, types=types)


def with_document(content: str | bytes) -> bytes:
    return make.zip_of(make.docx_parts() | {"word/document.xml": content})


def with_doctype(doctype: str) -> str:
    text = make.document("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
    return text.replace("?><", f"?>{doctype}<", 1)


def with_relation(kind: str, target: str = OUTSIDE, *, external: bool = True) -> bytes:
    return make.make_docx(relations=make.relation("rId9", kind, target, external=external))


def with_body(body: str) -> bytes:
    return make.make_docx(f"<w:p><w:r>{body}</w:r></w:p>")


def in_utf_16(text: str) -> bytes:
    return text.replace("UTF-8", "UTF-16").encode("utf-16")


CORPUS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": (TYPE, lambda: b""),
    "PDF renamed": (TYPE, lambda: b"%PDF-1.7\n"),
    "any archive": (TYPE, lambda: make.zip_of({"a.txt": "x"})),
    "workbook renamed": (ACTIVE, lambda: with_part("xl/a.xml", "<a/>", "application/vnd.x.spreadsheetml.sheet+xml")),
    "document without document": (TYPE, lambda: make.zip_of(make.docx_parts(main="application/xml"))),
    "cut off": (DAMAGED, lambda: make.make_docx()[:300]),
    "11 MB": ("file_too_large", lambda: make.make_docx() + bytes(11 * 1024 * 1024)),
    "broken XML": (DAMAGED, lambda: with_document("<w:document")),
    "password": ("file_encrypted", lambda: make.ole_file("EncryptedPackage")),
    "encrypted entries": ("file_encrypted", make.encrypted_flag),
    "macro document": (ACTIVE, lambda: make.zip_of(make.docx_parts(main=make.MACRO_MAIN))),
    "macro part": (ACTIVE, lambda: with_part("word/vba.bin", b"x", "application/vnd.ms-office.vbaProject")),
    "ActiveX": (ACTIVE, lambda: with_part("word/a.xml", "<a/>", "application/vnd.ms-office.activeX+xml")),
    "OLE part": (ACTIVE, lambda: with_part("word/o.bin", b"x", "application/vnd.x.oleObject")),
    "OLE object": (ACTIVE, lambda: with_body("<w:object/>")),
    "OLE drawing": (ACTIVE, lambda: with_body("<w:pict><o:OLEObject/></w:pict>")),
    "control": (ACTIVE, lambda: with_body("<w:control/>")),
    "alternative chunk": (ACTIVE, lambda: make.make_docx('<w:altChunk r:id="rId9"/>')),
    "alternative chunk relation": (ACTIVE, lambda: with_relation("aFChunk", "a.html", external=False)),
    "web page part": (ACTIVE, lambda: with_part("word/a.html", "<b>", "text/html")),
    "sub-document": (ACTIVE, lambda: make.make_docx('<w:subDoc r:id="rId9"/>')),
    "picture from elsewhere": (ACTIVE, lambda: with_relation("image")),
    "frame from elsewhere": (ACTIVE, lambda: with_relation("frame")),
    "drawing from elsewhere": (ACTIVE, lambda: with_body(f'<w:pict><v:imagedata src="{OUTSIDE}"/></w:pict>')),
    "drawing from a share": (ACTIVE, lambda: with_body('<w:pict><v:imagedata src="\\\\host\\a"/></w:pict>')),
    "DDE": (ACTIVE, lambda: make.make_docx(make.field(" DDE c cmd"))),
    "DDE in pieces": (ACTIVE, lambda: make.make_docx(make.field(" D", "DEAU", "TO c cmd"))),
    "includes a file": (ACTIVE, lambda: make.make_docx('<w:p><w:fldSimple w:instr=" INCLUDETEXT /etc/passwd"/></w:p>')),
    "external entity": (ACTIVE, lambda: with_document(with_doctype(DOCTYPE))),
    "external entity in UTF-16": (ACTIVE, lambda: with_document(in_utf_16(with_doctype(DOCTYPE)))),
    "billion laughs": (ACTIVE, lambda: with_document(with_doctype(LAUGHS))),
    "entity in a relation part": (ACTIVE, lambda: with_part("_rels/.rels", DOCTYPE + make.relationships(""))),
    "elements 1000 deep": (COMPLEX, lambda: make.make_docx("<w:p>" * 1000 + "</w:p>" * 1000)),
    "bomb in one part": (COMPLEX, lambda: make.make_docx(make.TEXT + " " * 60_000_000)),
    "bomb in many parts": (
        COMPLEX,
        lambda: make.make_docx(extra={f"word/{i}.bin": random.Random(i).randbytes(20_000) * 50 for i in range(110)}),
    ),
    "1001 parts": (COMPLEX, lambda: make.make_docx(extra={f"word/{i}.bin": b"x" for i in range(1001)})),
    "lying sizes": (DAMAGED, make.lying_size),
    "two documents": (DAMAGED, make.duplicate_part),
    "path upwards": (DAMAGED, lambda: with_part("../../etc/cron.d/x")),
    "path from the root": (DAMAGED, lambda: with_part("/etc/cron.d/x")),
    "path with backslashes": (DAMAGED, lambda: with_part("..\\..\\x")),
}
OLD_CORPUS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "RTF renamed": (TYPE, lambda: b"{\\rtf1 x}"),
    "macros": (ACTIVE, lambda: make.ole_file("WordDocument", "Macros", "_VBA_PROJECT")),
    "embedded object": (ACTIVE, lambda: make.ole_file("WordDocument", "ObjectPool")),
    "workbook": (DAMAGED, lambda: make.ole_file("Workbook")),
    "no document inside": ("conversion_failed", lambda: make.ole_file("WordDocument") + bytes(2000)),
}


def verdict(data: bytes, filename: str) -> str:
    with pytest.raises(DocumentRefused) as refused:
        normalise_upload(data, filename)
    assert refused.value.http_status == 422
    return refused.value.code


@pytest.mark.parametrize("name", CORPUS)
def test_verdict(name: str) -> None:
    expected, build = CORPUS[name]
    assert verdict(build(), "contract.docx") == expected


@pytest.mark.parametrize("name", OLD_CORPUS)
def test_verdict_on_the_old_format(name: str) -> None:
    expected, build = OLD_CORPUS[name]
    assert verdict(build(), "contract.doc") == expected


@pytest.mark.parametrize("filename", ["contract", "contract.txt", "contract.pdf.exe", "contract.docm", "docx", ""])
def test_other_names_are_refused(filename: str) -> None:
    assert verdict(make.make_docx(), filename) == TYPE
