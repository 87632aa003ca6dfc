"""Page pictures: size, format, colour, annotations."""

import random
from io import BytesIO

import pytest
from pikepdf import Dictionary, Name, Pdf, Stream, String
from PIL import Image

from app.templates.errors import DocumentRefused
from app.templates.intake import image_type, render_page, render_pages
from tests.templates.pdf_samples import make_pdf, with_annotation


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGB")


def test_pages_of_text_are_small_crisp_and_right(sample_pdf: bytes) -> None:
    pictures = render_pages(sample_pdf)
    assert len(pictures) == 6
    for picture in pictures:
        assert image_type(picture) == "image/png"
        assert len(picture) < 120_000
        image = opened(picture)
        assert image.size == (1080, 1528)
        assert image.getpixel((5, 5)) == (255, 255, 255)
        assert min(image.convert("L").tobytes()) == 0
    assert len(set(pictures)) == 6


def test_one_page_and_other_widths(sample_pdf: bytes) -> None:
    assert render_page(sample_pdf, 3) == render_pages(sample_pdf)[3]
    assert opened(render_page(sample_pdf, 5, width=300)).size[0] == 300
    for width in (99, 2401):
        with pytest.raises(ValueError, match="width"):
            render_page(sample_pdf, 0, width=width)


def test_a_seal_stays_red() -> None:
    picture = opened(render_page(make_pdf(content=b"0.84 0.11 0.14 rg 100 100 200 200 re f 0 g 300 300 9 9 re f"), 0))
    red, green, blue = picture.getpixel((360, 1150))  # type: ignore[misc]
    assert abs(red - 214) < 12
    assert abs(green - 28) < 12
    assert abs(blue - 36) < 12
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_scans_become_jpeg() -> None:
    def change(pdf: Pdf) -> None:
        scan = Stream(pdf, random.Random(1).randbytes(900 * 1200), Subtype=Name.Image, Width=900, Height=1200)
        scan.BitsPerComponent, scan.ColorSpace = 8, Name.DeviceGray
        pdf.pages[0].obj.Resources.XObject = Dictionary(X1=pdf.make_indirect(scan))

    picture = render_page(make_pdf(change, content=b"595 0 0 842 0 0 cm /X1 Do"), 0)
    assert image_type(picture) == "image/jpeg"
    assert opened(picture).size[0] == 1080


def test_pictures_of_signature_fields_are_drawn() -> None:
    """A seal or handwriting is the picture of a signature field."""
    pdf = with_annotation(b"0 1 0 rg 0 0 200 40 re f", Subtype=Name.Widget, FT=Name.Sig, T=String("seal"), F=132)
    picture = opened(render_page(pdf, 0, width=595))
    assert picture.getpixel((200, 842 - 520)) == (0, 255, 0)


def test_damaged_bytes_are_refused(sample_pdf: bytes) -> None:
    for data in (b"", b"no PDF", sample_pdf[:1000]):
        with pytest.raises(DocumentRefused):
            render_pages(data)
    with pytest.raises(DocumentRefused):
        render_page(sample_pdf, 6)
