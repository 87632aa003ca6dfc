"""The regulator's desk through its pages: log in, look, approve, send back, keys (B4, A10)."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.regulators import close_regulator
from app.accounts.security_keys import list_security_keys
from app.accounts.sessions import authenticate_worker
from app.core.clock import clock_at
from app.providers import Providers
from tests.factories import last_code, new_employer, new_phone, new_worker
from tests.support.authenticator import Authenticator
from tests.support.database import Database
from tests.support.regulators import DeskWindow, Regulator, ask_for_review, new_regulator
from tests.support.web import fake_providers, make_app

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def providers(database: Database, tmp_path: Path) -> Providers:
    return fake_providers(tmp_path)


@pytest.fixture
def app(providers: Providers, tmp_path: Path) -> Flask:
    return make_app(tmp_path, providers)


@pytest.fixture
def regulator(app: Flask) -> Regulator:
    return new_regulator()


@pytest.fixture
def desk(app: Flask, regulator: Regulator) -> DeskWindow:
    return DeskWindow(app, regulator.token)


def test_one_logs_in_with_phone_and_code(app: Flask, regulator: Regulator) -> None:
    window = DeskWindow(app)
    assert "监管端登录" in window.open("/login")
    with clock_at(datetime.now(UTC) + timedelta(minutes=2)):
        window.press("/login/codes", {"phone": regulator.phone})
        form = {"phone": regulator.phone, "code": last_code(regulator.phone, "SMS_LOGIN"), "next": "/regulator/account"}
        assert window.go("/login", form) == "/regulator/account"
        assert "王敏" in window.open("/account")


def test_a_phone_that_is_nobodys_is_told_so_only_after_the_code(app: Flask) -> None:
    window, phone = DeskWindow(app), new_phone()
    sent = window.press("/login/codes", {"phone": phone})
    assert sent.status_code == 200
    answer = window.press("/login", {"phone": phone, "code": last_code(phone, "SMS_LOGIN")})
    assert (answer.status_code, "没有监管端账号" in answer.get_data(as_text=True)) == (404, True)


def test_half_an_hour_without_a_request_ends_the_session(app: Flask) -> None:
    with clock_at(START):
        window = DeskWindow(app, new_regulator().token)
    with clock_at(START + timedelta(minutes=29)):
        window.open("/")
    with clock_at(START + timedelta(minutes=58)):
        window.open("/")
    with clock_at(START + timedelta(minutes=89)):
        answer = window.client.get("/regulator/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/regulator/login?next=/regulator/")


def test_the_end_of_an_office_ends_its_sessions(desk: DeskWindow, regulator: Regulator) -> None:
    desk.open("/")
    close_regulator(phone=regulator.phone)
    desk.open("/", 303)


def test_sessions_of_others_open_nothing_here(app: Flask) -> None:
    for token in (new_worker().token, new_employer().token):
        DeskWindow(app, token).open("/", 303)


def test_looking_and_approving(desk: DeskWindow, providers: Providers) -> None:
    assert "没有待审核的申请" in desk.open("/")
    worker, review = ask_for_review(providers.blobs)
    page = desk.open("/")
    assert f"/regulator/reviews/{review}" in page
    assert "John Smith" not in page, "lists are masked"
    page = desk.open(f"/reviews/{review}")
    assert "John Smith" in page
    assert "护照" in page
    assert "美国" in page
    assert worker.phone not in page
    picture = re.search(r'src="/regulator(/pictures/[^"]+)"', page)
    assert picture is not None
    answer = desk.client.get(f"/regulator{picture[1]}")
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("image/png", "private, no-store")
    assert desk.go(f"/reviews/{review}/approval") == "/regulator/?done=approved"
    assert authenticate_worker(token=worker.token).actor.person_id is not None
    assert "没有待审核的申请" in desk.open("/")
    assert "已通过" in desk.open("/reviews")


def test_sending_back_needs_a_reason(desk: DeskWindow, providers: Providers) -> None:
    worker, review = ask_for_review(providers.blobs)
    refused = desk.press(f"/reviews/{review}/rejection", {"reason": " "})
    assert (refused.status_code, 'data-field="reason"' in refused.get_data(as_text=True)) == (422, True)
    reason = "照片模糊，请重新拍摄。"
    assert desk.go(f"/reviews/{review}/rejection", {"reason": reason}) == "/regulator/?done=rejected"
    page = desk.open(f"/reviews/{review}")
    assert reason in page
    assert "退回申请" not in page, "nothing is left to decide"
    assert authenticate_worker(token=worker.token).actor.person_id is None


def test_nobody_decides_on_the_own_application(desk: DeskWindow, regulator: Regulator, providers: Providers) -> None:
    with clock_at(datetime.now(UTC) + timedelta(minutes=2)):
        _, review = ask_for_review(providers.blobs, new_worker(regulator.phone))
    page = desk.open(f"/reviews/{review}")
    assert "请由其他审核人员处理" in page
    assert "退回申请" not in page
    assert desk.press(f"/reviews/{review}/approval").status_code == 403


def test_many_applications_are_paged(desk: DeskWindow, providers: Providers) -> None:
    for number in range(21):
        with clock_at(START + timedelta(minutes=number)):
            ask_for_review(providers.blobs)
    with clock_at(START + timedelta(minutes=30)):
        window = DeskWindow(desk.client.application, new_regulator().token)
        first = window.open("/")
        more = re.search(r'href="/regulator(/\?before=[^"]+)"', first)
        assert more is not None
        assert (first.count("btn-primary"), window.open(more[1]).count("btn-primary")) == (20, 1)


def test_a_key_is_added_logs_in_and_is_removed(app: Flask, desk: DeskWindow, regulator: Regulator) -> None:
    api = "/api/v1/regulator"
    assert "按浏览器的提示操作" in desk.open("/account/security-keys/new")
    desk.press("/account/security-keys/codes")
    code = {"code": last_code(regulator.phone, "SMS_SECURITY_KEY")}
    begun, key = desk.post(f"{api}/security-keys/options", code).get_json(), Authenticator()
    form = {"ceremony_id": begun["ceremony_id"], "credential": json.dumps(key.create(begun["options"])), "name": "UKey"}
    assert desk.go("/account/security-keys", form).endswith("done=key_added")

    window = DeskWindow(app)
    begun = window.post(f"{api}/login/security-key/options", {"phone": regulator.phone}).get_json()
    form = {"ceremony_id": begun["ceremony_id"], "credential": json.dumps(key.get(begun["options"]))}
    assert window.go("/login/security-key", form) == "/regulator/"
    assert window.open("/account").count("<tr>") == 5

    (shown,) = list_security_keys(actor=regulator.actor)
    begun = desk.post(f"{api}/security-keys/proof").get_json()
    form = {"proof": "key", "ceremony_id": begun["ceremony_id"], "credential": json.dumps(key.get(begun["options"]))}
    assert desk.go(f"/account/security-keys/{shown.id}/removal", form).endswith("done=key_removed")


def test_errors_are_pages_with_a_way_back(desk: DeskWindow) -> None:
    page = desk.open("/reviews/00000000-0000-4000-8000-000000000000", 404)
    assert 'href="/regulator/"' in page
