"""Government identity and social-security card over HTTP: cookies, the way back, the question on the phone (A4, A5)."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from app.accounts.ports import ExternalIdentityClaims
from app.providers import Providers
from tests.factories import agreements, last_code, new_phone
from tests.fakes import FakeIdentityProvider
from tests.support.database import Database
from tests.support.web import WorkerClient, fake_providers, make_app, problem

AGREED = [{"kind": str(kind), "version": version} for kind, version in agreements()]
API = "/api/v1/worker/login"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0"


@pytest.fixture
def vendors(tmp_path: Path) -> Providers:
    return fake_providers(tmp_path)


@pytest.fixture
def web(database: Database, tmp_path: Path, vendors: Providers) -> Flask:
    return make_app(tmp_path, vendors)


def begin(client: WorkerClient, kind: str) -> dict[str, Any]:
    begun = client.post(f"{API}/providers/{kind}", {}, User_Agent=EDGE)
    assert begun.status_code == 201, begun.get_data(as_text=True)
    found: dict[str, Any] = begun.get_json()
    return found


def way_back(vendors: Providers, kind: str, begun: dict[str, Any], phone: str = "") -> str:
    """Where the provider sends the browser after the person logged in there."""
    provider = vendors.identity_providers[kind]
    assert isinstance(provider, FakeIdentityProvider)
    provider.codes["code-1"] = ExternalIdentityClaims("citizen-1", phone, bool(phone))
    state = parse_qs(urlsplit(begun["url"]).query)["state"][0]
    return f"/api/v1/h5/oidc/{kind}/callback?code=code-1&state={state}"


def test_providers_are_listed_with_their_way(web: Flask) -> None:
    found = WorkerClient(web).get(f"{API}/providers").get_json()
    assert [(one["id"], one["by"]) for one in found] == [("gov", "redirect"), ("social_card", "qr")]
    assert WorkerClient(web).get(f"{API}/providers", Accept_Language="en").get_json()[0]["label"] == "Test identity"
    problem(WorkerClient(web).post(f"{API}/providers/nobody", {}), 404, "platform_not_offered")


def test_the_same_browser_logs_in_and_binds_a_phone(web: Flask, vendors: Providers) -> None:
    client, phone = WorkerClient(web), new_phone()
    begun = begin(client, "gov")
    assert "ticket" not in begun
    back = client.get(way_back(vendors, "gov", begun))
    assert back.status_code == 303
    page, _, ticket = back.headers["Location"].partition("?ticket=")
    assert page == "/h5/#/pages/login/third"
    assert client.post(f"{API}/third/status", {"ticket": ticket}).get_json() == {"status": "needs_phone"}
    body = {"ticket": ticket, "agreements": AGREED}
    problem(client.post(f"{API}/third/session", body), 422, "invalid_input")
    assert client.post(f"{API}/third/codes", {"ticket": ticket, "phone": phone}).status_code == 202
    opened = client.post(f"{API}/third/session", body | {"phone": phone, "code": last_code(phone)})
    assert opened.get_json()["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"
    assert client.get("/api/v1/worker/session").status_code == 200
    assert client.get("/api/v1/worker/bindings").get_json()[0]["label"] == "政务服务账号"


def test_another_browser_gets_a_page_that_says_no(web: Flask, vendors: Providers) -> None:
    begun = begin(WorkerClient(web), "gov")
    address = way_back(vendors, "gov", begun)
    answer = WorkerClient(web).get(address)
    assert answer.status_code == 422
    assert answer.content_type == "text/html; charset=utf-8"
    assert "身份认证没有完成" in answer.get_data(as_text=True)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web: Flask) -> None:
    begun = WorkerClient(web).post(f"{API}/providers/gov", {})
    cookie = begun.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/api/v1" in cookie


def test_a_ticket_without_its_browser_is_worth_nothing(web: Flask, vendors: Providers) -> None:
    client, thief = WorkerClient(web), WorkerClient(web)
    begun = begin(client, "gov")
    ticket = client.get(way_back(vendors, "gov", begun, new_phone())).headers["Location"].partition("?ticket=")[2]
    body = {"ticket": ticket, "agreements": AGREED}
    problem(thief.post(f"{API}/third/session", body), 404, "login_ticket_not_found")
    assert client.post(f"{API}/third/session", body).status_code == 200


def test_who_refuses_there_reads_what_to_do(web: Flask) -> None:
    client = WorkerClient(web)
    state = parse_qs(urlsplit(begin(client, "gov")["url"]).query)["state"][0]
    answer = client.get(f"/api/v1/h5/oidc/gov/callback?error=access_denied&state={state}")
    assert answer.status_code == 422
    assert "改用手机号登录" in answer.get_data(as_text=True)


def test_a_phone_with_the_card_lets_the_computer_in(web: Flask, vendors: Providers) -> None:
    computer, phone, number = WorkerClient(web), WorkerClient(web), new_phone()
    begun = begin(computer, "social_card")
    assert begun["qr"].startswith("data:image/svg+xml")
    back = phone.get(way_back(vendors, "social_card", begun, number))
    assert back.headers["Location"] == "/api/v1/h5/oidc/confirmation"
    assert computer.post(f"{API}/third/status", {"ticket": begun["ticket"]}).get_json() == {"status": "waiting"}
    page = phone.get("/api/v1/h5/oidc/confirmation").get_data(as_text=True)
    assert "Edge · Windows" in page
    assert "127.0.0.1" in page
    assert computer.get("/api/v1/h5/oidc/confirmation").status_code == 404
    done = _decide(phone, "accept")
    assert "请回到电脑继续操作" in done.get_data(as_text=True)
    assert done.headers["Referrer-Policy"] == "same-origin"
    assert computer.post(f"{API}/third/status", {"ticket": begun["ticket"]}).get_json() == {"status": "proven"}
    opened = computer.post(f"{API}/third/session", {"ticket": begun["ticket"], "agreements": AGREED})
    assert opened.get_json()["phone_masked"] == f"{number[:3]}****{number[-4:]}"


def test_the_phone_refuses_and_another_site_cannot_accept(web: Flask, vendors: Providers) -> None:
    computer, phone = WorkerClient(web), WorkerClient(web)
    begun = begin(computer, "social_card")
    phone.get(way_back(vendors, "social_card", begun, new_phone()))
    assert _decide(phone, "accept", origin="https://evil.example").status_code == 403
    assert _decide(phone, "refuse").status_code == 200
    assert computer.post(f"{API}/third/status", {"ticket": begun["ticket"]}).get_json() == {"status": "refused"}
    assert _decide(phone, "accept").status_code == 409


def _decide(phone: WorkerClient, decision: str, origin: str = "http://localhost") -> Any:
    return phone.client.post("/api/v1/h5/oidc/confirmation", data={"decision": decision}, headers={"Origin": origin})
