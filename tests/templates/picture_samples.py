"""Pictures as people send them, and as nobody should."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    output = io.BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def photograph(width: int = 600, height: int = 400, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue, so that turning it shows."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    picture.paste((30, 30, 200), (width // 2, 0, width, height))
    return picture.convert(mode)


def png_header(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever it holds."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def animation() -> bytes:
    frames = [photograph(), photograph().rotate(180)]
    return encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)


def two_pictures_in_one() -> bytes:
    """An MPO, as phones write depth and preview into a JPEG."""
    return encoded(photograph(), "MPO", save_all=True, append_images=[photograph(300, 300)])


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "SECRET-DESCRIPTION"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(photograph(), "JPEG", quality=95, exif=exif, comment=b"SECRET-COMMENT")
