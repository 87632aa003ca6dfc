import socket
import stat
from pathlib import Path

import pytest

from app.settings import Settings
from app.supervisor.place import CannotStart, Place, child_environment, listen
from tests.support.ports import free_port


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.prepare({"DATA_DIR": str(tmp_path / "var")})


def test_data_and_keys_are_for_their_owner_only(place: Place) -> None:
    place.secrets()
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.data / "dev.env").stat().st_mode) == 0o600


def test_keys_are_made_once_and_are_keys(place: Place) -> None:
    first = place.secrets()
    assert place.secrets() == first
    settings = Settings.from_environment(first)
    assert list(settings.keyring().keys) == ["local"]
    assert len(set(first.values())) == 3


def test_two_instances_have_different_keys(tmp_path: Path) -> None:
    one, other = (Place.prepare({"DATA_DIR": str(tmp_path / name)}).secrets() for name in ("one", "other"))
    assert not set(one.values()) & set(other.values())


def test_a_second_instance_on_the_same_data_is_told_where_the_first_is(place: Place) -> None:
    with place.lock():
        place.write_record({"url": "http://127.0.0.1:8123"})
        with pytest.raises(CannotStart, match=r"http://127\.0\.0\.1:8123"):
            place.lock()
    place.lock().close()


def test_takes_the_next_port_when_the_usual_one_is_taken() -> None:
    usual = free_port()
    with listen({}, "PORT", usual) as first, listen({}, "PORT", usual) as second:
        assert first.getsockname() == ("127.0.0.1", usual)
        assert second.getsockname()[1] > usual


def test_a_demanded_port_that_is_taken_is_refused_by_name() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(CannotStart, match=f"{port}.*PORT="):
            listen({"PORT": port}, "PORT", 8000)


@pytest.mark.parametrize("port", ["eighty", "-1", "70000"])
def test_a_demanded_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(CannotStart, match="PORT"):
        listen({"PORT": port}, "PORT", 8000)


def test_children_use_the_given_servers_and_otherwise_the_embedded_ones(place: Place) -> None:
    embedded = child_environment(place, {}, "http://127.0.0.1:8000", sandbox=True)
    assert embedded["DATABASE_URL"] == f"sqlite:///{place.data}/gongyue.db"
    assert embedded["SANDBOX_CREDENTIALS"] == str(place.credentials)
    given = {"DATABASE_URL": "postgresql://db/gongyue", "REDIS_URL": "redis://cache", "S3_BUCKET": "contracts"}
    told = child_environment(place, given, "http://127.0.0.1:8000", sandbox=False)
    assert told.items() >= given.items()
    assert "SANDBOX_CREDENTIALS" not in told


def test_production_gets_no_generated_keys(place: Place) -> None:
    told = child_environment(place, {"GONGYUE_ENV": "production"}, "https://gongyue.example.cn", sandbox=False)
    assert not {"ENCRYPTION_KEYS", "INDEX_KEY", "SECRET_KEY"} & set(told)
    assert not (place.data / "dev.env").exists()
