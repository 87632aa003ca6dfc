"""The whole product under its supervisor: starting, deaths and the end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from app.supervisor.place import ROOT
from tests.support.product import Product, group_members, run_product
from tests.support.waiting import eventually

pytestmark = pytest.mark.process

CHILDREN = ("web", "runner", "sandbox")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("product") / "var") as running:
        yield running


def answers(url: str) -> bool:
    return requests.get(url, timeout=5).status_code == 200


def test_says_its_own_address_first_and_serves_there(product: Product) -> None:
    said = (product.data / "supervisor.log").read_text(encoding="utf-8")
    first = next(word for word in said.split() if word.startswith("http"))
    assert first == product.url == f"http://127.0.0.1:{product.environment['PORT']}"
    assert answers(f"{product.url}/healthz")
    assert answers(f"{product.url}/readyz")
    assert answers(f"{product.url}/api/docs")


def test_a_second_start_on_the_same_data_names_the_running_one(product: Product) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "app.supervisor"],
        cwd=ROOT,
        env=product.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert product.url in again.stdout
    assert answers(f"{product.url}/readyz")


def test_everything_that_dies_comes_back(product: Product) -> None:
    groups = [product.pid(name) for name in CHILDREN]
    for name in CHILDREN:
        product.kill(name)
    # The kernel ends a killed group's workers when it gets to them.
    eventually(lambda: [group_members(group) for group in groups] == [[], [], []])
    eventually(lambda: answers(f"{product.url}/readyz"), timeout=60)
    eventually(lambda: answers(product.sandbox_url), timeout=60)


def test_an_interrupt_ends_everything(product: Product) -> None:
    """The last with the shared product: it stays down."""
    groups = [product.pid(name) for name in CHILDREN]
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(15) == 0
    assert [group_members(group) for group in groups] == [[], [], []]
    assert product.record == {}
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{product.environment['PORT']}/healthz", timeout=5)


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with run_product(tmp_path / "var") as running:
        groups = [running.pid(name) for name in CHILDREN]
        assert all(group_members(group) for group in groups)
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait(10)
        eventually(lambda: [group_members(group) for group in groups] == [[], [], []], timeout=30)


def test_a_failure_at_start_is_shown_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError) as failure,
        run_product(tmp_path / "var", DATABASE_URL="postgresql://localhost:1/no"),
    ):
        pass
    assert "database（退出码" in str(failure.value)
    assert str(tmp_path) in str(failure.value)
