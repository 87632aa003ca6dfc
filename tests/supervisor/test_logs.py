from contextlib import closing
from pathlib import Path

import pytest

from app.supervisor import logs
from app.supervisor.logs import RotatingLog


def test_keeps_a_limited_number_of_files_and_loses_no_recent_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 100)
    with closing(RotatingLog(tmp_path / "web.log")) as log:
        for number in range(100):
            log.write(f"line {number:04}\n".encode())
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["web.log", "web.log.1", "web.log.2", "web.log.3"]
    kept = "".join((tmp_path / name).read_text() for name in reversed(names))
    assert kept == "".join(f"line {number:04}\n" for number in range(100 - len(kept.splitlines()), 100))
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())


def test_tail_shows_only_what_came_since_the_last_start(tmp_path: Path) -> None:
    with closing(RotatingLog(tmp_path / "web.log")) as log:
        log.write(b"old failure\n")
        log.mark()
        log.write("新的\n".encode())
        assert log.tail() == "新的\n"


def test_goes_on_in_the_file_of_an_earlier_run(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n"):
        with closing(RotatingLog(tmp_path / "web.log")) as log:
            log.write(line)
    assert (tmp_path / "web.log").read_text() == "one\ntwo\n"
