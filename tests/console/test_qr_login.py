"""Log in at a computer by scanning its code with a phone that is logged in (A4)."""

import re

import pytest
from flask import Flask

from app.accounts.qr_login import request_qr_login
from tests.console.window import Window, hidden, refusal
from tests.factories import Employer, agreements, new_worker
from tests.support.web import ConsoleClient, WorkerClient, problem

AGREED = {"agree": "1", "agreement": [f"{kind}:{version}" for kind, version in agreements()]}


@pytest.fixture
def computer(console: Flask) -> Window:
    return Window(console)


def ticket_of(computer: Window) -> str:
    shown = computer.press("/login/qr")
    assert shown.status_code == 200, shown.get_data(as_text=True)
    return hidden(shown.get_data(as_text=True), "ticket")


def asked(phone: Window, token: str) -> str:
    """The address of the question, without its last part."""
    text = phone.press("/scan", {"token": token}).get_data(as_text=True)
    found = re.search(r'action="/console(/scans/[^/]+)/confirmation"', text)
    assert found is not None, text
    return found[1]


def test_the_phone_confirms_and_the_computer_is_in(computer: Window, window: Window, employer: Employer) -> None:
    made = request_qr_login(account_kind="operator", ip="198.51.100.7", device="Mozilla/5.0 (Windows NT) Chrome/140")
    poll = {"ticket": made.ticket, "next": "/console/contracts"}
    assert computer.press("/login/qr/status", poll).status_code == 204
    shown = window.press("/scan", {"token": made.scan_token}).get_data(as_text=True)
    assert "Chrome · Windows" in shown
    assert "198.51.100.7" in shown
    assert "不在同一网络" in shown
    assert "已扫描" in computer.press("/login/qr/status", poll).get_data(as_text=True)
    assert "请回到电脑" in window.press(f"{asked(window, made.scan_token)}/confirmation").get_data(as_text=True)
    assert "请勾选下方协议" in computer.press("/login/qr/status", poll).get_data(as_text=True)
    assert computer.go("/login/qr/status", poll | AGREED) == "/console/contracts"
    assert employer.organisation in computer.open("/")
    assert computer.press("/login/qr/status", poll | AGREED).status_code == 286, "the ticket is spent"


def test_the_phone_refuses(computer: Window, window: Window) -> None:
    made = request_qr_login(account_kind="operator", ip="127.0.0.1", device="")
    assert "没有登录" in window.press(f"{asked(window, made.scan_token)}/refusal").get_data(as_text=True)
    told = computer.press("/login/qr/status", {"ticket": made.ticket} | AGREED)
    assert (told.status_code, "已拒绝" in told.get_data(as_text=True)) == (286, True)


def test_the_page_shows_a_code_of_its_own_each_time(computer: Window) -> None:
    assert 'hx-post="/console/login/qr"' in computer.open("/login?by=qr")
    assert ticket_of(computer) != ticket_of(computer)


def test_whoever_is_not_logged_in_logs_in_first(computer: Window) -> None:
    answer = computer.client.get("/console/scan")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/login?next=/console/scan")


def test_a_worker_cannot_let_an_operators_computer_in(console: Flask, window: Window) -> None:
    made = request_qr_login(account_kind="operator", ip="127.0.0.1", device="")
    worker = new_worker()
    answer = WorkerClient(console, worker.token).post("/api/v1/worker/scans", {"token": made.scan_token})
    assert answer.status_code == 404
    refusal(window.press("/scan", {"token": "x" * 43}), 404)


def test_the_same_over_json(console: Flask, employer: Employer) -> None:
    api, computer, phone = "/api/v1/console", ConsoleClient(console), ConsoleClient(console, employer.token)
    asked = computer.post(f"{api}/login/qr").get_json()
    assert asked["qr"].startswith("data:image/svg+xml")
    poll, token = {"ticket": asked["ticket"]}, asked["url"].partition("#k=")[2]
    assert computer.post(f"{api}/login/qr/status", poll).get_json() == {"status": "waiting"}
    shown = phone.post(f"{api}/scans", {"token": token}).get_json()
    assert (shown["status"], shown["same_network"]) == ("scanned", True)
    assert phone.post(f"{api}/scans/{shown['id']}/confirmation").get_json()["status"] == "confirmed"
    agreed = [{"kind": str(kind), "version": version} for kind, version in agreements()]
    body = poll | {"agreements": agreed}
    assert computer.post(f"{api}/login/qr/session", body).get_json()["account_id"] == str(employer.actor.account_id)
    problem(computer.post(f"{api}/login/qr/session", body), 409, "login_ticket_over")


def test_the_phone_refuses_over_json(console: Flask, employer: Employer) -> None:
    api, computer, phone = "/api/v1/console", ConsoleClient(console), ConsoleClient(console, employer.token)
    asked = computer.post(f"{api}/login/qr").get_json()
    shown = phone.post(f"{api}/scans", {"token": asked["url"].partition("#k=")[2]}).get_json()
    assert phone.send("DELETE", f"{api}/scans/{shown['id']}").status_code == 204
    assert computer.post(f"{api}/login/qr/status", {"ticket": asked["ticket"]}).get_json() == {"status": "refused"}
