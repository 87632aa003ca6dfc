"""A picture that stands for a business licence in demonstration data; it says so itself."""

from collections.abc import Mapping
from io import BytesIO

from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageDraw, ImageFont

_SIZE, _INK, _RED = (1200, 840), (40, 40, 40), (190, 30, 30)


def draw_sample_licence(profile: Mapping[str, str]) -> bytes:
    """PNG of 1200 × 840 pixels with the name, code and address of `profile`."""
    picture = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, _SIZE[0] - 25, _SIZE[1] - 25), outline=_RED, width=6)
    _write(draw, 120, 84, "营业执照（演示样本）", _RED)
    rows = (("统一社会信用代码", "uscc"), ("名称", "name"), ("住所", "address"))
    for number, (label, key) in enumerate(rows):
        _write(draw, 320 + number * 110, 34, f"{label}　{profile[key]}", _INK)
    _write(draw, 720, 28, "仅用于演示，不是证件", _RED)
    output = BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


def _write(draw: ImageDraw.ImageDraw, top: int, size: int, text: str, colour: tuple[int, int, int]) -> None:
    font = ImageFont.truetype(str(FONT_PATH), size)
    draw.text((_SIZE[0] / 2, top), text, font=font, fill=colour, anchor="ma")
