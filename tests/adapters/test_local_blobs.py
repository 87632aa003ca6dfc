"""F-06: the local store writes once, completely, or not at all."""

import errno
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.adapters import local_blobs
from app.adapters.local_blobs import LocalBlobStore
from app.core.clock import now
from app.core.errors import ProviderError

KEY = "org-1f/ab/abcdef0123456789"


@pytest.fixture
def store(tmp_path: Path) -> LocalBlobStore:
    return LocalBlobStore(tmp_path / "blobs", minimum_free=0.0)


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def failing(number: int) -> Callable[..., Any]:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_gives_back_what_was_put(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put(KEY, b"contract")
    store.put("empty", b"")
    assert store.get(KEY) == b"contract"
    assert store.get("empty") == b""
    assert files(tmp_path / "blobs") == ["empty", KEY]


def test_survives_its_process(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put(KEY, b"contract")
    assert LocalBlobStore(tmp_path / "blobs").get(KEY) == b"contract"


def test_the_first_bytes_stay(store: LocalBlobStore) -> None:
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    assert store.get(KEY) == b"first"


def test_only_the_owner_can_read(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put(KEY, b"contract")
    path = tmp_path / "blobs" / KEY
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("key", [KEY, "org-1f", "org-1f/ab", f"{KEY}/deeper"])
def test_absent(store: LocalBlobStore, key: str) -> None:
    if key != KEY:
        store.put(KEY, b"contract")
    with pytest.raises(KeyError):
        store.get(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/",
        ".tmp/x",
        "a/.hidden",
        "a\\b",
        "a\x00b",
        "a b",
        "合同",
        "a\n",
        "x" * 200,
        "/".join("abcdefghi"),
    ],
)
def test_keys_that_are_none(store: LocalBlobStore, key: str) -> None:
    for call in (lambda: store.put(key, b""), lambda: store.get(key), lambda: store.delete(key)):
        with pytest.raises(ValueError, match="blob key"):
            call()


def test_many_writers_of_one_key_leave_one_complete_blob(store: LocalBlobStore, tmp_path: Path) -> None:
    barrier = threading.Barrier(8)

    def write(number: int) -> None:
        barrier.wait()
        store.put(KEY, bytes([number]) * 100_000)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    data = store.get(KEY)
    assert len(data) == 100_000
    assert len(set(data)) == 1
    assert files(tmp_path / "blobs") == [KEY]


def test_deleting(store: LocalBlobStore) -> None:
    store.put(KEY, b"contract")
    store.delete(KEY)
    store.delete(KEY)
    with pytest.raises(KeyError):
        store.get(KEY)


def test_lists_by_age_and_a_second_put_makes_young(store: LocalBlobStore, tmp_path: Path) -> None:
    store.put(KEY, b"1")
    store.put("org-2/cd/x", b"2")
    old = (now() - timedelta(days=2)).timestamp()
    for key in (KEY, "org-2/cd/x"):
        os.utime(tmp_path / "blobs" / key, (old, old))
    yesterday = now() - timedelta(days=1)
    assert sorted(store.list_before(yesterday)) == [KEY, "org-2/cd/x"]
    store.put(KEY, b"1")
    assert list(store.list_before(yesterday)) == ["org-2/cd/x"]


def test_refuses_when_little_space_is_left(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path, minimum_free=1.01)
    assert 0 < store.free_ratio() <= 1
    with pytest.raises(ProviderError) as caught:
        store.put(KEY, b"contract")
    assert (caught.value.code, caught.value.permanent) == ("storage_full", False)
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("call", "number", "code"),
    [
        ("fsync", errno.EIO, "storage_failed"),
        ("fsync", errno.ENOSPC, "storage_full"),
        ("link", errno.EDQUOT, "storage_full"),
        ("link", errno.EROFS, "storage_failed"),
    ],
)
def test_a_failed_write_leaves_nothing_and_the_next_one_works(
    store: LocalBlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(local_blobs.os, call, failing(number))
        with pytest.raises(ProviderError) as caught:
            store.put(KEY, b"contract")
    assert (caught.value.code, caught.value.permanent) == (code, False)
    assert errno.errorcode[number] in str(caught.value)
    assert files(tmp_path / "blobs") == []
    store.put(KEY, b"contract")
    assert store.get(KEY) == b"contract"


def test_every_byte_is_on_the_disk_before_the_name_is(store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Power may fail at any moment: file synced, then named, then its directory synced."""
    calls: list[str] = []
    real_sync, real_link = os.fsync, os.link

    def sync(descriptor: int) -> None:
        calls.append("directory" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        real_sync(descriptor)

    def link(source: str, target: Path) -> None:
        calls.append("link")
        real_link(source, target)

    store.put("org/x", b"the directory exists")
    monkeypatch.setattr(local_blobs.os, "fsync", sync)
    monkeypatch.setattr(local_blobs.os, "link", link)
    store.put("org/y", b"contract")
    assert calls == ["file", "link", "directory"]


def test_an_unreadable_blob_is_not_an_absent_one(store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(KEY, b"contract")
    monkeypatch.setattr(Path, "read_bytes", failing(errno.EIO))
    with pytest.raises(ProviderError, match="storage_failed EIO"):
        store.get(KEY)


def test_a_store_that_went_away_is_an_outage(store: LocalBlobStore, tmp_path: Path) -> None:
    (tmp_path / "blobs").rename(tmp_path / "unmounted")
    with pytest.raises(ProviderError, match="storage_failed ENOENT"):
        store.free_ratio()
    with pytest.raises(ProviderError, match="storage_failed ENOENT"):
        store.put(KEY, b"contract")
    (tmp_path / "unmounted").rename(tmp_path / "blobs")
    store.put(KEY, b"contract")


def test_drafts_of_a_killed_writer_go_at_the_next_start(tmp_path: Path) -> None:
    LocalBlobStore(tmp_path)
    stale, fresh = tmp_path / ".tmp" / "stale", tmp_path / ".tmp" / "fresh"
    for draft in (stale, fresh):
        draft.write_bytes(b"half")
    os.utime(stale, (0, 0))
    store = LocalBlobStore(tmp_path)
    assert files(tmp_path) == [".tmp/fresh"]
    assert list(store.list_before(now() + timedelta(days=1))) == []
