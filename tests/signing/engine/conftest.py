"""One world of keys, certificates and documents per algorithm and process."""

import pytest

from app.signing.ports import KeyAlgorithm
from tests.signing.engine.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(KeyAlgorithm.P256)


@pytest.fixture(scope="session", params=list(KeyAlgorithm))
def each_world(request: pytest.FixtureRequest) -> World:
    return World(request.param)
