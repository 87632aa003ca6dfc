"""Preferences and the phone of one's account over HTTP (A1, M5)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.core.clock import clock_at
from tests.factories import last_code, new_phone, verified_worker
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
API = "/api/v1/worker"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_another_phone_after_both_codes(web: Flask) -> None:
    client, old, new = WorkerClient(web), new_phone(), new_phone()
    with clock_at(START):
        mine = client.log_in(old)
    with clock_at(START + timedelta(minutes=2)):
        assert client.post(f"{API}/phone/codes", {"phone": new}).status_code == 202
        assert client.post(f"{API}/phone/old-code").status_code == 202
        code, old_code = last_code(new, "SMS_PHONE"), last_code(old, "SMS_PHONE")
        body = {"phone": new, "code": code, "proof": {"old_code": f"{(int(old_code) + 1) % 1_000_000:06d}"}}
        problem(client.post(f"{API}/phone", body), 422, "code_wrong")
        problem(client.post(f"{API}/phone", {"phone": new, "code": code, "proof": {}}), 422, "invalid_input")
        assert client.post(f"{API}/phone", body | {"proof": {"old_code": old_code}}).status_code == 204
        session = client.get(f"{API}/session").get_json()
    assert session["account_id"] == mine["account_id"]
    assert session["phone_masked"] == f"{new[:3]}****{new[-4:]}"


def test_the_present_number_is_named(web: Flask) -> None:
    client, phone = WorkerClient(web), new_phone()
    client.log_in(phone)
    found = problem(client.post(f"{API}/phone/codes", {"phone": phone}), 422, "phone_unchanged")
    assert found["fields"] == {"phone": ["与当前手机号相同。"]}


def test_a_face_check_in_place_of_the_old_code(web: Flask) -> None:
    worker, phone = verified_worker(), new_phone()
    client = WorkerClient(web, worker.token)
    asked = client.post(f"{API}/phone/face-checks", {"phone": phone, "where": "phone"})
    assert asked.status_code == 201
    assert asked.get_json()["qr"].startswith("data:image/svg+xml")
    check_id = asked.get_json()["id"]
    assert client.get(f"{API}/face-checks/{check_id}").get_json()["status"] == "passed"
    client.post(f"{API}/phone/codes", {"phone": phone})
    body = {"phone": phone, "code": last_code(phone, "SMS_PHONE"), "proof": {"face_check_id": check_id}}
    assert client.post(f"{API}/phone", body).status_code == 204
    assert client.get(f"{API}/session").get_json()["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"


def test_preferences_are_put_by_clients_that_know_no_patch(web: Flask) -> None:
    client = WorkerClient(web)
    client.log_in(new_phone())
    changed = client.send("PUT", f"{API}/preferences", {"language": "en"}).get_json()
    assert (changed["language"], changed["font_scale"]) == ("en", "1")
    changed = client.send("PUT", f"{API}/preferences", {"font_scale": "1.5"}).get_json()
    assert (changed["language"], changed["font_scale"]) == ("en", "1.5")
    problem(client.send("PUT", f"{API}/preferences", {"font_scale": "9"}), 422, "invalid_input")
