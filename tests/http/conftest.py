"""One application per test, on both databases where it matters."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.database import Database
from tests.support.web import make_app


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)
