"""From the SMS link into a mini-program: the same link, another client (A7)."""

from pathlib import Path

import pytest
from flask import Flask

from app.accounts.links import LinkPurpose, issue_link, revoke_links
from app.core.clock import now
from app.core.db import transaction
from app.core.ids import new_id
from tests.factories import new_phone
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

CONTRACT = new_id()


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def issue() -> str:
    with transaction() as session:
        return issue_link(
            session, purpose=LinkPurpose.CONTRACT, target=("contract", CONTRACT), phone=new_phone(),
            organisation_id=new_id(), expires_at=now().replace(year=now().year + 1),
        )  # fmt: skip


def test_the_mini_program_opens_the_same_link(web: Flask) -> None:
    token = issue()
    answer = WorkerClient(web).post("/api/v1/h5/links/mini-program", {"token": token, "platform": "weixin"})
    assert answer.get_json() == {"url": f"https://mini.example/wx-fake/pages/landing/index?t={token}"}


def test_a_dead_link_and_an_unknown_platform_lead_nowhere(web: Flask) -> None:
    client, token = WorkerClient(web), issue()
    path = "/api/v1/h5/links/mini-program"
    problem(client.post(path, {"token": token, "platform": "dingtalk"}), 404, "platform_not_offered")
    problem(client.post(path, {"token": "x", "platform": "weixin"}), 404, "link_not_found")
    with transaction() as session:
        revoke_links(session, target=("contract", CONTRACT))
    problem(client.post(path, {"token": token, "platform": "weixin"}), 410, "link_expired")
