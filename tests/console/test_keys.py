"""Security keys through pages and JSON (A10)."""

import json
import re
from typing import Any

from flask import Flask

from app.accounts.security_keys import list_security_keys
from tests.console.window import Window, refusal
from tests.factories import Employer, agreements, last_code
from tests.support.authenticator import Authenticator
from tests.support.security_keys import add_key
from tests.support.web import ConsoleClient, make_app, problem

API = "/api/v1/console"
AGREED = {"agree": "1", "agreement": [f"{kind}:{version}" for kind, version in agreements()]}


def answer(begun: dict[str, Any], credential: dict[str, Any]) -> dict[str, Any]:
    return {"ceremony_id": begun["ceremony_id"], "credential": json.dumps(credential)}


def test_add_in_the_personal_centre_log_in_rename_remove(window: Window, console: Flask, employer: Employer) -> None:
    page = window.open("/account")
    assert "添加安全密钥" in page
    assert 'data-key="create"' in window.open("/account/security-keys/new")
    window.press("/account/security-keys/codes")
    code = {"code": last_code(employer.phone, "SMS_SECURITY_KEY")}
    begun = window.post(f"{API}/security-keys/options", code).get_json()
    key = Authenticator()
    form = answer(begun, key.create(begun["options"])) | {"name": "办公室的 UKey"}
    assert window.go("/account/security-keys", form).endswith("done=key_added")
    page = window.open("/account")
    assert 'value="办公室的 UKey"' in page

    stranger = Window(console)
    assert 'data-key="login"' in stranger.open("/login?by=key")
    begun = stranger.post(f"{API}/login/security-key/options", {"phone": employer.phone}).get_json()
    form = answer(begun, key.get(begun["options"]))
    refusal(stranger.press("/login/security-key", form), 422)  # nothing ticked; the challenge is not spent
    assert stranger.go("/login/security-key", form | AGREED) == "/console/"
    assert "首页" in stranger.open("/")

    (shown,) = list_security_keys(actor=employer.actor)
    assert window.go(f"/account/security-keys/{shown.id}/name", {"name": "家里的"}).endswith("done=saved")
    assert "家里的" in window.open(f"/account/security-keys/{shown.id}/removal")
    begun = window.post(f"{API}/security-keys/proof").get_json()
    form = {"proof": "key"} | answer(begun, key.get(begun["options"]))
    assert window.go(f"/account/security-keys/{shown.id}/removal", form).endswith("done=key_removed")
    assert list_security_keys(actor=employer.actor) == []


def test_the_same_over_json(console: Flask, employer: Employer) -> None:
    client = ConsoleClient(console, employer.token)
    problem(client.post(f"{API}/security-keys/options", {}), 422, "invalid_input")
    assert client.post(f"{API}/security-keys/codes").status_code == 202
    code = {"code": last_code(employer.phone, "SMS_SECURITY_KEY")}
    begun, key = client.post(f"{API}/security-keys/options", code).get_json(), Authenticator()
    made = {"ceremony_id": begun["ceremony_id"], "credential": key.create(begun["options"]), "name": "一"}
    added = client.post(f"{API}/security-keys", made)
    assert added.status_code == 201, added.get_data(as_text=True)
    path = f"{API}/security-keys/{added.get_json()['id']}"
    assert client.send("PUT", path, {"name": "二"}).get_json()["name"] == "二"
    assert [one["name"] for one in client.get(f"{API}/security-keys").get_json()] == ["二"]

    stranger = ConsoleClient(console)
    begun = stranger.post(f"{API}/login/security-key/options", {}).get_json()
    body = {
        "ceremony_id": begun["ceremony_id"], "credential": key.get(begun["options"]),
        "agreements": [{"kind": str(kind), "version": version} for kind, version in agreements()],
    }  # fmt: skip
    opened = stranger.post(f"{API}/login/security-key", body)
    assert opened.get_json()["account_id"] == str(employer.actor.account_id)
    problem(stranger.post(f"{API}/login/security-key", body), 409, "security_key_ceremony_over")

    begun = client.post(f"{API}/security-keys/proof").get_json()
    proof = {"key": {"ceremony_id": begun["ceremony_id"], "credential": key.get(begun["options"])}}
    assert client.post(f"{path}/removal", proof).status_code == 204
    problem(client.post(f"{path}/removal", proof), 404, "not_found")


def test_a_browser_without_scripts_is_told(window: Window, employer: Employer) -> None:
    text = refusal(window.press("/login/security-key", AGREED | {"phone": employer.phone}), 422)
    assert "安全密钥未通过验证" in text


def test_the_removal_looks_only_at_the_way_that_was_chosen(window: Window, employer: Employer) -> None:
    add_key(employer)
    (shown,) = list_security_keys(actor=employer.actor)
    refusal(window.press(f"/account/security-keys/{shown.id}/removal", {"proof": "password", "code": "000000"}), 422)
    assert len(list_security_keys(actor=employer.actor)) == 1


def test_where_keys_cannot_work_they_are_not_offered(world: Any, tmp_path: Any, employer: Employer) -> None:
    app = make_app(tmp_path, world.providers, public_url="https://203.0.113.7")
    assert "by=key" not in Window(app).open("/login")
    answered = ConsoleClient(app).post(f"{API}/login/security-key/options", {})
    problem(answered, 409, "security_keys_not_offered")
    assert "添加安全密钥" not in Window(app, employer.token).open("/account")


def test_at_another_name_of_this_machine_the_page_leads_to_the_right_one(world: Any, tmp_path: Any) -> None:
    app = make_app(tmp_path, world.providers, public_url="http://127.0.0.1:8000")
    page = app.test_client().get("/console/login?by=key", base_url="http://127.0.0.1:8000").get_data(as_text=True)
    assert re.search(r'href="http://localhost:8000/console/login\?by=key"', page)
