"""The agreements' few marks as blocks that a template shows: headings, lists, paragraphs, bold."""

import re
from dataclasses import dataclass
from itertools import groupby

_ITEM = re.compile(r"(?:\d+\.|-)\s+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: h1, h2, list or p. `lines`: each a list of (text, is bold)."""

    kind: str
    lines: list[list[tuple[str, bool]]]


def blocks(text: str) -> list[Block]:
    """Never HTML: the template escapes every piece."""
    found: list[Block] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for kind, group in groupby(lines, _kind):
        pieces = [_pieces(line, kind) for line in group]
        found += [Block(kind, pieces)] if kind == "list" else [Block(kind, [line]) for line in pieces]
    return found


def _kind(line: str) -> str:
    if line.startswith("## "):
        return "h2"
    if line.startswith("# "):
        return "h1"
    return "list" if _ITEM.match(line) else "p"


def _pieces(line: str, kind: str) -> list[tuple[str, bool]]:
    clean = _ITEM.sub("", line, count=1) if kind == "list" else line.lstrip("# ")
    return [(piece, number % 2 == 1) for number, piece in enumerate(_BOLD.split(clean)) if piece]
