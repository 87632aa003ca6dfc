"""What comes out: plain A4 pages that look like the uploaded ones, to another reader as well."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Name, Page, Pdf
from PIL import Image, ImageChops
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from app.templates.errors import FileDamaged, PageNotFaithful
from app.templates.intake import normalise_upload
from app.templates.pdf_compare import check_faithful
from tests.templates.pdf_samples import make_pdf, page_key, save, with_annotation

A4 = (595.28, 841.89)
HALF_A4 = (297.64, 420.945)


def changed(sample: bytes, change: Callable[[Page], object]) -> bytes:
    pdf = pikepdf.open(BytesIO(sample))
    for page in pdf.pages:
        change(page)
    return save(pdf)


def poppler(pdf: bytes, folder: Path, *, side: int = 842) -> Image.Image:
    """The first page drawn by another engine than the product's, in grays; the longer side has `side` pixels."""
    source = folder / "page.pdf"
    source.write_bytes(pdf)
    command = ["pdftoppm", "-cropbox", "-scale-to", str(side), "-gray", "-singlefile"]
    subprocess.run([*command, source, folder / "page"], check=True)
    with Image.open(folder / "page.pgm") as picture:
        return picture.convert("L")


def difference(first: Image.Image, second: Image.Image) -> int:
    """Largest mean difference of a block of 8 by 8 pixels; a shift by 4 points gives 140."""
    assert abs(first.height - second.height) <= 1
    second = second.crop((0, 0, *first.size))
    return int(ImageChops.difference(first, second).reduce(8).getextrema()[1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "size"),
    [
        (lambda page: None, A4),
        (lambda page: page.obj.__setitem__("/Rotate", 90), (A4[1], A4[0])),
        (lambda page: page.obj.__setitem__("/Rotate", 180), A4),
        (lambda page: page.obj.__setitem__("/Rotate", -90), (A4[1], A4[0])),
        (lambda page: page.obj.__setitem__("/MediaBox", Array([-20, -30, 575.28, 811.89])), A4),
        (lambda page: page.obj.__setitem__("/MediaBox", Array([575.28, 811.89, -20, -30])), A4),
        (lambda page: page.obj.__setitem__("/CropBox", Array([100, 200, 100 + HALF_A4[0], 200 + HALF_A4[1]])), A4),
        (lambda page: page.obj.__setitem__("/UserUnit", 2), A4),
        (lambda page: page.obj.__setitem__("/TrimBox", Array([100, 100, 300, 300])), A4),
    ],
    ids=["plain", "right", "upside down", "left", "shifted", "corners swapped", "cropped", "unit", "trimmed"],
)
def test_pages_keep_their_look_on_a4(
    sample_pdf: bytes, tmp_path: Path, change: Callable[[Page], object], size: tuple[float, float]
) -> None:
    uploaded = changed(sample_pdf, change)
    result = normalise_upload(uploaded, "contract.pdf")
    assert len(result.pages) == 6
    for page in result.pages:
        assert (page.width, page.height) == pytest.approx(size, abs=0.1)
    assert difference(poppler(uploaded, tmp_path), poppler(result.pdf, tmp_path)) < 60


@pytest.mark.parametrize(
    ("uploaded", "expected"),
    [
        ((595.0, 842.0), (595.0, 842.0)),  # within 1 mm: kept
        ((598.0, 839.5), (598.0, 839.5)),
        ((612.0, 792.0), A4),  # Letter
        ((842.0, 1191.0), A4),  # A3
        ((1191.0, 842.0), (A4[1], A4[0])),
        ((200.0, 200.0), A4),
    ],
)
def test_page_sizes(uploaded: tuple[float, float], expected: tuple[float, float]) -> None:
    (page,) = normalise_upload(make_pdf(size=uploaded), "contract.pdf").pages
    assert (page.width, page.height) == pytest.approx(expected, abs=0.01)


def test_scaled_pages_are_centred_and_keep_their_proportions(tmp_path: Path) -> None:
    square = make_pdf(size=(300, 300), content=b"0 g 0 0 300 300 re f")
    picture = poppler(normalise_upload(square, "a.pdf").pdf, tmp_path)
    left, top, right, bottom = ImageChops.invert(picture).getbbox() or (0, 0, 0, 0)
    assert (left, right) == (0, 595)
    assert (top, bottom) == pytest.approx((123, 719), abs=2)


def test_result_is_a_plain_pdf(sample_pdf: bytes) -> None:
    """Classic table, PDF 1.7, pages and nothing else (architecture §6)."""
    messy = pikepdf.open(BytesIO(sample_pdf))
    messy.docinfo["/Author"] = "someone"
    messy.Root.ViewerPreferences = pikepdf.Dictionary(HideToolbar=True)
    uploaded = save(messy, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    result = normalise_upload(uploaded, "contract.pdf").pdf
    assert result.startswith(b"%PDF-1.7")
    assert b"\nxref\n" in result
    assert b"/ObjStm" not in result
    assert b"someone" not in result
    pdf = pikepdf.open(BytesIO(result))
    assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
    for page in pdf.pages:
        assert set(page.obj.keys()) <= {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/Group"}
        assert [float(edge) for edge in page.mediabox][:2] == [0, 0]


def test_equal_uploads_give_equal_bytes(sample_pdf: bytes) -> None:
    """Normalising is repeatable, and what is normal already stays as it is."""
    first = normalise_upload(sample_pdf, "a.pdf")
    assert first.pdf == normalise_upload(sample_pdf, "b.PDF").pdf
    assert normalise_upload(first.pdf, "c.pdf").sha256 == first.sha256
    assert first.source == "pdf"
    assert first.warnings == ()


def test_pyhanko_accepts_the_result(sample_pdf: bytes) -> None:
    """The signing engine reads it strictly and can append a field (scaled pages as well)."""
    letter = changed(sample_pdf, lambda page: page.obj.__setitem__("/MediaBox", Array([0, 0, 612, 792])))
    for data in (sample_pdf, letter):
        result = normalise_upload(data, "contract.pdf").pdf
        reader = PdfFileReader(BytesIO(result), strict=True)
        assert int(reader.root["/Pages"]["/Count"]) == 6
        writer = IncrementalPdfFileWriter(BytesIO(result), strict=True)
        append_signature_field(writer, SigFieldSpec("Worker", on_page=5, box=(100, 100, 200, 150)))
        output = BytesIO()
        writer.write(output)
        assert PdfFileReader(output, strict=True).embedded_signatures == []


@pytest.mark.parametrize("kind", ["/FreeText", "/Stamp", "/Widget", "/Square"])
def test_pictures_of_annotations_become_part_of_the_page(kind: str, tmp_path: Path) -> None:
    fields = {"FT": Name.Tx, "T": pikepdf.String("pay")} if kind == "/Widget" else {}
    uploaded = with_annotation(b"0 g 0 0 200 40 re f", Subtype=Name(kind), **fields)
    picture = poppler(normalise_upload(uploaded, "a.pdf").pdf, tmp_path)
    assert picture.getpixel((200, 842 - 520)) == 0


def test_hidden_annotations_stay_invisible(tmp_path: Path) -> None:
    uploaded = with_annotation(b"0 g 0 0 200 40 re f", Subtype=Name.Stamp, F=2)
    picture = poppler(normalise_upload(uploaded, "a.pdf").pdf, tmp_path)
    assert picture.getpixel((200, 842 - 520)) == 255


def test_fonts_that_are_not_embedded_are_named() -> None:
    (warning,) = normalise_upload(make_pdf(), "a.pdf").warnings
    assert warning.code == "fonts_not_embedded"
    assert "Helvetica" in warning.text_zh
    assert "Helvetica" in warning.text_en


def test_200_pages_are_accepted() -> None:
    assert len(normalise_upload(make_pdf(pages=200), "a.pdf").pages) == 200


def test_a_changed_figure_is_noticed() -> None:
    """Were the two readers to disagree about one digit, the file would be refused with its page."""
    pages = [make_pdf(content=b"BT /F1 10 Tf 80 620 Td (Salary %s yuan) Tj ET" % pay) for pay in (b"12800", b"13800")]
    check_faithful(pages[0], pages[0])
    with pytest.raises(PageNotFaithful, match="Page 1"):
        check_faithful(*pages)
    with pytest.raises(FileDamaged):
        check_faithful(make_pdf(), make_pdf(pages=2))


def test_content_outside_the_page_is_not_brought_in(tmp_path: Path) -> None:
    """Cropping hides for good: scaling must not reveal what lay beyond the edge."""
    uploaded = page_key("/CropBox", Array([0, 0, 380, 841.89]))  # the sample has a bar from 400 to 480
    picture = poppler(normalise_upload(uploaded, "a.pdf").pdf, tmp_path)
    margin = (595 - 380) // 2
    ink = ImageChops.invert(picture)
    assert ink.crop((0, 0, margin - 1, 842)).getbbox() is None
    assert ink.crop((595 - margin + 1, 0, 595, 842)).getbbox() is None
    assert ink.getbbox() is not None


def test_page_tree_attributes_are_inherited() -> None:
    """Size and rotation may stand on the tree instead of the page."""

    def change(pdf: Pdf) -> None:
        for key, value in (("/MediaBox", Array([0, 0, 841.89, 595.28])), ("/Rotate", 90)):
            pdf.Root.Pages[key] = value
            if key in pdf.pages[0].obj:
                del pdf.pages[0].obj[key]

    (page,) = normalise_upload(make_pdf(change), "a.pdf").pages
    assert (page.width, page.height) == pytest.approx(A4, abs=0.1)
