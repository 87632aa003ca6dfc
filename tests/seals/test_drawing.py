"""The round seal: nothing meets anything else, for every length of name."""

import itertools
import math
import xml.etree.ElementTree as ET
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from app.seals import drawing
from app.seals.drawing import RADIUS, Contour, SealNotDrawable, draw_round_seal
from app.signing.appearance import seal
from app.signing.pades import FieldBox, prepare, sign_field
from tests.signing.engine.world import World, plain_pdf

LONG = "吉林省长春市朝阳区工约信息技术服务（集团）有限责任公司东北分公司第一营业部𠮷䶮"
CODE = "2201041234567"
NAMES = [LONG[:length] for length in range(4, 31)] + [
    "IBM（中国）有限公司",
    "𠮷䶮·工约（北京）科技有限公司",
    "ＡＢ商店",
]


def outline(shape: tuple[Contour, ...]) -> list[tuple[float, float]]:
    return [point for contour in shape for point in drawing._flatten(contour)]


def angles(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Degrees clockwise from the top."""
    found = [math.degrees(math.atan2(x, y)) for x, y in points]
    return min(found), max(found)


def parts(
    name: str,
) -> tuple[list[list[tuple[float, float]]], list[list[tuple[float, float]]], list[list[tuple[float, float]]]]:
    shapes = draw_round_seal(name, "合同专用章", CODE).shapes
    letters = [outline(shape) for shape in shapes[2:]]
    return letters[: len(name)], letters[len(name) : len(name) + 5], letters[len(name) + 5 :]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: f"{len(name)}-{name[:2]}")
def test_parts_keep_clear_of_each_other(name: str) -> None:
    letters, purpose, code = parts(name)
    assert (len(letters), len(purpose), len(code)) == (len(name), 5, 13)
    radii = [math.hypot(*point) for letter in letters for point in letter]
    assert max(radii) < RADIUS - 1.2 - 0.3  # clear of the ring
    assert min(radii) > 7.0 + 1.5  # clear of the star
    for former, latter in itertools.pairwise(letters):
        assert angles(former)[1] < angles(latter)[0] + 0.35, "letters overlap"
    begin, end = angles(letters[0])[0], angles(letters[-1])[1]
    assert begin == pytest.approx(-end, abs=6)
    assert end - begin < 272
    for x, y in [point for letter in (*purpose, *code) for point in letter]:
        inside = math.hypot(x, y) < min(radii) - 0.3
        below = not begin - 1 < math.degrees(math.atan2(x, y)) < end + 1
        assert inside or below, "the name meets the lines below"


@pytest.mark.parametrize("name", NAMES[::5])
def test_purpose_stands_between_star_and_code(name: str) -> None:
    _, purpose, code = parts(name)
    heights = [y for letter in purpose for _, y in letter]
    assert max(heights) < -7.0 * math.cos(math.radians(36)) - 1.5
    assert min(math.hypot(*point) for letter in code for point in letter) > 16.5
    assert max(math.hypot(*point) for letter in purpose for point in letter) < 16.5


def test_letters_stand_with_their_feet_to_the_centre() -> None:
    """工 has its wide strokes at top and bottom; 下 hangs from its top: its wide stroke is far from the centre."""
    for letter in parts("下下下下下下下下")[0]:
        left, right = angles(letter)
        middle = math.radians((left + right) / 2)
        upright = [
            (x * math.cos(middle) - y * math.sin(middle), x * math.sin(middle) + y * math.cos(middle))
            for x, y in letter
        ]
        top = max(y for _, y in upright)
        bar = [x for x, y in upright if y > top - 0.6]
        foot = [x for x, y in upright if y < min(y for _, y in upright) + 0.6]
        assert max(bar) - min(bar) > 3 * (max(foot) - min(foot))


def test_reading_direction_is_clockwise_from_lower_left() -> None:
    letters, _, code = parts("一二三四五六七八九十一二三四五")
    middles = [sum(angles(letter)) / 2 for letter in letters]
    assert middles == sorted(middles)
    digits = [sum(x for x, _ in digit) / len(digit) for digit in code]
    assert digits == sorted(digits)


def test_arc_grows_with_the_name() -> None:
    spans = [angles(parts(LONG[:n])[0][-1])[1] - angles(parts(LONG[:n])[0][0])[0] for n in (4, 8, 12, 20, 30)]
    assert spans == sorted(spans)
    assert 80 < spans[0] < 130
    assert 225 < spans[2] < 260
    assert 255 < spans[4] < 272


def test_pdf_svg_and_png_show_the_same(world: World) -> None:
    drawn = draw_round_seal("长春市工约科技有限公司", "合同专用章", CODE)
    size = drawn.size
    assert size == pytest.approx(119.06, abs=0.01)  # 42 mm
    prepared = prepare(plain_pdf(1), [FieldBox("seal", 0, 100, 100, 100 + size, 100 + size)], None)
    signed = sign_field(
        prepared, field="seal", identity=world.pki.employer, timestamper=world.pki.timestamper,
        appearance=seal(drawn), reason=None, first=True, last=True,
    )  # fmt: skip
    document = pypdfium2.PdfDocument(signed)
    document.init_forms()
    scale = 420 / size
    page = document[0].render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    left, bottom = round(100 * scale), page.height - round(100 * scale)
    rendered = page.crop((left, bottom - 420, left + 420, bottom)).convert("L")
    ours = Image.open(BytesIO(drawn.png(420)))
    flat = Image.new("RGBA", ours.size, "white")
    flat.alpha_composite(ours)
    difference = ImageChops.difference(rendered, flat.convert("L"))
    assert ImageStat.Stat(difference).mean[0] < 5  # of 255: smoothing of edges
    root = ET.fromstring(drawn.svg)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "g", "path"}
    assert len(root.findall(".//{*}path")) == len(drawn.shapes)


def test_png_is_red_on_transparent() -> None:
    picture = Image.open(BytesIO(draw_round_seal("工约公司", "合同专用章", CODE).png(200)))
    assert picture.size == (200, 200)
    assert picture.getpixel((0, 0))[3] == 0
    red, green, blue, alpha = picture.getpixel((100, 100))  # the star
    assert alpha == 255
    assert red > 180 > 60 > max(green, blue)


def test_equal_words_give_equal_drawings() -> None:
    first, second = (draw_round_seal("工约公司", "合同专用章", CODE) for _ in range(2))
    assert first.content == second.content
    assert first.png(100) == second.png(100)


def test_purpose_and_code_may_be_absent() -> None:
    assert len(draw_round_seal("工约公司", "", "").shapes) == 2 + 4


@pytest.mark.parametrize(
    ("name", "purpose", "code", "part"),
    [
        ("", "合同专用章", CODE, "name"),
        ("工" * 41, "合同专用章", CODE, "name"),
        ("工约\U0010ffff公司", "合同专用章", CODE, "name"),
        ("工约公司", "劳动合同专用章专用", CODE, "purpose"),
        ("工约公司", "合同专用章", "1" * 19, "code"),
    ],
)
def test_texts_that_cannot_be_drawn_are_named(name: str, purpose: str, code: str, part: str) -> None:
    with pytest.raises(SealNotDrawable) as caught:
        draw_round_seal(name, purpose, code)
    assert caught.value.details["part"] == part
    assert caught.value.code == "seal_not_drawable"
