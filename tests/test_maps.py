"""The maps are true: every test that the documentation names exists, every catalogue row has its line."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = {
    "A": 11, "B": 8, "C": 4, "D": 7, "E": 6, "F": 7, "G": 7, "H": 12, "I": 4, "J": 4, "K": 7, "L": 5, "M": 6,
}  # fmt: skip
_NAME = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@lru_cache
def names_in(path: str) -> frozenset[str]:
    """`test_x` and `TestY::test_x` of a file; empty when there is no such file."""
    file = ROOT / path
    if not file.exists():
        return frozenset()
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return frozenset(found)


def lines_of(name: str) -> list[list[str]]:
    """Cells of the table rows that begin with an id."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in rows if re.match(r"([A-M]|T-)\d+", row[0]) and len(row) == 4]


@pytest.mark.parametrize("name", ["features.md", "threats.md"])
def test_every_named_test_exists(name: str) -> None:
    for row in lines_of(name):
        named = _NAME.findall(row[-1])
        missing = [f"{path}::{test}" for path, test in named if test not in names_in(path)]
        assert missing == [], row[0]


def test_every_row_of_the_catalogue_has_an_honest_state() -> None:
    rows = {row[0]: row for row in lines_of("features.md")}
    assert set(rows) == {f"{area}{number}" for area, count in ROWS.items() for number in range(1, count + 1)}
    for key, (_, state, where, tests) in rows.items():
        assert state in ("yes", "partly", "no"), key
        assert (state == "no") == (not where and not tests), f"{key}: what works is named, what doesn't is not"


def test_every_threat_has_a_test() -> None:
    for row in lines_of("threats.md"):
        assert _NAME.findall(row[-1]), row[0]


@pytest.mark.parametrize(
    "page", sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_links_lead_somewhere(page: str) -> None:
    file = ROOT / page
    broken = [link for link in _LINK.findall(file.read_text(encoding="utf-8")) if not (file.parent / link).exists()]
    assert broken == []
