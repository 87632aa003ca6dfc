"""The one place that knows what time it is. Tests set it; nothing else reads the wall clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _wall_clock() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _wall_clock


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _source()


def set_clock(source: Callable[[], datetime] | None) -> None:
    """Replace the clock of this process; None restores the wall clock."""
    global _source
    _source = source or _wall_clock


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` (aware) inside the block."""
    previous = _source
    set_clock(lambda: moment.astimezone(UTC))
    try:
        yield
    finally:
        set_clock(previous)


def in_shanghai(moment: datetime) -> datetime:
    """The same moment on a Chinese wall clock: how every time is shown to people."""
    return moment.astimezone(SHANGHAI)
