"""Handwriting: which strokes are refused and why, and how the accepted ones are drawn."""

import itertools
import json
import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.seals.brush import brush_lines
from app.seals.ink import Point
from app.signing.appearance import Ink, InkRefused, check_ink, handwriting, ink_from_json, ink_png, ink_svg
from tests.signing.engine.world import sample_ink


def line(count: int, length: float, time: float, *, slope: float = 0.0) -> tuple[Point, ...]:
    return tuple((20 + length * at / count, 50 + slope * at, time * at / count, None) for at in range(count + 1))


def wave(count: int, length: float, time: float) -> tuple[Point, ...]:
    return tuple((20 + length * at / count, 80 + 30 * math.sin(at / 4), time * at / count, None) for at in range(count))


def reason(ink: Ink) -> str:
    with pytest.raises(InkRefused) as caught:
        check_ink(ink)
    assert caught.value.http_status == 422
    assert caught.value.code == "ink_refused"
    assert caught.value.text_zh.endswith("。")
    assert caught.value.text_en.endswith(".")
    return str(caught.value.details["reason"])


class TestCheck:
    def test_a_signature_is_accepted(self) -> None:
        check_ink(sample_ink())

    def test_one_long_stroke_is_accepted(self) -> None:
        check_ink(Ink(600, 240, (wave(60, 400, 900),)))

    def test_a_narrow_pad_asks_for_less(self) -> None:
        drawing = (wave(60, 60, 900),)
        assert reason(Ink(600, 240, (wave(20, 30, 900), wave(8, 10, 100)))) == "too_short"
        check_ink(Ink(150, 80, drawing))

    @pytest.mark.parametrize(
        ("ink", "expected"),
        [
            (Ink(600, 240, ()), "empty"),
            (Ink(600, 240, ((),)), "empty"),
            (Ink(600, 240, (((300.0, 120.0, 0.0, None),),)), "too_short"),
            (Ink(600, 240, (line(10, 400, 900),)), "too_short"),
            (Ink(600, 240, (wave(40, 20, 900)[:23],)), "too_short"),
            (Ink(600, 240, (wave(60, 400, 400),)), "too_fast"),
            (Ink(600, 240, (line(60, 500, 900),)), "straight_line"),
            (Ink(600, 240, (line(60, 300, 900, slope=2.0),)), "straight_line"),
            (Ink(600, 240, (line(60, 500, 900), line(60, 500, 900))), "straight_line"),
            (Ink(600, 240, (wave(60, 400, 900),) * 201), "too_large"),
            (Ink(600, 240, (wave(20_001, 400, 900),)), "too_large"),
            (Ink(math.nan, 240, (wave(60, 400, 900),)), "malformed"),
            (Ink(600, 0, (wave(60, 400, 900),)), "malformed"),
            (Ink(600, 240, ((*wave(60, 400, 900), (math.inf, 0.0, 0.0, None)),)), "malformed"),
            (Ink(600, 240, ((*wave(60, 400, 900), (1.0, 0.0, 0.0, 1.5)),)), "malformed"),
            (Ink(600, 240, ((*wave(60, 400, 900), (1.0, 0.0, -5.0, None)),)), "malformed"),
        ],
    )
    def test_what_is_no_signature_is_refused(self, ink: Ink, expected: str) -> None:
        assert reason(ink) == expected

    def test_the_limits_are_exact(self) -> None:
        """24 points, 240 pixels, half a second: one less is too little."""
        zigzag = tuple((20.0 + at * 8, 50.0 + (at % 2) * 7, at * 500 / 23, None) for at in range(24))
        path = sum(math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(zigzag))
        assert path > 240
        check_ink(Ink(600, 240, (zigzag,)))
        assert reason(Ink(600, 240, (zigzag[:-1],))) == "too_short"
        assert reason(Ink(600, 240, (tuple((x, y, t * 0.99, p) for x, y, t, p in zigzag),))) == "too_fast"
        short = 239 / path
        assert reason(Ink(600, 240, (tuple((x * short, y * short, t, p) for x, y, t, p in zigzag),))) == "too_short"


class TestJson:
    def test_round_trip(self) -> None:
        ink = sample_ink()
        assert ink_from_json(json.loads(json.dumps(ink.to_json()))) == ink

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (None, "malformed"),
            ([], "malformed"),
            ({"width": 1, "height": 1}, "malformed"),
            ({"width": "600", "height": 240, "strokes": []}, "malformed"),
            ({"width": True, "height": 240, "strokes": []}, "malformed"),
            ({"width": 600, "height": 240, "strokes": [1]}, "malformed"),
            ({"width": 600, "height": 240, "strokes": [[[1, 2, 3]]]}, "malformed"),
            ({"width": 600, "height": 240, "strokes": [[[1, 2, 3, "1"]]]}, "malformed"),
            ({"width": 600, "height": 240, "strokes": [[[1e300, 2, 3, None]]]}, "malformed"),
            ({"width": 600, "height": 240, "strokes": [[[1, 2, 3, None]]] * 201}, "too_large"),
            ({"width": 600, "height": 240, "strokes": [[[1, 2, 3, None]] * 20_001]}, "too_large"),
        ],
    )
    def test_malformed_input_is_refused(self, value: object, expected: str) -> None:
        with pytest.raises(InkRefused) as caught:
            ink_from_json(value)
        assert caught.value.details["reason"] == expected

    def test_taps_without_points_are_dropped(self) -> None:
        assert ink_from_json({"width": 600, "height": 240, "strokes": [[], [[1, 2, 3, None]]]}).strokes == (
            ((1.0, 2.0, 3.0, None),),
        )


numbers = st.floats(-2000, 2000)
points = st.tuples(numbers, numbers, st.floats(0, 1e13), st.none() | st.floats(0, 1))
strokes = st.lists(st.lists(points, min_size=1, max_size=12).map(tuple), min_size=1, max_size=6).map(tuple)


@given(strokes=strokes)
def test_any_strokes_are_drawn_inside_the_box(strokes: tuple[tuple[Point, ...], ...]) -> None:
    for one in brush_lines(Ink(600, 240, strokes), 150, 60):
        places = [one.start, *((c, d) for _, _, c, d in one.curves), *((a, b) for a, b, _, _ in one.curves)]
        assert all(-0.01 <= x <= 150.01 and -0.01 <= y <= 60.01 for x, y in places)
        assert 0 < one.width <= 5


def test_proportions_are_kept_and_the_drawing_is_centred() -> None:
    square = (((100.0, 100.0, 0.0, None), (200.0, 100.0, 9.0, None), (200.0, 200.0, 20.0, None)),)
    lines = brush_lines(Ink(600, 400, square), 300, 100)
    xs = [x for one in lines for x in (one.start[0], *(curve[2] for curve in one.curves))]
    ys = [y for one in lines for y in (one.start[1], *(curve[3] for curve in one.curves))]
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), rel=0.05)
    assert (max(xs) + min(xs)) / 2 == pytest.approx(150, abs=2)
    assert max(ys) - min(ys) > 85


def test_speed_and_pressure_change_the_width() -> None:
    slow_then_fast = tuple((10.0 + at * (1 if at < 40 else 8), 50.0 + at % 7, at * 10.0, None) for at in range(80))
    widths = [one.width for one in brush_lines(Ink(600, 240, (slow_then_fast,)), 400, 100)]
    assert widths[0] > widths[-1]
    harder = tuple((10.0 + at * 4, 50.0 + at % 7, at * 10.0, 0.1 + at / 100) for at in range(80))
    widths = [one.width for one in brush_lines(Ink(600, 240, (harder,)), 400, 100)]
    assert widths[0] < widths[-1]


def test_pdf_operators_draw_round_lines_only() -> None:
    drawn = handwriting(sample_ink(), (150, 60))
    words = drawn.content.split()
    assert {word for word in words if word.isalpha()} == {b"G", b"J", b"j", b"cm", b"w", b"m", b"l", b"c", b"S"}
    assert (drawn.width, drawn.height, drawn.shared) == (150, 60, False)


def test_svg_holds_paths_and_nothing_active() -> None:
    root = ET.fromstring(ink_svg(sample_ink()))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "g", "path"}


def test_png_is_dark_on_transparent_and_trimmed() -> None:
    picture = Image.open(BytesIO(ink_png(sample_ink(), 400)))
    assert picture.mode == "RGBA"
    assert picture.width == 400
    box = picture.getchannel("A").getbbox()
    assert box is not None
    assert box[2] - box[0] > 370
    assert picture.getpixel((0, 0)) == (17, 17, 17, 0)


def test_a_dot_of_a_character_is_drawn() -> None:
    """𠮷 and 义 have dots: a tap inside a signature must not vanish."""
    ink = sample_ink()
    dotted = replace(ink, strokes=(*ink.strokes, ((30.0, 30.0, 3000.0, None),)))
    assert len(brush_lines(dotted, 150, 60)) == len(brush_lines(ink, 150, 60)) + 1
