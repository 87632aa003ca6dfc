"""Keys and certificates for seals that are shown in a signed document."""

import pytest

from app.signing.ports import KeyAlgorithm
from tests.signing.engine.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(KeyAlgorithm.P256)
