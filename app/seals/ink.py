"""A signature written by hand: the strokes as the pad recorded them, and whether they will do (E3).

Coordinates are the pad's own (x to the right, y down), time in milliseconds, pressure 0 to 1 or None. The strokes
are the evidence; every picture is drawn from them (`app.seals.brush`), one made on a phone is never used.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard

from app.core.errors import DomainError

Point = tuple[float, float, float, float | None]
Stroke = tuple[Point, ...]

MOST_STROKES, MOST_POINTS = 200, 20_000
FEWEST_POINTS, SHORTEST_PATH, SHORTEST_TIME = 24, 240.0, 500.0  # points, pad pixels, milliseconds
_FULL_PAD = 300.0  # on a narrower pad a shorter path will do
_FLAT = 0.04  # a drawing thinner than this share of its length is a straight line
_LARGEST_COORDINATE = 1e6

_REASONS = {
    "malformed": (
        "签名数据不完整或格式不对。请刷新页面后重新签名。",
        "The strokes are not well-formed. Reload the page and sign again.",
    ),
    "empty": (
        "还没有签名。请在签名区内手写本人姓名。",
        "Nothing was written. Write your name inside the pad.",
    ),
    "too_large": (
        "签名笔画过多。请清空后只写本人姓名。",
        "There are too many strokes. Clear the pad and write only your name.",
    ),
    "too_short": (
        "签名过于简单，无法辨认。请清空后一笔一画写下完整姓名。",
        "The drawing is too short to be a signature. Clear the pad and write your full name.",
    ),
    "too_fast": (
        "书写时间过短。请清空后慢一些，写下完整姓名。",
        "It was drawn too fast. Clear the pad and write your full name calmly.",
    ),
    "straight_line": (
        "只画了一条直线，不能作为签名。请清空后写下完整姓名。",
        "A straight line is not a signature. Clear the pad and write your full name.",
    ),
}


class InkRefused(DomainError):
    """The strokes cannot stand for a signature; `reason` is machine-readable, the texts say what to do."""

    code = "ink_refused"
    http_status = 422
    message_zh = "{explanation_zh}"
    message_en = "{explanation_en}"

    def __init__(self, reason: str) -> None:
        chinese, english = _REASONS[reason]
        super().__init__(reason=reason, explanation_zh=chinese, explanation_en=english)


@dataclass(frozen=True, slots=True)
class Ink:
    """Strokes on a pad of `width` × `height` pixels."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]

    def to_json(self) -> dict[str, Any]:
        """{"width", "height", "strokes": [[[x, y, t_ms, pressure | null], …], …]}."""
        return {
            "width": self.width,
            "height": self.height,
            "strokes": [[list(point) for point in stroke] for stroke in self.strokes],
        }


def ink_from_json(value: object) -> Ink:
    """The counterpart of `Ink.to_json`. Raises InkRefused: malformed, empty or too_large."""
    if not isinstance(value, dict) or not isinstance(value.get("strokes"), list):
        raise InkRefused("malformed")
    width, height, strokes = value.get("width"), value.get("height"), value["strokes"]
    if not (_is_size(width) and _is_size(height)):
        raise InkRefused("malformed")
    if len(strokes) > MOST_STROKES or sum(len(s) for s in strokes if isinstance(s, list)) > MOST_POINTS:
        raise InkRefused("too_large")
    return Ink(float(width), float(height), tuple(_stroke(stroke) for stroke in strokes if stroke != []))


def check_ink(ink: Ink) -> None:
    """Refuse what is no signature: nothing, a dot, a tick, a straight line, a flick, a flood. Raises InkRefused."""
    points = [point for stroke in ink.strokes for point in stroke]
    if not points:
        raise InkRefused("empty")
    if len(ink.strokes) > MOST_STROKES or len(points) > MOST_POINTS:
        raise InkRefused("too_large")
    if not (_is_size(ink.width) and _is_size(ink.height) and all(map(_is_point, points))):
        raise InkRefused("malformed")
    path = sum(math.dist(a[:2], b[:2]) for stroke in ink.strokes for a, b in pairwise(stroke))
    if len(points) < FEWEST_POINTS or path < SHORTEST_PATH * min(1.0, ink.width / _FULL_PAD):
        raise InkRefused("too_short")
    times = [point[2] for point in points]
    if max(times) - min(times) < SHORTEST_TIME:
        raise InkRefused("too_fast")
    if _is_flat(points):
        raise InkRefused("straight_line")


def _is_number(value: object) -> TypeGuard[float]:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) <= _LARGEST_COORDINATE
    )


def _is_size(value: object) -> TypeGuard[float]:
    return _is_number(value) and 1 <= value <= 10_000


def _is_time(value: object) -> TypeGuard[float]:
    """Also milliseconds since 1970, which some phones report."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e14


def _is_point(point: object) -> TypeGuard[Point]:
    if not isinstance(point, list | tuple) or len(point) != 4:
        return False
    x, y, time, pressure = point
    if not (_is_number(x) and _is_number(y) and _is_time(time)):
        return False
    return pressure is None or (_is_number(pressure) and 0 <= pressure <= 1)


def _stroke(value: object) -> Stroke:
    if not isinstance(value, list):
        raise InkRefused("malformed")
    points = []
    for point in value:
        if not _is_point(point):
            raise InkRefused("malformed")
        x, y, time, pressure = point
        points.append((float(x), float(y), float(time), None if pressure is None else float(pressure)))
    return tuple(points)


def _is_flat(points: list[Point]) -> bool:
    """All points lie along one straight line: extent across the main direction against extent along it."""
    count = len(points)
    mean_x, mean_y = sum(p[0] for p in points) / count, sum(p[1] for p in points) / count
    xx = sum((p[0] - mean_x) ** 2 for p in points)
    yy = sum((p[1] - mean_y) ** 2 for p in points)
    xy = sum((p[0] - mean_x) * (p[1] - mean_y) for p in points)
    angle = math.atan2(2 * xy, xx - yy) / 2
    cosine, sine = math.cos(angle), math.sin(angle)
    along = [p[0] * cosine + p[1] * sine for p in points]
    across = [p[1] * cosine - p[0] * sine for p in points]
    return max(across) - min(across) < _FLAT * (max(along) - min(along))
