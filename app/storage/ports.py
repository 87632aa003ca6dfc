"""What storage needs from the outside world."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol


class BlobStore(Protocol):
    """Write-once bytes under a key such as `org-…/ab/abcdef…`. Implementations: local directory, S3."""

    def put(self, key: str, data: bytes) -> None:
        """Store durably, atomically. An existing key is left as it is (write-once). Raises ProviderError."""

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises KeyError when absent, ProviderError when the store fails."""

    def delete(self, key: str) -> None:
        """Remove; absent is fine. Only the orphan sweep calls this."""

    def list_before(self, moment: datetime) -> Iterator[str]:
        """Keys last written before `moment` (aware UTC)."""

    def free_ratio(self) -> float:
        """Share of space left, 0..1; 1.0 where the store has no limit of its own."""
