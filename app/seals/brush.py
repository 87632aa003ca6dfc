"""Pictures of a handwritten signature, drawn again from its strokes as a pen would (E3): lines for PDF, SVG, PNG."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageDraw

from app.seals.ink import Ink, Stroke


@dataclass(frozen=True, slots=True)
class BrushLine:
    """A smooth line of one width: a start, then quadratic curves (control x, y, end x, y). y points down."""

    width: float
    start: tuple[float, float]
    curves: tuple[tuple[float, float, float, float], ...]


_PEN_SHARE, _PEN_THINNEST, _PEN_THICKEST = 0.04, 0.9, 3.0  # of the height; of the box's unit (points)
_WIDTH_STEP = 0.2


def brush_lines(ink: Ink, width: float, height: float) -> list[BrushLine]:
    """The strokes trimmed, scaled with their proportions into `width` × `height` and centred, as a pen would draw them.

    The line gets thinner where the hand was fast, or thicker with pressure where the device measures it.
    """
    points = [point for stroke in ink.strokes for point in stroke]
    left, top = min(p[0] for p in points), min(p[1] for p in points)
    wide, high = max(p[0] for p in points) - left, max(p[1] for p in points) - top
    pen = min(max(height * _PEN_SHARE, _PEN_THINNEST), _PEN_THICKEST)
    room_x, room_y = max(width - 2 * pen, 1.0), max(height - 2 * pen, 1.0)
    scale = min(room_x / max(wide, 1e-6), room_y / max(high, 1e-6))
    shift_x, shift_y = (width - wide * scale) / 2 - left * scale, (height - high * scale) / 2 - top * scale
    usual = _usual_speed(ink)
    return [
        line
        for stroke in ink.strokes
        if stroke
        for line in _stroke_lines(
            [(p[0] * scale + shift_x, p[1] * scale + shift_y) for p in stroke], _pen_widths(stroke, pen, usual)
        )
    ]


def _usual_speed(ink: Ink) -> float:
    """Pad pixels per millisecond while the pen is down."""
    steps = [(math.dist(a[:2], b[:2]), max(b[2] - a[2], 0.0)) for s in ink.strokes for a, b in pairwise(s)]
    return max(sum(length for length, _ in steps) / max(sum(time for _, time in steps), 1.0), 1e-6)


def _pen_widths(stroke: Stroke, pen: float, usual: float) -> list[float]:
    measured = len({point[3] for point in stroke}) > 1  # a constant pressure is a device that measures none
    widths, factor = [], 1.0
    for previous, point in pairwise((stroke[0], *stroke)):
        if measured and point[3] is not None:
            wanted = 0.55 + 0.9 * point[3]
        else:
            speed = math.dist(previous[:2], point[:2]) / max(point[2] - previous[2], 1.0)
            wanted = min(max(1.4 - 0.4 * speed / usual, 0.55), 1.3)
        factor += (wanted - factor) * 0.35
        widths.append(round(pen * factor / _WIDTH_STEP) * _WIDTH_STEP or _WIDTH_STEP)
    return widths


def _stroke_lines(points: list[tuple[float, float]], widths: list[float]) -> Iterator[BrushLine]:
    """Curves through the middles of the steps; a line ends where the width changes."""
    kept = _thin_out(points)
    if len(kept) == 1:
        x, y = points[kept[0]]
        yield BrushLine(widths[-1] * 1.3, (x, y), ((x, y, x, y),))
        return
    path = [points[at] for at in kept]
    pens = [widths[at] for at in kept]
    start, curves, pen = path[0], [], pens[1]
    for at in range(1, len(path)):
        (x, y), last = path[at], at == len(path) - 1
        end = (x, y) if last else ((x + path[at + 1][0]) / 2, (y + path[at + 1][1]) / 2)
        curves.append((x, y, *end))
        if last or pens[at + 1] != pen:
            yield BrushLine(pen, start, tuple(curves))
            start, curves, pen = end, [], pens[min(at + 1, len(path) - 1)]


def _thin_out(points: list[tuple[float, float]], closest: float = 0.9) -> list[int]:
    """Indices of the points to keep: nearer ones add bytes and nothing to see. First and last stay."""
    kept = [0]
    for at in range(1, len(points)):
        if math.dist(points[at], points[kept[-1]]) >= closest:
            kept.append(at)
    if kept[-1] != len(points) - 1 and math.dist(points[-1], points[kept[-1]]) > 0.05:
        kept.append(len(points) - 1)
    return kept


def _picture_size(ink: Ink, width: float) -> tuple[float, float]:
    points = [point for stroke in ink.strokes for point in stroke]
    wide = max(p[0] for p in points) - min(p[0] for p in points)
    high = max(p[1] for p in points) - min(p[1] for p in points)
    return width, width * min(max(high / max(wide, 1e-6), 0.2), 2.0)


def ink_svg(ink: Ink) -> str:
    """The trimmed signature as an SVG document (no script, no style, no outside reference)."""
    width, height = _picture_size(ink, 100.0)
    paths = []
    for line in brush_lines(ink, width, height):
        curves = "".join(f"Q{a:.2f} {b:.2f} {c:.2f} {d:.2f}" for a, b, c, d in line.curves)
        paths.append(f'<path d="M{line.start[0]:.2f} {line.start[1]:.2f}{curves}" stroke-width="{line.width:.1f}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.2f}">'
        f'<g fill="none" stroke="#111" stroke-linecap="round" stroke-linejoin="round">{"".join(paths)}</g></svg>'
    )


_SMOOTH = 3  # drawn this many times larger, then reduced


def ink_png(ink: Ink, width: int) -> bytes:
    """The trimmed signature, `width` pixels wide, dark on transparent, drawn again from the strokes."""
    wide, high = _picture_size(ink, 100.0)
    factor = width * _SMOOTH / wide
    mask = Image.new("L", (width * _SMOOTH, max(round(high * factor), 1)))
    pencil = ImageDraw.Draw(mask)
    for line in brush_lines(ink, wide, high):
        radius = line.width * factor / 2
        points = [(x * factor, y * factor) for x, y in _along(line)]
        pencil.line(points, fill=255, width=max(round(radius * 2), 1))
        for x, y in points:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    mask = mask.resize((width, max(mask.height // _SMOOTH, 1)), Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", mask.size, (17, 17, 17, 0))
    picture.putalpha(mask)
    output = BytesIO()
    picture.save(output, "PNG", optimize=True)
    return output.getvalue()


def _along(line: BrushLine, steps: int = 6) -> Iterator[tuple[float, float]]:
    x, y = line.start
    yield x, y
    for a, b, c, d in line.curves:
        for step in range(1, steps + 1):
            t = step / steps
            u = 1 - t
            yield u * u * x + 2 * u * t * a + t * t * c, u * u * y + 2 * u * t * b + t * t * d
        x, y = c, d
