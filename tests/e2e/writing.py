"""A finger that writes: real touch events, at the pace of a hand."""

import math
import time
from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

# Strokes of a made-up signature, as fractions of the pad along its long and its short side: start, end, swing.
_STROKES = (((0.10, 0.35), (0.30, 0.60), 0.18), ((0.36, 0.70), (0.58, 0.30), 0.22), ((0.62, 0.45), (0.90, 0.55), 0.20))
_STROKE_SECONDS, _STROKE_POINTS = 0.3, 20


def write_name(page: Page) -> None:
    """Three strokes over the pad. On an upright phone the line runs downwards."""
    box = page.locator("#pad").bounding_box()
    assert box is not None, "the pad is not on the screen"
    session = page.context.new_cdp_session(page)
    for stroke in _STROKES:
        _stroke(session, (_along(*stroke, share) for share in _passing()), box)
    session.detach()


def _passing() -> Iterator[float]:
    """Shares of a stroke, 0 to 1: a hand takes its time, and however slow the browser is, it sees every point."""
    for number in range(_STROKE_POINTS + 1):
        yield number / _STROKE_POINTS
        time.sleep(_STROKE_SECONDS / _STROKE_POINTS)


def _along(start: tuple[float, float], end: tuple[float, float], swing: float, share: float) -> tuple[float, float]:
    along = start[0] + (end[0] - start[0]) * share
    across = start[1] + (end[1] - start[1]) * share + swing * math.sin(share * math.tau)
    return along, across


def _stroke(session: CDPSession, points: Iterator[tuple[float, float]], box: dict[str, float]) -> None:
    kind = "touchStart"
    for along, across in points:
        x, y = box["x"] + (1 - across) * box["width"], box["y"] + along * box["height"]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        kind = "touchMove"
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
