"""The one sandbox of this process."""

from collections.abc import Iterator

import pytest
import requests

from tests.support.sandbox_server import SandboxServer


@pytest.fixture
def calm(sandbox: SandboxServer) -> Iterator[SandboxServer]:
    """What the test ordered is taken back afterwards."""
    yield sandbox
    requests.delete(f"{sandbox.url}/__sandbox/", timeout=5).raise_for_status()
