"""What children print, kept in files of limited size."""

from pathlib import Path

MAX_BYTES = 5_000_000
KEPT = 3


class RotatingLog:
    """`name.log`, and at most `KEPT` older ones beside it. Written by the supervisor only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open()

    def _open(self) -> None:
        self._stream = self.path.open("ab", buffering=0)
        self._size = self._marked = self._stream.tell()

    def mark(self) -> None:
        """What comes from now on belongs to a new start."""
        self._marked = self._size

    def write(self, output: bytes) -> None:
        if self._size + len(output) > MAX_BYTES:
            self._rotate()
        self._stream.write(output)
        self._size += len(output)

    def _rotate(self) -> None:
        self._stream.close()
        for number in range(KEPT, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        self._open()

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path

    def tail(self, limit: int = 3000) -> str:
        """What was printed since the last mark: at most the last `limit` bytes of it."""
        with self.path.open("rb") as stream:
            stream.seek(max(self._marked, self._size - limit))
            return stream.read().decode(errors="replace")

    def close(self) -> None:
        self._stream.close()
