"""The archive is looked at again and again: what was damaged is named, what only grew old is not (F-08)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.contracts import integrity
from app.contracts.integrity import IntegrityReport, sweep_completed, verify_completed
from app.contracts.models import Contract
from tests.contracts.world import World

Look = Callable[[], IntegrityReport]


@pytest.fixture(params=["sweep", "verify"])
def look(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Both ways to look, one contract a page."""
    monkeypatch.setattr(integrity, "PAGE", 1)
    if request.param == "sweep":
        return lambda: sweep_completed(blobs=world.providers.blobs)
    return lambda: verify_completed(ports=world.ports)


def test_every_completed_contract_is_looked_at(world: World, look: Look) -> None:
    for _ in range(2):
        world.completed()
    assert look() == IntegrityReport(2, ())


def test_a_damaged_file_is_named_and_the_others_are_still_looked_at(world: World, look: Look, tmp_path: Path) -> None:
    first, _second = (world.completed()[2] for _ in range(2))
    _damage(tmp_path, first)
    assert look() == IntegrityReport(2, (first.number,))


def test_the_sweep_does_not_mind_that_time_passes(world: World) -> None:
    world.completed()
    world.pass_time(days=20 * 365)
    assert sweep_completed(blobs=world.providers.blobs) == IntegrityReport(1, ())


def _damage(folder: Path, contract: Contract) -> None:
    """One bit on the disk."""
    (path,) = folder.rglob(f"*{contract.revision_sha256}*")
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
