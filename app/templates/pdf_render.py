"""Page pictures for screens. Runs in the child only."""

from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from app.templates import wire
from app.templates.errors import FileTooComplex
from app.templates.pdf_engine import open_document

_GRAYS = 8  # levels; more are not seen at this size and cost a fifth more bytes
_COLOURS = 128
_NEARLY_WHITE = 248
_PNG_CEILING = 250_000  # bytes; above this the page is a photograph or scan, which JPEG does better
_JPEG_QUALITY = 75
_MAX_HEIGHT = 8000  # pixels


def operate(arguments: dict[str, Any], data: bytes) -> wire.Message:
    """`render`: blob in = PDF; blobs out = one picture per page in `pages` (0-based; null = all)."""
    document = open_document(data)
    document.init_forms()  # seals and handwriting are pictures of signature fields
    width, indexes = arguments["width"], arguments["pages"]
    if indexes is None:
        indexes = range(len(document))
    return {}, [encode(draw(document[index], width)) for index in indexes]


def draw(page: pdfium.PdfPage, width: int) -> Image.Image:
    """The page, `width` pixels wide, with all annotations, on white; mode RGB."""
    scale = width / page.get_width()
    if page.get_height() * scale > _MAX_HEIGHT:
        raise FileTooComplex
    picture: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return picture.convert("RGB")


def encode(picture: Image.Image) -> bytes:
    """PNG with a palette while that is small, else JPEG. Text stays crisp, a red seal stays red."""
    output = BytesIO()
    _with_palette(picture).save(output, "PNG", compress_level=6)
    if output.tell() <= _PNG_CEILING:
        return output.getvalue()
    output = BytesIO()
    picture.save(output, "JPEG", quality=_JPEG_QUALITY)
    return output.getvalue()


def _with_palette(picture: Image.Image) -> Image.Image:
    return _gray_palette(picture) if is_gray(picture) else _colour_palette(picture)


def is_gray(picture: Image.Image) -> bool:
    """Whether no pixel has a colour."""
    red, green, blue = picture.split()
    return ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(green, blue).getbbox() is None


def _gray_palette(picture: Image.Image) -> Image.Image:
    """Evenly spaced grays from black to white (Pillow's own quantiser takes ten times as long)."""
    step = 255 / (_GRAYS - 1)
    levels = picture.convert("L").point([round(value / step) for value in range(256)])
    result = Image.frombytes("P", levels.size, levels.tobytes())
    result.putpalette([round(level * step) for level in range(_GRAYS) for _ in "rgb"])
    return result


def _colour_palette(picture: Image.Image) -> Image.Image:
    """The most used colours; the quantiser's 254-white becomes paper white again."""
    result = picture.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
    palette = result.getpalette() or []
    result.putpalette([255 if value >= _NEARLY_WHITE else value for value in palette])
    return result
