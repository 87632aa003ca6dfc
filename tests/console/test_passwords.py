"""The operator's password, over JSON and as pages (A2)."""

from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.password_world import BETTER, GOOD, cheap_hashes, many_codes
from tests.factories import Employer, agreements, last_code, new_employer, new_phone
from tests.support.database import Database
from tests.support.web import ConsoleClient, make_app, problem

__all__ = ["cheap_hashes", "many_codes"]

pytestmark = pytest.mark.usefixtures("cheap_hashes", "many_codes")

API = "/api/v1/console"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def ticked() -> dict[str, object]:
    return {"agree": "1", "agreement": [f"{kind}:{version}" for kind, version in agreements()]}


def with_password(web: Flask) -> tuple[ConsoleClient, Employer]:
    employer = new_employer()
    console = ConsoleClient(web, employer.token)
    assert console.get(f"{API}/session").get_json()["has_password"] is False
    assert console.post(f"{API}/password/codes").status_code == 202
    body = {"password": GOOD, "code": last_code(employer.phone, "SMS_PASSWORD")}
    assert console.post(f"{API}/password", body).status_code == 204
    return console, employer


def test_set_log_in_and_change_over_json(web: Flask) -> None:
    console, employer = with_password(web)
    agreed = [{"kind": str(kind), "version": version} for kind, version in agreements()]
    body = {"phone": employer.phone, "password": GOOD, "agreements": agreed}
    elsewhere = ConsoleClient(web)
    session = elsewhere.post(f"{API}/login/password", body).get_json()
    assert (session["has_password"], session["organisation"]) == (True, None)
    assert console.post(f"{API}/password", {"password": BETTER, "current_password": GOOD}).status_code == 204
    problem(elsewhere.get(f"{API}/session"), 401, "session_ended")
    problem(elsewhere.post(f"{API}/login/password", body), 422, "password_wrong")
    messages = console.get(f"{API}/messages").get_json()["items"]
    assert [message["title"] for message in messages] == ["登录密码已修改", "登录密码已设置"]


def test_reset_over_json(web: Flask) -> None:
    console, employer = with_password(web)
    stranger = ConsoleClient(web)
    assert stranger.post(f"{API}/password/reset/codes", {"phone": employer.phone}).status_code == 202
    body = {"phone": employer.phone, "code": last_code(employer.phone, "SMS_PASSWORD"), "password": BETTER}
    assert stranger.post(f"{API}/password/reset", body).status_code == 204
    problem(console.get(f"{API}/session"), 401, "session_ended")
    unknown = new_phone()
    stranger.post(f"{API}/password/reset/codes", {"phone": unknown})
    body = {"phone": unknown, "code": last_code(unknown, "SMS_PASSWORD"), "password": BETTER}
    problem(stranger.post(f"{API}/password/reset", body), 404, "operator_not_registered")


def test_the_login_page_offers_both_ways(web: Flask) -> None:
    _, employer = with_password(web)
    browser = ConsoleClient(web)
    assert "密码登录" in browser.get("/console/login").get_data(as_text=True)
    page = browser.get("/console/login?by=password&next=/console/seals").get_data(as_text=True)
    assert 'type="password"' in page
    assert "/console/password-reset" in page
    form = {"phone": employer.phone, "next": "/console/account", **ticked()}
    wrong = browser.submit("/console/login/password", form | {"password": "wrong password 1"})
    assert wrong.status_code == 422
    assert "还可以再试 4 次" in wrong.get_data(as_text=True)
    entered = browser.submit("/console/login/password", form | {"password": GOOD})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/console/account")
    assert employer.organisation in browser.get("/console/account").get_data(as_text=True)


def test_blanks_at_the_ends_belong_to_a_password(web: Flask) -> None:
    employer = new_employer()
    console = ConsoleClient(web, employer.token)
    console.submit("/console/account/password/codes", {})
    form = {"password": f" {GOOD} ", "code": last_code(employer.phone, "SMS_PASSWORD")}
    saved = console.submit("/console/account/password", form)
    assert (saved.status_code, saved.headers["Location"]) == (303, "/console/account?done=password_saved")
    form = {"phone": employer.phone, **ticked()}
    browser = ConsoleClient(web)
    assert browser.submit("/console/login/password", form | {"password": GOOD}).status_code == 422
    assert browser.submit("/console/login/password", form | {"password": f" {GOOD} "}).status_code == 303


def test_set_then_change_in_the_personal_centre(web: Flask) -> None:
    employer = new_employer()
    console = ConsoleClient(web, employer.token)
    assert "设置登录密码" in console.get("/console/account").get_data(as_text=True)
    page = console.get("/console/account/password").get_data(as_text=True)
    assert 'name="code"' in page
    assert 'name="current_password"' not in page
    console.submit("/console/account/password/codes", {})
    code = last_code(employer.phone, "SMS_PASSWORD")
    weak = console.submit("/console/account/password", {"password": "12345678", "code": code})
    assert "至少两种" in weak.get_data(as_text=True)
    console.submit("/console/account/password", {"password": GOOD, "code": code})
    page = console.get("/console/account/password").get_data(as_text=True)
    assert 'name="current_password"' in page
    assert 'name="code"' not in page
    changed = console.submit("/console/account/password", {"password": BETTER, "current_password": GOOD})
    assert changed.status_code == 303
    assert "登录密码已保存" in console.get(changed.headers["Location"]).get_data(as_text=True)


def test_reset_from_the_login_page(web: Flask) -> None:
    console, employer = with_password(web)
    browser = ConsoleClient(web)
    sent = browser.submit("/console/password-reset/codes", {"phone": employer.phone})
    assert "验证码已发送" in sent.get_data(as_text=True)
    form = {"phone": employer.phone, "code": last_code(employer.phone, "SMS_PASSWORD"), "password": BETTER}
    done = browser.submit("/console/password-reset", form)
    assert done.status_code == 303
    assert "请用新密码登录" in browser.get(done.headers["Location"]).get_data(as_text=True)
    assert console.get("/console/account").status_code == 303
    form = {"phone": employer.phone, "password": BETTER, **ticked()}
    assert browser.submit("/console/login/password", form).status_code == 303
