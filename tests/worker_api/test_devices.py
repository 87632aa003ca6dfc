"""My devices and my consents: seen, and ended as easily as begun (A11, B1; PIPL 15)."""

from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import AccountKind
from app.accounts.sessions import Client, open_session
from app.core.db import transaction
from tests.factories import consent, new_worker
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

SESSIONS, CONSENTS = "/api/v1/worker/sessions", "/api/v1/worker/consents"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_my_sessions_are_listed_and_say_which_one_this_is(web: Flask) -> None:
    here, there = _devices(web, 2)
    mine = here.get(SESSIONS).get_json()
    assert [one["current"] for one in mine].count(True) == 1
    assert {one["id"] for one in mine} == {one["id"] for one in there.get(SESSIONS).get_json()}
    assert all(one["channel"] == "h5" and one["ip"] and one["last_seen_at"].endswith("+08:00") for one in mine)
    assert all("token" not in key for one in mine for key in one)


def test_one_session_elsewhere_ends_at_once(web: Flask) -> None:
    here, there = _devices(web, 2)
    other = next(one["id"] for one in here.get(SESSIONS).get_json() if not one["current"])
    assert here.send("DELETE", f"{SESSIONS}/{other}").status_code == 204
    problem(there.get("/api/v1/worker/session"), 401, "session_ended")
    assert len(here.get(SESSIONS).get_json()) == 1
    problem(here.send("DELETE", f"{SESSIONS}/{other}"), 404, "not_found")


def test_all_others_end_and_this_one_stays(web: Flask) -> None:
    here, *others = _devices(web, 3)
    stranger = WorkerClient(web, new_worker().token)
    assert here.send("DELETE", SESSIONS).get_json() == {"ended": 2}
    for other in others:
        problem(other.get("/api/v1/worker/session"), 401, "session_ended")
    assert here.get("/api/v1/worker/session").status_code == stranger.get("/api/v1/worker/session").status_code == 200


def test_a_page_of_somebody_else_cannot_end_my_sessions(web: Flask) -> None:
    (here,) = _devices(web, 1)
    problem(here.send("DELETE", SESSIONS, X_CSRF_Token=""), 403, "csrf_refused")
    problem(here.send("DELETE", f"{CONSENTS}/face_consent", X_CSRF_Token=""), 403, "csrf_refused")


def test_a_consent_is_withdrawn_and_may_be_given_again(web: Flask) -> None:
    worker = new_worker()
    consent(worker.actor, "face_consent")
    client = WorkerClient(web, worker.token)
    assert _current(client)["face_consent"]
    assert client.send("DELETE", f"{CONSENTS}/face_consent").status_code == 204
    assert not _current(client)["face_consent"]
    assert client.send("DELETE", f"{CONSENTS}/face_consent").status_code == 204, "repeating is harmless"
    version = next(one["version"] for one in client.get(CONSENTS).get_json() if one["kind"] == "face_consent")
    assert client.post(CONSENTS, {"kind": "face_consent", "version": version}).status_code == 201
    assert _current(client)["face_consent"]


def test_verification_asks_for_the_withdrawn_consent_again(web: Flask) -> None:
    worker = new_worker()
    consent(worker.actor, "verification_consent")
    client = WorkerClient(web, worker.token)
    client.send("DELETE", f"{CONSENTS}/verification_consent")
    body = {"method": "phone", "name": "张伟", "id_number": "220100199003071013"}
    refused = problem(client.post("/api/v1/worker/verifications", body), 403, "consent_required")
    assert refused["kind"] == "verification_consent"


def test_an_unknown_text_cannot_be_withdrawn(web: Flask) -> None:
    problem(WorkerClient(web, new_worker().token).send("DELETE", f"{CONSENTS}/anything"), 404, "text_not_found")


def _devices(web: Flask, count: int) -> list[WorkerClient]:
    """The same worker, logged in on so many devices."""
    worker = new_worker()
    account, tokens = worker.actor.account_id, [worker.token]
    assert account is not None
    for number in range(1, count):
        with transaction() as session:
            client = Client(channel="h5", ip=f"192.0.2.{number}", device=f"Phone {number}")
            kind = AccountKind.WORKER
            tokens.append(open_session(session, kind=kind, account_id=account, person_id=None, client=client).token)
    return [WorkerClient(web, token) for token in tokens]


def _current(client: WorkerClient) -> dict[str, bool]:
    return {one["kind"]: one["current"] for one in client.get(CONSENTS).get_json()}
