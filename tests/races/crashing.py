"""A power cut inside this process: a crash point raises instead of ending us, and nothing catches it.

Rolls back and leaves behind exactly what kill -9 does: committed rows, written bytes, leases. The same points are
passed by real processes in tests/process.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from app.jobs.service import release_leases


class PowerCut(BaseException):
    """No `except Exception` stops it."""


@dataclass(frozen=True, slots=True)
class Crashes:
    """`die_at(point, …)` does things until the point is reached; after it a new process has started."""

    file: Path

    def die_at(self, point: str, *acts: Callable[[], Any]) -> None:
        self.file.write_text(point, encoding="ascii")
        try:
            for act in acts:
                act()
        except PowerCut:
            pass
        else:
            pytest.fail(f"{point} was never reached")
        assert not self.file.exists()
        release_leases(lambda owner: True)


@pytest.fixture
def crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crashes:
    file = tmp_path / "crash-at"
    monkeypatch.setenv("GONGYUE_ENV", "test")
    monkeypatch.setenv("GONGYUE_CRASH_AT", str(file))
    monkeypatch.setattr(os, "_exit", _cut)
    return Crashes(file)


def _cut(code: int) -> NoReturn:
    assert code == 137
    raise PowerCut
