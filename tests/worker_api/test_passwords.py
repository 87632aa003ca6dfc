"""The worker's password over HTTP: log in, set, change, reset (A2; T-14, T-27, T-28)."""

import hashlib
import json
import logging
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import reading
from app.core.idempotency import IdempotencyRecord
from tests.accounts.password_world import BETTER, GOOD, cheap_hashes, many_codes
from tests.factories import agreements, last_code, new_phone
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

__all__ = ["cheap_hashes", "many_codes"]

pytestmark = pytest.mark.usefixtures("cheap_hashes", "many_codes")

API = "/api/v1/worker"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def credentials(phone: str, password: str = GOOD, **more: object) -> dict[str, object]:
    agreed = [{"kind": str(kind), "version": version} for kind, version in agreements()]
    return {"phone": phone, "password": password, "agreements": agreed, **more}


def with_password(web: Flask) -> tuple[WorkerClient, str]:
    client, phone = WorkerClient(web), new_phone()
    client.log_in(phone)
    assert client.post(f"{API}/password/codes").status_code == 202
    saved = client.post(f"{API}/password", {"password": GOOD, "code": last_code(phone, "SMS_PASSWORD")})
    assert (saved.status_code, saved.get_data()) == (204, b"")
    return client, phone


def test_the_session_says_whether_there_is_a_password(web: Flask) -> None:
    client, phone = WorkerClient(web), new_phone()
    assert client.log_in(phone)["has_password"] is False
    client, phone = with_password(web)
    assert client.get(f"{API}/session").get_json()["has_password"] is True


def test_log_in_by_password_as_a_cookie_and_as_a_bearer(web: Flask) -> None:
    _, phone = with_password(web)
    browser = WorkerClient(web)
    session = browser.post(f"{API}/login/password", credentials(phone)).get_json()
    assert "token" not in session
    assert browser.get(f"{API}/session").get_json()["account_id"] == session["account_id"]
    bearer = WorkerClient(web).post(f"{API}/login/password", credentials(phone, transport="bearer")).get_json()
    found = web.test_client().get(f"{API}/session", headers={"Authorization": f"Bearer {bearer['token']}"})
    assert found.get_json()["account_id"] == session["account_id"]


def test_agreements_are_part_of_it(web: Flask) -> None:
    _, phone = with_password(web)
    refused = WorkerClient(web).post(f"{API}/login/password", credentials(phone) | {"agreements": []})
    problem(refused, 422, "agreement_required")


def test_a_wrong_password_and_an_unknown_phone_get_the_same_answer(web: Flask) -> None:
    _, phone = with_password(web)
    answers = []
    for number in (phone, new_phone()):
        refused = WorkerClient(web).post(f"{API}/login/password", credentials(number, "wrong password 1"))
        body = problem(refused, 422, "password_wrong")
        names = sorted(name for name in refused.headers.keys() if name != "X-Request-Id")  # noqa: SIM118
        answers.append((body | {"request_id": ""}, names))
    assert answers[0] == answers[1]
    assert answers[0][0]["attempts_left"] == 4


def test_after_five_tries_it_says_when_and_what_else(web: Flask) -> None:
    _, phone = with_password(web)
    client = WorkerClient(web)
    for _ in range(4):
        problem(client.post(f"{API}/login/password", credentials(phone, "wrong password 1")), 422, "password_wrong")
    client.post(f"{API}/login/password", credentials(phone, "wrong password 1"))
    locked = client.post(f"{API}/login/password", credentials(phone))
    body = problem(locked, 429, "password_locked")
    assert 0 < body["retry_after"] <= 900
    assert int(locked.headers["Retry-After"]) == body["retry_after"]
    assert "短信验证码" in body["detail_zh"]
    assert WorkerClient(web).log_in(phone)["phone_masked"].startswith(phone[:3])


def test_change_and_reset(web: Flask) -> None:
    client, phone = with_password(web)
    refused = client.post(f"{API}/password", {"password": BETTER})
    assert problem(refused, 422, "invalid_input")["fields"]["current_password"]
    assert client.post(f"{API}/password", {"password": BETTER, "current_password": GOOD}).status_code == 204
    assert client.get(f"{API}/session").status_code == 200
    stranger = WorkerClient(web)
    assert stranger.post(f"{API}/password/reset/codes", {"phone": phone}).status_code == 202
    body = {"phone": phone, "code": last_code(phone, "SMS_PASSWORD"), "password": "weak"}
    assert problem(stranger.post(f"{API}/password/reset", body), 422, "password_refused")["fields"]["password"]
    assert stranger.post(f"{API}/password/reset", body | {"password": GOOD}).status_code == 204
    problem(client.get(f"{API}/session"), 401, "session_ended")
    assert stranger.post(f"{API}/login/password", credentials(phone)).status_code == 200


def test_known_and_unknown_numbers_are_sent_a_code_alike(web: Flask) -> None:
    _, phone = with_password(web)
    answers = [WorkerClient(web).post(f"{API}/password/reset/codes", {"phone": one}) for one in (phone, new_phone())]
    assert answers[0].get_json() == answers[1].get_json()
    assert [answer.status_code for answer in answers] == [202, 202]


@pytest.mark.parametrize("path", ["login/codes", "password/reset/codes"])
@pytest.mark.parametrize("phones", [["13900000001", "13900000002"], "13900000001,13900000002", {"0": "13900000001"}])
def test_one_number_per_request(web: Flask, path: str, phones: object) -> None:
    """No list, however written, sends more than one SMS (T-02)."""
    answer = WorkerClient(web).post(f"{API}/{path}", {"phone": phones})
    assert answer.status_code == 422


def test_setting_needs_a_session_and_a_key(web: Flask) -> None:
    problem(WorkerClient(web).post(f"{API}/password", {"password": GOOD}), 401, "session_ended")
    problem(WorkerClient(web).post(f"{API}/password/codes"), 401, "session_ended")
    client, _ = with_password(web)
    refused = client.post(f"{API}/password", {"password": BETTER, "current_password": GOOD}, Idempotency_Key="")
    problem(refused, 422, "idempotency_key_required")


def test_a_repetition_with_the_same_key_changes_once(web: Flask) -> None:
    client, _ = with_password(web)
    key, body = str(uuid.uuid4()), {"password": BETTER, "current_password": GOOD}
    first = client.post(f"{API}/password", body, Idempotency_Key=key)
    again = client.post(f"{API}/password", body, Idempotency_Key=key)
    assert (first.status_code, again.status_code) == (204, 204)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_no_password_is_logged_or_kept(web: Flask, caplog: pytest.LogCaptureFixture, capfd: object) -> None:
    """Not in logs, and in the idempotency record only as a keyed hash that cannot be guessed backwards."""
    caplog.set_level(logging.DEBUG)
    client, phone = with_password(web)
    key, body = str(uuid.uuid4()), {"password": BETTER, "current_password": GOOD}
    client.post(f"{API}/password", body, Idempotency_Key=key)
    client.post(f"{API}/login/password", credentials(phone, BETTER))
    assert isinstance(capfd, pytest.CaptureFixture)
    written = caplog.text + "".join(capfd.readouterr())
    assert BETTER not in written
    assert GOOD not in written
    with reading() as session:
        record = session.scalars(select(IdempotencyRecord).where(IdempotencyRecord.key == key)).one()
        assert GOOD not in record.answer
        plain = _plain_digest(f"{API}/password", json.dumps(body).encode())
        assert record.fingerprint != plain
        assert len(record.fingerprint) == 64


def _plain_digest(path: str, body: bytes) -> str:
    return hashlib.sha256(b"\0".join((b"POST", f"{path}?".encode(), body))).hexdigest()
