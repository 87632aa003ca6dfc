"""Pictures on their way in: limits, hostile files, and that nothing but pixels comes through (C1; T-23, A-img)."""

import io
import zlib

import pytest
from PIL import Image

from app.templates.errors import (
    DocumentRefused,
    PictureAnimated,
    PictureDamaged,
    PictureFileTooLarge,
    PictureTooManyPixels,
    PictureTooSmall,
    PictureTypeNotSupported,
)
from app.templates.pictures import PlainPicture, clean_picture
from tests.templates.picture_samples import (
    animation,
    encoded,
    photograph,
    png_header,
    two_pictures_in_one,
    with_exif,
)

RED, BLUE, WHITE = (200, 30, 30), (30, 30, 200), (255, 255, 255)


def opened(picture: PlainPicture) -> Image.Image:
    found = Image.open(io.BytesIO(picture.data))
    found.load()
    assert found.size == (picture.width, picture.height)
    assert found.mode == "RGB"
    return found


def near(pixel: object, colour: tuple[int, int, int], off: int = 12) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= off for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_plain_picture_stays_what_it_is(kind: str, media_type: str) -> None:
    clean = clean_picture(encoded(photograph(), kind))
    assert (clean.media_type, clean.width, clean.height) == (media_type, 600, 400)
    picture = opened(clean)
    assert near(picture.getpixel((50, 200)), RED)
    assert near(picture.getpixel((550, 200)), BLUE)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_other_kinds_of_colour_become_plain(mode: str) -> None:
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    clean = clean_picture(encoded(photograph(mode=mode), kind))
    assert opened(clean).size == (600, 400)
    if mode == "CMYK":
        assert near(opened(clean).getpixel((50, 200)), RED, off=25)


def test_sixteen_bits_of_gray_keep_their_steps() -> None:
    deep = Image.new("I;16", (400, 300), 0x8000)
    assert near(opened(clean_picture(encoded(deep, "PNG"))).getpixel((10, 10)), (128, 128, 128), off=1)


def test_what_is_transparent_becomes_paper() -> None:
    picture = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    assert opened(clean_picture(encoded(picture, "PNG"))).getpixel((10, 10)) == WHITE


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (600, 400), (50, 200)), (3, (600, 400), (550, 200)), (6, (400, 600), (200, 50)), (8, (400, 600), (200, 550))],
)
def test_a_photograph_is_turned_upright(orientation: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    picture = opened(clean_picture(with_exif(orientation)))
    assert picture.size == size
    assert near(picture.getpixel(red_at), RED)


def test_nothing_but_pixels_comes_through() -> None:
    clean = clean_picture(with_exif(6))
    assert b"SECRET" not in clean.data
    assert not Image.open(io.BytesIO(clean.data)).getexif()
    assert set(Image.open(io.BytesIO(clean.data)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("tail", [b"PK\x03\x04 a zip archive", b"<script>alert(1)</script>", b"%PDF-1.7 SECRET"])
def test_what_hides_behind_the_picture_is_gone(kind: str, tail: bytes) -> None:
    clean = clean_picture(encoded(photograph(), kind) + tail)
    assert tail not in clean.data
    assert opened(clean).size == (600, 400)


def test_of_several_pictures_in_a_jpeg_the_first_counts() -> None:
    clean = clean_picture(two_pictures_in_one())
    assert (clean.media_type, clean.width) == ("image/jpeg", 600)


def test_an_animation_is_refused() -> None:
    with pytest.raises(PictureAnimated):
        clean_picture(animation())


@pytest.mark.parametrize(
    ("width", "height"), [(4097, 300), (300, 4097), (4000, 3001), (65_000, 65_000), (2_000_000_000, 1)]
)
def test_a_flood_of_pixels_is_refused_by_its_header(width: int, height: int) -> None:
    """The bytes behind the header are no picture: had they been decoded, the answer were another."""
    with pytest.raises(PictureTooManyPixels) as refused:
        clean_picture(png_header(width, height, b"never decoded"))
    assert "1200 万像素" in refused.value.text_zh


def test_a_bomb_within_the_limits_of_size_does_no_harm() -> None:
    """36 MB of pixels from 40 KB; and 300 MB of rows behind a header that asks for a few."""
    assert opened(clean_picture(encoded(Image.new("RGB", (4000, 3000), "gray"), "PNG"))).size == (4000, 3000)
    rows = zlib.compress(bytes(300 * 1024 * 1024), 9)
    assert opened(clean_picture(png_header(300, 300, rows))).getpixel((299, 299)) == (0, 0, 0)


def test_a_large_photograph_as_png_becomes_a_jpeg() -> None:
    noise = Image.effect_noise((2400, 2400), 90).convert("RGB")
    data = encoded(noise, "JPEG", quality=80)
    big = encoded(Image.effect_noise((1500, 1500), 90), "PNG")  # gray: small enough to upload, larger as RGB
    assert len(big) < 5 * 1024 * 1024
    clean = clean_picture(big)
    assert len(clean.data) <= 5 * 1024 * 1024
    assert clean_picture(data).media_type == "image/jpeg"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_truncated_picture_is_refused(kind: str, share: float) -> None:
    data = encoded(Image.effect_noise((500, 500), 60), kind)
    with pytest.raises(PictureDamaged):
        clean_picture(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"%PDF-1.7", b"PK\x03\x04", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG",
        encoded(photograph(), "GIF"), encoded(photograph(), "BMP"), encoded(photograph(), "WEBP"),
        encoded(photograph(), "TIFF"),
    ],
)  # fmt: skip
def test_other_types_are_refused_by_their_first_bytes(data: bytes) -> None:
    with pytest.raises(PictureTypeNotSupported):
        clean_picture(data)


@pytest.mark.parametrize("magic", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_the_first_bytes_alone_make_no_picture(magic: bytes) -> None:
    with pytest.raises(PictureDamaged):
        clean_picture(magic + encoded(photograph(), "BMP"))


def test_limits_of_bytes_and_of_smallness() -> None:
    with pytest.raises(PictureFileTooLarge):
        clean_picture(encoded(photograph(), "PNG") + bytes(5 * 1024 * 1024))
    with pytest.raises(PictureTooSmall):
        clean_picture(encoded(photograph(199, 400), "PNG"))
    assert clean_picture(encoded(photograph(200, 200), "PNG")).width == 200


def test_every_refusal_is_told_in_both_languages() -> None:
    for kind in (PictureAnimated, PictureDamaged, PictureTypeNotSupported):
        error: DocumentRefused = kind()
        assert error.http_status == 422
        assert error.text_zh != error.text_en
