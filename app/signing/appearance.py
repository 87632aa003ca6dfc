"""What a signature looks like on the page: PDF drawing operators, never a bitmap (E1, E3).

Strokes and their checks live in `app.seals.ink`, their pictures in `brush`, the seal in `drawing` beside it.
"""

from dataclasses import dataclass

from app.seals.brush import BrushLine, brush_lines, ink_png, ink_svg
from app.seals.drawing import SealDrawing
from app.seals.ink import Ink, InkRefused, check_ink, ink_from_json

__all__ = [
    "Appearance", "Ink", "InkRefused", "check_ink", "handwriting", "ink_from_json", "ink_png", "ink_svg", "seal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Appearance:
    """A drawing of `width` × `height` points, origin lower left; the field's box shows it whole and centred.

    `shared`: kept in the file once, however many fields show it; it lets the text below shine through.
    """

    content: bytes
    width: float
    height: float
    shared: bool = False


_UNIT = 20  # coordinates are whole twentieths of a point: shorter to write, finer than any screen


def handwriting(ink: Ink, box: tuple[float, float]) -> Appearance:
    """The strokes as round lines of varying width, filling `box` (width, height in points), 1 to 3 KB deflated."""
    width, height = box
    lines = [_operators(line, height) for line in brush_lines(ink, width, height)]
    setup = f"0.07 G 1 J 1 j {1 / _UNIT} 0 0 {1 / _UNIT} 0 0 cm\n"
    return Appearance((setup + "\n".join(lines)).encode(), width, height)


def seal(drawing: SealDrawing) -> Appearance:
    """An organisation's seal, one form XObject for the whole document."""
    return Appearance(drawing.content, drawing.size, drawing.size, shared=True)


def _operators(line: BrushLine, height: float) -> str:
    """PDF knows cubic curves only: the controls lie two thirds of the way to the quadratic one."""
    x, y = line.start
    parts = [f"{line.width * _UNIT:.0f} w {_coordinates((x, y), height=height)} m"]
    for control_x, control_y, end_x, end_y in line.curves:
        end = (end_x, end_y)
        if (control_x, control_y) == end:
            parts.append(f"{_coordinates(end, height=height)} l")
        else:
            first = (x + 2 * (control_x - x) / 3, y + 2 * (control_y - y) / 3)
            second = (end_x + 2 * (control_x - end_x) / 3, end_y + 2 * (control_y - end_y) / 3)
            parts.append(f"{_coordinates(first, second, end, height=height)} c")
        x, y = end
    return " ".join(parts) + " S"


def _coordinates(*points: tuple[float, float], height: float) -> str:
    """With y pointing up, as PDF has it."""
    return " ".join(f"{round(x * _UNIT)} {round((height - y) * _UNIT)}" for x, y in points)
