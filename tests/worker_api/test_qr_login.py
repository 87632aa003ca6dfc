"""The PC shows a QR, the phone confirms, the PC is logged in: over HTTP (A4)."""

from pathlib import Path

import pytest
from flask import Flask

from tests.factories import agreements, new_phone
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

AGREED = [{"kind": str(kind), "version": version} for kind, version in agreements()]
API = "/api/v1/worker"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_a_computer_is_let_in_by_phone(web: Flask) -> None:
    computer, phone = WorkerClient(web), WorkerClient(web)
    mine = phone.log_in(new_phone())
    asked = computer.post(f"{API}/login/qr", {}, User_Agent="Edge on a PC").get_json()
    assert asked["qr"].startswith("data:image/svg+xml")
    page, _, token = asked["url"].partition("#/pages/scan/index?k=")
    assert page == "http://localhost/h5/"
    assert asked["ticket"] not in asked["url"]
    assert computer.post(f"{API}/login/qr/status", {"ticket": asked["ticket"]}).get_json() == {"status": "waiting"}
    seen = phone.post(f"{API}/scans", {"token": token}).get_json()
    assert (seen["device"], seen["status"], seen["same_network"]) == ("Edge on a PC", "scanned", True)
    assert phone.post(f"{API}/scans/{seen['id']}/confirmation").get_json()["status"] == "confirmed"
    body = {"ticket": asked["ticket"], "agreements": AGREED}
    opened = computer.post(f"{API}/login/qr/session", body)
    assert opened.get_json()["account_id"] == mine["account_id"]
    assert "token" not in opened.get_json()
    assert computer.get(f"{API}/session").get_json()["phone_masked"] == mine["phone_masked"]
    problem(computer.post(f"{API}/login/qr/session", body), 409, "login_ticket_over")


def test_the_phone_refuses(web: Flask) -> None:
    computer, phone = WorkerClient(web), WorkerClient(web)
    phone.log_in(new_phone())
    asked = computer.post(f"{API}/login/qr", {}).get_json()
    seen = phone.post(f"{API}/scans", {"token": asked["url"].rpartition("k=")[2]}).get_json()
    assert phone.send("DELETE", f"{API}/scans/{seen['id']}").status_code == 204
    assert computer.post(f"{API}/login/qr/status", {"ticket": asked["ticket"]}).get_json() == {"status": "refused"}


def test_scanning_needs_a_login_and_a_code_that_exists(web: Flask) -> None:
    problem(WorkerClient(web).post(f"{API}/scans", {"token": "x"}), 401, "session_ended")
    phone = WorkerClient(web)
    phone.log_in(new_phone())
    problem(phone.post(f"{API}/scans", {"token": "x"}), 404, "login_qr_not_found")
    problem(phone.post(f"{API}/login/qr/status", {"ticket": "x"}), 404, "login_ticket_not_found")
