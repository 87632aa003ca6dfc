"""Blobs in a local directory: the default store. One file per key, written once and durably (T-34)."""

import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.core.crashpoints import reached
from app.core.errors import ProviderError

PROVIDER = "local_blobs"
MINIMUM_FREE = 0.05
_TEMPORARY = ".tmp"
_STALE_AFTER = 3600  # seconds; no write takes an hour
_KEY = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}/){0,7}[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}")
_FULL = (errno.ENOSPC, errno.EDQUOT)


class LocalBlobStore:
    """BlobStore. The directory is made when missing; no writes when less than `minimum_free` is left."""

    def __init__(self, root: Path, *, minimum_free: float = MINIMUM_FREE) -> None:
        self._root = root.resolve()
        self._minimum_free = minimum_free
        self._temporary = self._root / _TEMPORARY
        self._temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._remove_stale_drafts()

    def put(self, key: str, data: bytes) -> None:
        """See `BlobStore.put`. ProviderError `storage_full`, `storage_failed`; nothing is left half-written.

        Storing an existing key again makes it young, so that the orphan sweep spares what is in use once
        more.
        """
        path = self._path(key)
        try:
            if path.exists():
                os.utime(path)
                _sync_directory(path.parent)  # its first writer may not have come to that yet
                return
            if self.free_ratio() < self._minimum_free:
                raise ProviderError(PROVIDER, "storage_full")
            self._make_directory(path.parent)
            self._write(path, data)
        except OSError as error:
            raise _failed(error) from None

    def get(self, key: str) -> bytes:
        path = self._path(key)
        try:
            return path.read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise KeyError(key) from None
        except OSError as error:
            raise _failed(error) from None

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise _failed(error) from None

    def list_before(self, moment: datetime) -> Iterator[str]:
        for directory, subdirectories, names in os.walk(self._root):
            subdirectories[:] = [name for name in subdirectories if name != _TEMPORARY]
            for name in names:
                path = Path(directory, name)
                if _written_at(path) < moment:
                    yield path.relative_to(self._root).as_posix()

    def free_ratio(self) -> float:
        try:
            usage = shutil.disk_usage(self._root)
        except OSError as error:
            raise _failed(error) from None
        return usage.free / usage.total if usage.total else 0.0

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a blob key")
        return self._root / key

    def _write(self, path: Path, data: bytes) -> None:
        descriptor, draft = tempfile.mkstemp(dir=self._temporary)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            reached("blob.written")
            # A link instead of a rename: of two writers at once the first one stays, and neither overwrites.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
        _sync_directory(path.parent)

    def _make_directory(self, directory: Path) -> None:
        if directory.is_dir():
            return
        self._make_directory(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)
        _sync_directory(directory.parent)

    def _remove_stale_drafts(self) -> None:
        for draft in self._temporary.iterdir():
            if time.time() - _written_at(draft).timestamp() > _STALE_AFTER:
                draft.unlink(missing_ok=True)


def _written_at(path: Path) -> datetime:
    """The far future for a file that another process has just removed: nobody acts on it."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(error: OSError) -> ProviderError:
    code = "storage_full" if error.errno in _FULL else "storage_failed"
    return ProviderError(PROVIDER, code, errno.errorcode.get(error.errno or 0, ""))
