"""An organisation's round contract seal as a vector drawing: 42 mm, red (E1).

From outside to inside: ring, name on the upper arc with its feet to the centre, star, purpose line, code on the
lower arc. Letters get closer and narrower as names get longer, and never meet the star, the line or the code.
Lengths are millimetres around the centre, y up, until they are written as hundredths.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise

from fontTools.pens.recordingPen import RecordingPen
from PIL import Image, ImageChops, ImageDraw

from app.core.errors import DomainError
from app.core.font import UNITS_PER_EM, font, glyph_of

Corner = tuple[float, float]
Segment = tuple[Corner, ...]  # (point,) = line to; (control, control, point) = cubic curve to

RADIUS = 21.0
_RING = 1.2
_TEXT_EDGE = RADIUS - _RING - 0.9  # neither name nor code comes nearer to the ring
_STAR = 7.0  # circumradius
_NAME_HEIGHTS = ((4, 6.4), (10, 6.2), (16, 5.6), (22, 5.0), (30, 4.4))  # characters, height
_NAME_ARCS = ((10, 240.0), (20, 270.0))  # characters, degrees the name may take
_WIDEST_STEP = 27.0  # degrees from letter to letter in a short name
_PURPOSE_TOP, _PURPOSE_HEIGHT, _PURPOSE_WIDTH = -8.6, 3.8, 16.0
_CODE_HEIGHT, _CODE_STEP, _CODE_ARC = 1.7, 5.2, 72.0  # mm, degrees, degrees
_DIGIT_UNITS = 733  # height of a digit in font units
_EM_BOTTOM = -120  # where the square of a Chinese character begins below the baseline
_NARROW = {"（": 0.55, "）": 0.55, "(": 0.45, ")": 0.45, "·": 0.5, "-": 0.5}
_RED = (0.84, 0.08, 0.1)
_LONGEST_NAME, _LONGEST_PURPOSE, _LONGEST_CODE = 40, 8, 18


class SealNotDrawable(DomainError):
    """A text that cannot be put on a round seal; `part` is name, purpose or code."""

    code = "seal_not_drawable"
    http_status = 422
    message_zh = "无法生成印章：{part_zh}“{text}”过长、为空或含有无法显示的字符。请核对后重试。"
    message_en = "The seal cannot be drawn: the {part} “{text}” is empty, too long, or has characters without a glyph."


@dataclass(frozen=True)
class Contour:
    """One closed outline."""

    start: Corner
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class SealDrawing:
    """The finished drawing. `shapes`: outlines filled together (the even-odd rule makes the holes)."""

    shapes: tuple[tuple[Contour, ...], ...]

    @property
    def size(self) -> float:
        """Width and height of the drawing's square in points (42 mm)."""
        return 2 * RADIUS * 72 / 25.4

    @cached_property
    def content(self) -> bytes:
        """PDF operators on a square of `size` points, origin lower left."""
        scale, middle = 72 / 2540, self.size / 2
        lines = [f"{_RED[0]} {_RED[1]} {_RED[2]} rg {scale:.6f} 0 0 {scale:.6f} {middle:.3f} {middle:.3f} cm"]
        lines += ["\n".join(_pdf_contour(contour) for contour in shape) + "\nf*" for shape in self.shapes]
        return "\n".join(lines).encode()

    @cached_property
    def svg(self) -> str:
        """An SVG document (no script, no style, no outside reference)."""
        edge = round(RADIUS * 100)
        colour = "#" + "".join(f"{round(part * 255):02x}" for part in _RED)
        paths = "".join(f'<path d="{"".join(_svg_contour(contour) for contour in shape)}"/>' for shape in self.shapes)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-edge} {-edge} {2 * edge} {2 * edge}">'
            f'<g fill="{colour}" fill-rule="evenodd" transform="scale(1,-1)">{paths}</g></svg>'
        )

    def png(self, width: int = 600) -> bytes:
        """A square picture with transparent ground."""
        smooth = 4
        scale = width * smooth / (2 * RADIUS)
        mask = Image.new("1", (width * smooth, width * smooth))
        for shape in self.shapes:
            _paint(mask, shape, scale)
        alpha = mask.convert("L").resize((width, width), Image.Resampling.BOX)
        picture = Image.new("RGBA", alpha.size, tuple(round(part * 255) for part in _RED))
        picture.putalpha(alpha)
        output = BytesIO()
        picture.save(output, "PNG")
        return output.getvalue()


def draw_round_seal(name: str, purpose: str, code: str) -> SealDrawing:
    """The seal of the organisation `name` for `purpose` (合同专用章) with its registration `code` (digits).

    Drawn well for names of 4 to 30 characters, possible up to 40. Raises SealNotDrawable.
    """
    _check("name", "名称", name, 1, _LONGEST_NAME)
    _check("purpose", "用途", purpose, 0, _LONGEST_PURPOSE)
    _check("code", "编码", code, 0, _LONGEST_CODE)
    shapes = [_ring(), _star(), *_name(name), *_purpose(purpose), *_code(code)]
    return SealDrawing(tuple(shapes))


def _check(part: str, part_zh: str, text: str, shortest: int, longest: int) -> None:
    if not shortest <= len(text) <= longest or any(not glyph_of(character) for character in text):
        raise SealNotDrawable(part=part, part_zh=part_zh, text=text)


def _between(table: Sequence[tuple[int, float]], at: int) -> float:
    """Linear interpolation in a sorted table, constant beyond its ends."""
    if at <= table[0][0]:
        return table[0][1]
    for (low, first), (high, second) in pairwise(table):
        if at <= high:
            return first + (second - first) * (at - low) / (high - low)
    return table[-1][1]


def _name(name: str) -> Iterator[tuple[Contour, ...]]:
    """Clockwise from lower left to lower right, the middle of the name on top."""
    weights = [_weight(character) for character in name]
    height = _between(_NAME_HEIGHTS, len(name))
    foot = _TEXT_EDGE - height
    step = min(_WIDEST_STEP, _between(_NAME_ARCS, len(name)) / sum(weights))  # degrees for a full letter
    width = min(height * 0.96, math.radians(step) * foot * 0.98)
    angle = -step * sum(weights) / 2
    for character, weight in zip(name, weights, strict=True):
        turn = -math.radians(angle + step * weight / 2)
        yield _glyph(character, width, height, UNITS_PER_EM, (0.0, foot), turn)
        angle += step * weight


def _purpose(purpose: str) -> Iterator[tuple[Contour, ...]]:
    step = min(_PURPOSE_HEIGHT * 1.0, _PURPOSE_WIDTH / max(len(purpose), 1))
    for at, character in enumerate(purpose):
        x = (at - (len(purpose) - 1) / 2) * step
        base = _PURPOSE_TOP - _PURPOSE_HEIGHT
        yield _glyph(character, min(step, _PURPOSE_HEIGHT) * 0.96, _PURPOSE_HEIGHT, UNITS_PER_EM, (x, base), 0.0)


def _code(code: str) -> Iterator[tuple[Contour, ...]]:
    """Along the bottom from left to right, heads to the centre."""
    step = min(_CODE_STEP, _CODE_ARC / max(len(code), 1))
    em = _CODE_HEIGHT * UNITS_PER_EM / _DIGIT_UNITS
    for at, character in enumerate(code):
        turn = math.radians((at - (len(code) - 1) / 2) * step)
        yield _glyph(character, em, _CODE_HEIGHT, _DIGIT_UNITS, (0.0, -_TEXT_EDGE), turn)


def _weight(character: str) -> float:
    """Share of a full letter's room; brackets and Latin letters need less."""
    return _NARROW.get(character) or max(font().get_glyph_h_advance(glyph_of(character)) / UNITS_PER_EM, 0.4)


def _glyph(
    character: str, em_width: float, height: float, height_units: int, foot: Corner, turn: float
) -> tuple[Contour, ...]:
    """The outline of a character, its foot's middle on `foot`, turned around the seal's centre by `turn` radians."""
    pen = RecordingPen()
    font().draw_glyph_with_pen(glyph_of(character), pen)
    xs = [x for _, points in pen.value for x, _ in points]
    middle = (min(xs) + max(xs)) / 2 if xs else 0.0
    if character not in _NARROW:
        middle = font().get_glyph_h_advance(glyph_of(character)) / 2
    bottom = _EM_BOTTOM if height_units == UNITS_PER_EM else 0
    wide, high = em_width / UNITS_PER_EM, height / height_units
    cosine, sine = math.cos(turn), math.sin(turn)

    def place(point: Corner) -> Corner:
        x, y = foot[0] + (point[0] - middle) * wide, foot[1] + (point[1] - bottom) * high
        return x * cosine - y * sine, x * sine + y * cosine

    return tuple(_contours(pen, place))


def _contours(pen: RecordingPen, place: Callable[[Corner], Corner]) -> Iterator[Contour]:
    start: Corner | None = None
    segments: list[Segment] = []
    for command, points in pen.value:
        if command == "moveTo":
            start, segments = place(points[0]), []
        elif command in ("closePath", "endPath") and start is not None:
            yield Contour(start, tuple(segments))
        elif command in ("lineTo", "curveTo"):
            segments.append(tuple(place(point) for point in points))
        else:
            raise ValueError(f"unexpected outline command {command}")


def _star() -> tuple[Contour, ...]:
    """A five-pointed star standing on two points; the inner corners lie where its lines cross."""
    inner = _STAR * math.sin(math.radians(18)) / math.sin(math.radians(126))
    corners = [
        (radius * math.sin(math.radians(36 * at)), radius * math.cos(math.radians(36 * at)))
        for at, radius in enumerate((_STAR, inner) * 5)
    ]
    return (Contour(corners[0], tuple((corner,) for corner in corners[1:])),)


def _ring() -> tuple[Contour, ...]:
    return _circle(RADIUS), _circle(RADIUS - _RING)


def _circle(radius: float) -> Contour:
    """Four cubic arcs (error 0.03 %)."""
    k = radius * 0.5522847498
    r = radius
    return Contour(
        (r, 0.0),
        (
            ((r, k), (k, r), (0.0, r)),
            ((-k, r), (-r, k), (-r, 0.0)),
            ((-r, -k), (-k, -r), (0.0, -r)),
            ((k, -r), (r, -k), (r, 0.0)),
        ),
    )


def _hundredths(points: Sequence[Corner]) -> str:
    return " ".join(f"{round(x * 100)} {round(y * 100)}" for x, y in points)


def _pdf_contour(contour: Contour) -> str:
    parts = [f"{_hundredths([contour.start])} m"]
    parts += [f"{_hundredths(segment)} {'l' if len(segment) == 1 else 'c'}" for segment in contour.segments]
    return " ".join(parts) + " h"


def _svg_contour(contour: Contour) -> str:
    letters = {1: "L", 3: "C"}
    return (
        f"M{_hundredths([contour.start])}"
        + "".join(f"{letters[len(segment)]}{_hundredths(segment)}" for segment in contour.segments)
        + "Z"
    )


def _flatten(contour: Contour, steps: int = 8) -> list[Corner]:
    points = [contour.start]
    for segment in contour.segments:
        if len(segment) == 1:
            points.append(segment[0])
            continue
        (x0, y0), ((x1, y1), (x2, y2), (x3, y3)) = points[-1], segment
        for at in range(1, steps + 1):
            t = at / steps
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def _paint(mask: Image.Image, shape: tuple[Contour, ...], scale: float) -> None:
    """Fill one shape by the even-odd rule; only its own rectangle is touched."""
    polygons = [
        [((x + RADIUS) * scale, (RADIUS - y) * scale) for x, y in _flatten(contour, 64 if len(shape) == 2 else 8)]
        for contour in shape
    ]
    corners = [corner for polygon in polygons for corner in polygon]
    if not corners:
        return
    left, top = math.floor(min(x for x, _ in corners)), math.floor(min(y for _, y in corners))
    size = math.ceil(max(x for x, _ in corners)) - left + 1, math.ceil(max(y for _, y in corners)) - top + 1
    filled = Image.new("1", size)
    for polygon in polygons:
        layer = Image.new("1", size)
        ImageDraw.Draw(layer).polygon([(x - left, y - top) for x, y in polygon], fill=1)
        filled = ImageChops.logical_xor(filled, layer)
    mask.paste(1, (left, top), filled)
