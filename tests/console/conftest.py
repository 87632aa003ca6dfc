"""The console with the world behind it: fakes at the ports, everything else the product."""

from pathlib import Path

import pytest
from flask import Flask

from tests.console.window import Window
from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import World, world
from tests.factories import Employer, employer_with_seal
from tests.support.web import make_app

__all__ = ["one_page_pdf", "parse_in_this_process", "world"]


@pytest.fixture
def console(world: World, tmp_path: Path) -> Flask:
    """The application over `world`; its own address is http://localhost."""
    return make_app(tmp_path, world.providers)


@pytest.fixture
def employer(world: World) -> Employer:
    return employer_with_seal()


@pytest.fixture
def window(console: Flask, employer: Employer) -> Window:
    """The employer's browser."""
    return Window(console, employer.token)
