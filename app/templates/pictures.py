"""Pictures on their way in, e.g. of a licence: checked and made plain. The parent's side: opens nothing itself (C1)."""

import hashlib
from dataclasses import dataclass

from app.templates.errors import (
    FileDamaged,
    FileTooComplex,
    PictureDamaged,
    PictureFileTooLarge,
    PictureTypeNotSupported,
)
from app.templates.isolation import call_child

_MAX_MB = 5
_MAX_SIDE, _MAX_PIXELS, _MIN_SIDE = 4096, 12_000_000, 200
_MAGIC = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


@dataclass(frozen=True)
class PlainPicture:
    """PNG or JPEG without anything but pixels. `sha256` (hex) is that of `data`; width and height in pixels."""

    data: bytes
    media_type: str
    sha256: str
    width: int
    height: int


def clean_picture(data: bytes, *, max_mb: int = _MAX_MB) -> PlainPicture:
    """Check an uploaded JPEG or PNG and return it plain, upright, on white (T-23).

    At most `max_mb` MB, 4096 pixels a side, 12 megapixels; at least 200 pixels a side. The first bytes decide on the
    type, not the name. Blocks up to 30 s; never inside a transaction. Raises a DocumentRefused (422) that says what is
    wrong and what to do, or IntakeBusy (503).
    """
    if len(data) > max_mb * 1024 * 1024:
        raise PictureFileTooLarge(limit_mb=max_mb)
    kind = next((name for name, magic in _MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        raise PictureTypeNotSupported
    limits = {"side": _MAX_SIDE, "pixels": _MAX_PIXELS, "smallest": _MIN_SIDE}
    try:
        head, blobs = call_child("image", data, format=kind, **limits)
    except (FileDamaged, FileTooComplex) as error:
        raise PictureDamaged from error
    clean = blobs[0]
    return PlainPicture(
        clean, _MEDIA_TYPES[head["format"]], hashlib.sha256(clean).hexdigest(), head["width"], head["height"]
    )
