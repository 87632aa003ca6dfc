"""The coarse limit per address, with and without Redis, and with a Redis that is dead (T-32, Z-07)."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.database import Database
from tests.support.web import make_app, problem

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _ask(app: Flask, times: int) -> list[int]:
    return [app.test_client().get("/api/v1/help").status_code for _ in range(times)]


def test_the_limit_says_when_to_come_back(database: Database, tmp_path: Path) -> None:
    app = make_app(tmp_path, rate_limit_public="2 per minute")
    assert _ask(app, 2) == [200, 200]
    refused = app.test_client().get("/api/v1/help")
    wait = problem(refused, 429, "too_many_requests")["retry_after"]
    assert 1 <= wait <= 60
    assert refused.headers["Retry-After"] == str(wait)


def test_health_is_never_refused(database: Database, tmp_path: Path) -> None:
    client = make_app(tmp_path, rate_limit_public="1 per minute").test_client()
    assert [client.get("/healthz").status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/worker/login/qr/status", {"ticket": "unknown"}, 404),
        ("/worker/login/face/status", {"ticket": "unknown"}, 404),
        ("/worker/login/third/status", {"ticket": "unknown"}, 404),
        ("/console/login/qr/status", {"ticket": "unknown"}, 404),
        ("/callbacks/wechat", {}, 422),
        ("/callbacks/alipay", {}, 422),
    ],
)
def test_an_office_that_waits_and_a_platform_that_pushes_are_not_refused(
    database: Database, tmp_path: Path, path: str, body: dict[str, str], status: int
) -> None:
    app = make_app(tmp_path, rate_limit_public="1 per minute", rate_limit_default="3 per minute")
    answers = [app.test_client().post(f"/api/v1{path}", json=body).status_code for _ in range(4)]
    assert answers == [status] * 3 + [429]


def test_two_processes_count_together_in_redis(database: Database, tmp_path: Path, redis_url: str) -> None:
    first, second = (make_app(tmp_path, rate_limit_public="3 per minute", redis_url=redis_url) for _ in "ab")
    assert _ask(first, 2) + _ask(second, 2) == [200, 200, 200, 429]


def test_a_dead_redis_refuses_nobody_and_the_limit_goes_on_in_memory(database: Database, tmp_path: Path) -> None:
    app = make_app(tmp_path, rate_limit_public="2 per minute", redis_url=f"unix://{tmp_path}/absent.sock")
    answers = _ask(app, 4)
    assert answers[:2] == [200, 200]
    assert answers[-1] == 429
    assert 500 not in answers
