"""Schemathesis over what only H5 calls: links from SMS; and wild input at the identity providers' way back (Z-01)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.links import LinkPurpose, issue_link
from app.core.clock import now
from app.core.db import transaction
from app.core.ids import new_id
from tests.factories import new_employer, new_worker
from tests.support.database import Database
from tests.support.fuzz import fuzz, operations_of
from tests.support.web import make_app

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_no_input_breaks_a_promise_of_the_specification(web: Flask) -> None:
    worker, employer = new_worker(), new_employer()
    with transaction() as session:
        token = issue_link(
            session, purpose=LinkPurpose.CONTRACT, target=("contract", new_id()), phone=worker.phone,
            organisation_id=employer.organisation_id, expires_at=now().replace(year=now().year + 1),
        )  # fmt: skip
    guesses = iter(range(10_000))

    def know_the_token(case: Any) -> None:
        """Every second right-looking body gets the token, which nobody guesses."""
        if isinstance(case.body, dict) and isinstance(case.body.get("token"), str) and next(guesses) % 2:
            case.body["token"] = token
            if "platform" in case.body:
                case.body["platform"] = "weixin"

    operations = operations_of(web, r"^/api/v1/h5")
    assert len(operations) == 3
    seen = fuzz(operations, {"Authorization": f"Bearer {worker.token}"}, examples=40, prepare=know_the_token)
    assert seen[200] > 20, seen
    assert seen[422] + seen[404] > 40
    assert seen[401] == 0, seen


_TEXT = st.text(max_size=60)


def test_no_address_of_a_way_back_opens_or_breaks_anything(web: Flask) -> None:
    client = web.test_client()

    @given(kind=st.sampled_from(["gov", "social_card", "nobody", "%2e%2e", "é"]), query=st.fixed_dictionaries(
        {}, optional={"state": _TEXT, "code": _TEXT, "error": _TEXT, "iss": _TEXT}
    ))  # fmt: skip
    @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def come_back(kind: str, query: dict[str, str]) -> None:
        client.set_cookie("gongyue_oidc", "made-up", path="/api/v1")
        client.set_cookie("gongyue_oidc_phone", "made-up", path="/api/v1/h5/oidc")
        answer = client.get(f"/api/v1/h5/oidc/{kind}/callback", query_string=query)
        assert answer.status_code in (404, 409, 422), answer.get_data(as_text=True)
        assert answer.content_type == "text/html; charset=utf-8"
        assert "Set-Cookie" not in answer.headers
        for attempt in (client.get, client.post):
            assert attempt("/api/v1/h5/oidc/confirmation", data=query).status_code == 404

    come_back()
