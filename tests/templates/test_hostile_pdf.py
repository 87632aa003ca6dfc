"""Every hostile PDF gets its own clear verdict (T-13, T-19), and what is accepted comes out harmless."""

import random
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from app.templates.errors import DocumentRefused
from app.templates.intake import normalise_upload
from tests.templates import pdf_samples as make

# What no accepted file may still contain.
FORBIDDEN = (b"/JS", b"/JavaScript", b"/URI", b"/Annots", b"/AcroForm", b"/OCProperties", b"/OCG", b"/Names", b"/AA")
FORBIDDEN += (b"/OpenAction", b"/EmbeddedFile", b"/Metadata", b"/ObjStm", b"/XRef", b"/Encrypt", b"PK\x03\x04")

GOOD = make.make_pdf()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def action(kind: str, **entries: object) -> bytes:
    return make.with_action(Dictionary(S=Name(kind), **entries))


def annotation(kind: str) -> bytes:
    return make.with_annotation(Subtype=Name(kind), Contents=String("x"))


def named_scripts() -> bytes:
    tree = Dictionary(Names=Array([String("a"), make.javascript()]))
    return make.root_key("/Names", Dictionary(JavaScript=tree))


def hidden_script() -> bytes:
    return make.in_object_streams(lambda pdf: pdf.Root.__setitem__("/OpenAction", pdf.make_indirect(make.javascript())))


def loose_script() -> bytes:
    """Reachable from nowhere, so that a walk from the catalogue misses it."""
    return make.raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            b"<< /S /JavaScript /JS (app.alert(1)) >>",
        ]
    )


def field(appearance: bytes | None = None, **entries: object) -> bytes:
    return make.with_annotation(appearance, Subtype=Name.Widget, FT=Name.Tx, T=String("pay"), **entries)


def stale_field() -> bytes:
    """The picture says 100, the value 900, and viewers are told to draw the value."""
    pdf = pikepdf.open(BytesIO(field(b"0 g 0 0 50 20 re f", V=String("900"))))
    pdf.Root.AcroForm.NeedAppearances = True
    return make.save(pdf)


def signed() -> bytes:
    value = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String("x"))
    return make.with_annotation(b"", Subtype=Name.Widget, FT=Name.Sig, T=String("s"), V=value)


def form(**entries: object) -> bytes:
    return make.with_stream(b"", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), **entries)


def picture(width: int, height: int) -> bytes:
    entries = {"Width": width, "Height": height, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    return make.with_stream(b"\0", Subtype=Name.Image, **entries)


ACTIVE, DAMAGED, TYPE = "file_active_content", "file_damaged", "file_type_not_supported"
COMPLEX, LAYERS, SIZE = "file_too_complex", "file_hidden_layers", "page_size_not_supported"
OK = "accepted"
CORPUS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": (TYPE, lambda: b""),
    "picture renamed": (TYPE, lambda: PNG),
    "web page renamed": (TYPE, lambda: b"<html>%PDF-1.7</html>"),
    "program renamed": (TYPE, lambda: b"\x7fELF" + GOOD),
    "archive that ends as PDF": (TYPE, lambda: b"PK\x03\x04" + GOOD),
    "junk before the header": (TYPE, lambda: b"junk" + GOOD),
    "PDF that ends as archive": (OK, lambda: GOOD + b"PK\x03\x04" + bytes(100)),
    "21 MB": ("file_too_large", lambda: GOOD + bytes(21 * make.MB)),
    "only a header": (DAMAGED, lambda: b"%PDF-1.7\n"),
    "first half": (DAMAGED, lambda: GOOD[: len(GOOD) // 2]),
    "end cut off": (DAMAGED, lambda: GOOD[:-20]),
    "wrong offsets": (DAMAGED, make.broken_offsets),
    "revisions in a circle": (DAMAGED, make.looping_revisions),
    "page tree in a circle": (DAMAGED, lambda: make.page_tree(b"3 0 R 2 0 R", b"2")),
    "one page 300 000 times": (DAMAGED, lambda: make.page_tree(b"3 0 R " * 300_000, b"1")),
    "claims a million pages": (DAMAGED, lambda: make.page_tree(b"3 0 R", b"1000000")),
    "claims minus five pages": (OK, lambda: make.page_tree(b"3 0 R", b"-5")),
    "no page": (DAMAGED, lambda: make.page_tree(b"", b"0")),
    "arrays 20 000 deep": (
        DAMAGED,
        lambda: make.page_tree(b"3 0 R", b"1", b"/MediaBox [0 0 595 842] /X " + b"[" * 20_000 + b"]" * 20_000),
    ),
    "password": ("file_encrypted", lambda: make.encrypted("user", "owner")),
    "usage restrictions": ("file_encrypted", lambda: make.encrypted("", "owner")),
    "script on opening": (ACTIVE, lambda: make.root_key("/OpenAction", make.javascript())),
    "script by name": (ACTIVE, named_scripts),
    "script of a page": (ACTIVE, lambda: make.page_key("/AA", Dictionary(O=make.javascript()))),
    "script behind a link": (ACTIVE, lambda: action("/URI", URI=String("http://a"), Next=make.javascript())),
    "script in an object stream": (ACTIVE, hidden_script),
    "script that nothing refers to": (ACTIVE, loose_script),
    "starts a program": (ACTIVE, lambda: action("/Launch", F=String("cmd.exe"))),
    "sends a form": (ACTIVE, lambda: action("/SubmitForm", F=String("http://a"))),
    "imports data": (ACTIVE, lambda: action("/ImportData", F=String("x.fdf"))),
    "opens an embedded file": (ACTIVE, lambda: action("/GoToE")),
    "plays a video": (ACTIVE, lambda: action("/Rendition")),
    "attachment": (ACTIVE, lambda: make.make_pdf(lambda pdf: pdf.attachments.__setitem__("a.txt", b"x"))),
    "attachment as comment": (ACTIVE, lambda: annotation("/FileAttachment")),
    "rich media": (ACTIVE, lambda: annotation("/RichMedia")),
    "screen": (ACTIVE, lambda: annotation("/Screen")),
    "sound": (ACTIVE, lambda: annotation("/Sound")),
    "3D": (ACTIVE, lambda: annotation("/3D")),
    "data in another file": (ACTIVE, lambda: make.with_stream(b"", F=String("/etc/passwd"))),
    "page of another file": (ACTIVE, lambda: form(Ref=Dictionary(Page=0))),
    "OPI": (ACTIVE, lambda: form(OPI=Dictionary())),
    "PostScript": (ACTIVE, lambda: make.with_stream(b"%!PS", Subtype=Name.PS)),
    "XFA": ("file_dynamic_form", lambda: make.root_key("/AcroForm", Dictionary(XFA=String("x"), Fields=Array([])))),
    "signed already": ("file_signed", signed),
    "hidden layer": (LAYERS, lambda: make.with_layer(OFF="layer")),
    "all layers hidden": (LAYERS, lambda: make.with_layer(BaseState=Name.OFF)),
    "layer for print only": (LAYERS, lambda: make.with_layer(AS=Array([Dictionary(Event=Name.Print)]))),
    "shown while a layer is off": (LAYERS, lambda: make.with_layer(group={"P": Name.AllOff})),
    "visible layer": (OK, make.with_layer),
    "comment without picture": ("form_without_appearance", lambda: annotation("/FreeText")),
    "value without picture": ("form_without_appearance", lambda: field(V=String("900"))),
    "value unlike its picture": ("form_without_appearance", stale_field),
    "empty field": (OK, field),
    "link": (OK, lambda: action("/URI", URI=String("http://example.com"))),
    "201 pages": ("file_too_many_pages", lambda: make.make_pdf(pages=201)),
    "page of five metres": (SIZE, lambda: make.make_pdf(size=(14400, 14400))),
    "page of 4 mm": (SIZE, lambda: make.make_pdf(size=(10, 10))),
    "page enlarged by its unit": (SIZE, lambda: make.page_key("/UserUnit", 10)),
    "nothing of the page visible": (SIZE, lambda: make.page_key("/CropBox", Array([1000, 1000, 1200, 1200]))),
    "bomb of 300 MB": (COMPLEX, lambda: make.flate_bomb(300)),
    "bomb in a bomb": (COMPLEX, lambda: make.flate_bomb(300, layers=2)),
    "many small bombs": (COMPLEX, lambda: make.many_streams(30, 10)),
    "picture of 10 gigapixels": (COMPLEX, lambda: picture(100_000, 100_000)),
    "form that draws itself": (COMPLEX, make.recursive_form),
    "a million million drawings": (COMPLEX, lambda: make.form_tower(12, 10)),
}


@pytest.mark.parametrize("name", CORPUS)
def test_verdict(name: str) -> None:
    expected, build = CORPUS[name]
    if expected != OK:
        with pytest.raises(DocumentRefused) as refused:
            normalise_upload(build(), "contract.pdf")
        assert refused.value.code == expected
        return
    result = normalise_upload(build(), "contract.pdf")
    assert not [mark for mark in FORBIDDEN if mark in result.pdf]
    assert len(result.pages) == 1


def test_errors_name_the_page_and_the_way_out() -> None:
    third = make.make_pdf(lambda pdf: pdf.pages[2].obj.__setitem__("/MediaBox", Array([0, 0, 14400, 10])), pages=3)
    with pytest.raises(DocumentRefused) as refused:
        normalise_upload(third, "contract.pdf")
    assert refused.value.text_zh.startswith("第 3 页的尺寸为 5080×4 毫米")
    assert "A4" in refused.value.text_zh
    assert "Page 3" in refused.value.text_en
    with pytest.raises(DocumentRefused) as refused:
        normalise_upload(make.encrypted("a", "b"), "contract.pdf")
    assert "请先去除密码" in refused.value.text_zh
    assert refused.value.http_status == 422


def test_mutated_files_always_get_a_verdict(sample_pdf: bytes) -> None:
    """Flipped, cut, doubled and spliced bytes of a good file (P-08): a result or a refusal, nothing else."""
    generator = random.Random(20261120)
    for _ in range(8):
        data = bytearray(generator.choice((GOOD, sample_pdf)))
        for _ in range(generator.randint(1, 8)):
            start, length = generator.randrange(len(data)), generator.randint(1, 200)
            piece = bytes(generator.randbytes(length)) if generator.random() < 0.5 else data[start : start + length]
            target = generator.randrange(5, len(data))
            data[target : target + generator.choice((0, length))] = piece
        try:
            result = normalise_upload(bytes(data), "contract.pdf")
        except DocumentRefused:
            continue
        assert result.pdf.startswith(b"%PDF-1.7")
