"""Schemathesis over what only mini-programs call (Z-01)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.accounts.bindings import bind_platform
from tests.factories import agreements, new_worker
from tests.fakes import FakeMiniPlatform
from tests.support.database import Database
from tests.support.fuzz import fuzz, operations_of
from tests.support.web import make_app

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

AGREED = [{"kind": str(kind), "version": version} for kind, version in agreements()]


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_no_input_breaks_a_promise_of_the_specification(web: Flask) -> None:
    worker = new_worker()
    bind_platform(actor=worker.actor, kind="weixin", platform=FakeMiniPlatform(), code="code-o1-1")
    numbers = iter(range(10_000))

    def be_there(case: Any) -> None:
        """Most calls come from a platform that exists, half with a code and texts that no generator guesses."""
        number = next(numbers)
        if number % 4:
            case.path_parameters["platform"] = "weixin"
        if not isinstance(case.body, dict) or number % 2:
            return
        if isinstance(case.body.get("agreements"), list):
            case.body["agreements"] = AGREED
        if isinstance(case.body.get("code"), str):
            case.body["code"] = f"code-o{1 + number % 4}-{number + 2}"
        if isinstance(case.body.get("template"), str):
            case.body["template"] = "T1"

    operations = operations_of(web, r"^/api/v1/miniprogram")
    assert len(operations) == 5
    seen = fuzz(operations, {"Authorization": f"Bearer {worker.token}"}, examples=30, prepare=be_there)
    assert seen[200] + seen[201] + seen[202] + seen[204] > 40, seen
    assert seen[422] + seen[404] > 60
    assert seen[401] == 0, seen
