"""The sandbox's own time, which tests may shift."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """Real time plus an offset. Vendors judge expiry, skew and validity by it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()

    def now(self) -> datetime:
        """Aware UTC."""
        with self._lock:
            return datetime.now(UTC) + self._offset

    def set_offset(self, seconds: float) -> None:
        """Run ahead of (or behind) real time from now on; 0 is real time again."""
        with self._lock:
            self._offset = timedelta(seconds=seconds)
