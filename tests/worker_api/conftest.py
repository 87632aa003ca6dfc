"""The worker's API over a whole small platform: real PDF work and signatures, fakes at the vendors."""

from pathlib import Path

import pytest
from flask import Flask

from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import World, world
from tests.support.web import make_app

__all__ = ["one_page_pdf", "parse_in_this_process", "world"]


@pytest.fixture
def web(world: World, tmp_path: Path) -> Flask:
    return make_app(tmp_path, world.providers)
