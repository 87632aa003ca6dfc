"""Schemathesis over the addresses that vendors call (Z-01)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.database import Database
from tests.support.fuzz import fuzz, operations_of
from tests.support.web import CALLBACK_TOKEN, make_app

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_no_input_breaks_a_promise_of_the_specification(web: Flask) -> None:
    numbers = iter(range(10_000))

    def know_the_secret(case: Any) -> None:
        """Every second call knows the secret of the path; the others are strangers."""
        if "token" in case.path_parameters and next(numbers) % 2:
            case.path_parameters["token"] = CALLBACK_TOKEN

    operations = operations_of(web, r"^/api/v1/callbacks")
    assert len(operations) >= 2
    seen = fuzz(operations, {}, examples=40, prepare=know_the_secret)
    assert seen[200] > 20, seen
    assert seen[404] + seen[422] > 40
