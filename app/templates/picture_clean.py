"""Makes an uploaded picture plain: decoded, turned upright, written anew. Runs in the child only (T-23, A-img).

What a file carries besides its pixels (EXIF, places, comments, profiles, appended archives) does not come through.
"""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from app.templates import wire
from app.templates.errors import PictureAnimated, PictureTooManyPixels, PictureTooSmall

_JPEG_QUALITY = 90
_PNG_CEILING = 5 * 1024 * 1024  # bytes; a photograph above that becomes a JPEG

# Our own limit is checked on the header, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def operate(arguments: dict[str, Any], data: bytes) -> wire.Message:
    """`image`: blob in = PNG or JPEG; blob out = the same picture, plain; head = its format and size in pixels."""
    with Image.open(BytesIO(data), formats=[arguments["format"]]) as picture:
        _check_header(picture, arguments)
        picture.load()
        plain = _on_white(ImageOps.exif_transpose(picture))
    data, kind = _encode(plain, arguments["format"])
    return {"format": kind, "width": plain.width, "height": plain.height}, [data]


def _check_header(picture: Image.Image, limits: dict[str, Any]) -> None:
    width, height = picture.size
    if max(width, height) > limits["side"] or width * height > limits["pixels"]:
        raise PictureTooManyPixels(side=limits["side"], megapixels=limits["pixels"] // 1_000_000)
    if min(width, height) < limits["smallest"]:
        raise PictureTooSmall(smallest=limits["smallest"])
    # Phones write several pictures into one JPEG (MPO): the first is the photograph. An animation has no such one.
    if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
        raise PictureAnimated


def _on_white(picture: Image.Image) -> Image.Image:
    """Mode RGB, whatever it was: CMYK, palette, gray of 1, 8 or 16 bits, transparent."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    return paper.convert("RGB")


def _encode(picture: Image.Image, kind: str) -> tuple[bytes, str]:
    """Only pixels are handed over: `info` of the original is not looked at."""
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    output = BytesIO()
    if kind == "PNG":
        bare.save(output, "PNG", compress_level=6)
        if output.tell() <= _PNG_CEILING:
            return output.getvalue(), "PNG"
        output = BytesIO()
    bare.save(output, "JPEG", quality=_JPEG_QUALITY)
    return output.getvalue(), "JPEG"
