"""Documents: bytes first, the row second; encrypted; never a wrong file (T-34, T-37, F-08)."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.local_blobs import LocalBlobStore
from app.core.clock import clock_at, now
from app.core.db import transaction
from app.storage.service import FileDamaged, read_file, record_file, remove_orphans, sha256_of, write_file

DATA = "劳动合同".encode() * 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def blobs(root: Path) -> LocalBlobStore:
    return LocalBlobStore(root, minimum_free=0.0)


def only_file(root: Path) -> Path:
    (found,) = [path for path in root.rglob("*") if path.is_file()]
    return found


def test_what_was_written_is_read(blobs: LocalBlobStore) -> None:
    digest = write_file(blobs, scope="org-1", data=DATA)
    assert digest == sha256_of(DATA)
    assert read_file(blobs, scope="org-1", sha256=digest) == DATA


def test_the_bytes_on_the_disk_say_nothing(blobs: LocalBlobStore, root: Path) -> None:
    write_file(blobs, scope="org-1", data=DATA)
    assert "劳动".encode() not in only_file(root).read_bytes()


def test_another_organisations_scope_opens_nothing(blobs: LocalBlobStore, root: Path) -> None:
    digest = write_file(blobs, scope="org-1", data=DATA)
    with pytest.raises(FileDamaged):
        read_file(blobs, scope="org-2", sha256=digest)
    moved = root / "org-2" / digest[:2] / digest
    moved.parent.mkdir(parents=True)
    moved.write_bytes((root / "org-1" / digest[:2] / digest).read_bytes())
    with pytest.raises(FileDamaged):
        read_file(blobs, scope="org-2", sha256=digest)


@pytest.mark.parametrize("at", [0, 10, -1])
def test_a_flipped_byte_is_an_error_and_no_file(blobs: LocalBlobStore, root: Path, at: int) -> None:
    digest = write_file(blobs, scope="org-1", data=DATA)
    path = only_file(root)
    changed = bytearray(path.read_bytes())
    changed[at] ^= 1
    path.chmod(0o600)
    path.write_bytes(changed)
    with pytest.raises(FileDamaged):
        read_file(blobs, scope="org-1", sha256=digest)


def test_a_lost_file_is_an_error(blobs: LocalBlobStore, root: Path) -> None:
    digest = write_file(blobs, scope="org-1", data=DATA)
    only_file(root).unlink()
    with pytest.raises(FileDamaged):
        read_file(blobs, scope="org-1", sha256=digest)


def test_bytes_without_a_row_are_collected_after_a_day(database: object, blobs: LocalBlobStore) -> None:
    kept, orphan = write_file(blobs, scope="org-1", data=DATA), write_file(blobs, scope="org-1", data=b"lost")
    with transaction() as session:
        record_file(session, scope="org-1", sha256=kept, size=len(DATA), media_type="application/pdf")
    assert remove_orphans(blobs) == 0
    with clock_at(now() + timedelta(hours=25)):
        assert remove_orphans(blobs) == 1
    assert read_file(blobs, scope="org-1", sha256=kept) == DATA
    with pytest.raises(FileDamaged):
        read_file(blobs, scope="org-1", sha256=orphan)


def test_naming_twice_is_harmless(database: object) -> None:
    for _ in range(2):
        with transaction() as session:
            record_file(session, scope="org-1", sha256="a" * 64, size=1, media_type="application/pdf")
