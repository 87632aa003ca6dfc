"""What holds for every page: proof that our own page asked, one effect per key, escaping, headers (T-11, T-14)."""

import html
import re
import uuid

import pytest
from flask import Flask

from app.contracts.service.drafting import update_draft
from tests.console.window import Window, hidden, refusal
from tests.contracts.world import World
from tests.factories import Employer, verified_worker

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def seals(window: Window) -> int:
    return window.open("/seals").count('class="card seal-card"')


def test_a_form_needs_the_token_of_its_session(window: Window) -> None:
    refusal(window.press("/seals", X_CSRF_Token=""), 403)
    refusal(window.press("/seals", X_CSRF_Token="wrong"), 403)
    assert seals(window) == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_comes_from_our_own_page(window: Window, origin: str) -> None:
    refusal(window.press("/seals", Origin=origin), 403)
    refusal(window.press("/seals", Sec_Fetch_Site="cross-site"), 403)
    assert seals(window) == 1


def test_a_form_needs_a_key_and_has_one_effect(window: Window) -> None:
    refusal(window.press("/seals", Idempotency_Key=""), 422)
    key = str(uuid.uuid4())
    first, again = window.press("/seals", key=key), window.press("/seals", key=key)
    assert (first.status_code, first.get_data()) == (again.status_code, again.get_data())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert seals(window) == 2


def test_without_scripts_a_form_carries_token_and_key_itself(window: Window) -> None:
    page = window.open("/seals")
    form = {"csrf_token": hidden(page, "csrf_token"), "idempotency_key": hidden(page, "idempotency_key")}
    for _attempt in range(2):
        answer = window.client.post("/console/seals", data=form, headers={"Origin": "http://localhost"})
        assert answer.status_code == 303
        assert 'content="0; url=/console/seals?done=seal_made"' in answer.get_data(as_text=True)
    assert seals(window) == 2


def form_fields(page: str, action: str) -> dict[str, str]:
    """All hidden fields of the form that posts to `action`."""
    form = page.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_pressed_before_the_scripts_are_there_a_page_asks_first(window: Window, employer: Employer) -> None:
    """E1: a seal that is revoked can't be used again; forms without a question go through (see above)."""
    address = f"/console/seals/{employer.seal_id}/revocation"
    form = form_fields(window.open("/seals"), address)
    assert form["confirmed"] == ""
    headers = {"Origin": "http://localhost", "Referer": "http://localhost/console/seals"}
    asked = window.client.post(address, data=form | {"reason": "<旧>"}, headers=headers)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 200
    assert "不能再用于签署，且无法恢复" in page
    assert ">作废印章</span>" in page
    assert 'href="/console/seals"' in page
    assert seals(window) == 1, "nothing happened yet"
    said = form_fields(page, address)
    assert (said["confirmed"], said["reason"]) == ("1", "<旧>")
    assert "question" not in said
    for _attempt in range(2):
        answer = window.client.post(address, data=said, headers=headers)
        assert "url=/console/seals?done=seal_revoked" in answer.get_data(as_text=True)
    assert seals(window) == 0


def test_the_question_leads_back_to_our_own_pages_only(window: Window, employer: Employer) -> None:
    address = f"/console/seals/{employer.seal_id}/revocation"
    form = form_fields(window.open("/seals"), address)
    for came_from, back in {
        "http://evil.example/console/seals": "/",
        "http://localhost//evil.example/console/seals": "/",
        f"http://localhost{address}": "/",
        "http://localhost/console/seals?from=menu#top": "/console/seals?from=menu",
    }.items():
        headers = {"Origin": "http://localhost", "Referer": came_from}
        page = window.client.post(address, data=form, headers=headers).get_data(as_text=True)
        assert f'<a class="btn" href="{back}">' in page
        assert "evil" not in page


@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_too_large_is_refused_with_the_way_back(
    window: Window, htmx: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its body can't be read, nor is it when the refusal is shown."""
    monkeypatch.setitem(window.client.application.config, "MAX_CONTENT_LENGTH", 1000)
    headers = {"Origin": "http://localhost", "Referer": "http://localhost/console/organisation/verification"}
    if htmx:
        headers |= {"HX-Request": "true", "X-CSRF-Token": window._csrf, "Idempotency-Key": str(uuid.uuid4())}
    body = {"csrf_token": window._csrf, "name": "长" * 1000}
    answer = window.client.post("/console/seals", data=body, headers=headers)
    assert answer.status_code == 413
    page = answer.get_data(as_text=True)
    assert "不得超过 20 MB" in page
    assert htmx or 'href="/console/organisation/verification"' in page


def test_an_address_that_is_none_is_no_way_back(window: Window, employer: Employer) -> None:
    address = f"/console/seals/{employer.seal_id}/revocation"
    form = form_fields(window.open("/seals"), address)
    headers = {"Origin": "http://localhost", "Referer": "http://[evil"}
    assert '<a class="btn" href="/">' in window.client.post(address, data=form, headers=headers).get_data(as_text=True)


def test_from_the_question_ways_lead_to_the_page_before_it(window: Window, employer: Employer) -> None:
    """The question's own address can't be opened: neither a refusal nor a new login leads there."""
    address = f"/console/seals/{employer.seal_id}/revocation"
    headers = {"Origin": "http://localhost", "Referer": "http://localhost/console/seals"}
    form = form_fields(window.open("/seals"), address)
    said = form_fields(window.client.post(address, data=form, headers=headers).get_data(as_text=True), address)
    window.go(address.removeprefix("/console"))
    refused = window.client.post(address, data=said, headers=headers | {"Referer": f"http://localhost{address}"})
    assert refused.status_code == 409
    assert 'href="/console/seals"' in refused.get_data(as_text=True)
    window.go("/logout")
    answer = window.press(address.removeprefix("/console"), said, HX_Current_URL=f"http://localhost{address}")
    assert answer.headers["HX-Redirect"] == "/console/login?next="


def test_who_was_not_asked_does_nothing_with_half_of_the_scripts(window: Window, employer: Employer) -> None:
    path = f"/seals/{employer.seal_id}/revocation"
    refusal(window.press(path, form_fields(window.open("/seals"), f"/console{path}")), 400)
    assert seals(window) == 1


def test_without_scripts_a_refusal_is_a_page_with_the_way_back(window: Window) -> None:
    form = {"organisation_id": str(uuid.uuid4()), "csrf_token": window._csrf}
    headers = {"Origin": "http://localhost", "Referer": "http://localhost/console/organisations"}
    answer = window.client.post("/console/organisations/entrance", data=form, headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "<html" in page
    assert 'href="/console/organisations"' in page


def test_pages_and_parts_share_an_address(window: Window) -> None:
    page, part = window.get("/console/contracts"), window.ask("/contracts")
    assert "<html" in page.get_data(as_text=True)
    assert "<html" not in part.get_data(as_text=True)
    for answer in (page, part, window.get("/console/nothing")):
        assert "HX-Request" in answer.headers["Vary"]
    again = window.ask("/contracts", **{"HX-History-Restore-Request": "true"})
    assert "<html" in again.get_data(as_text=True)


def test_nothing_is_inline_and_nothing_is_kept(window: Window) -> None:
    answer = window.get("/console/contracts")
    page, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    for inline in (" style=", " onclick=", "hx-on", "<style", "javascript:", "hx-vals"):
        assert inline not in page, inline


def test_what_people_typed_is_shown_as_text(window: Window, employer: Employer, world: World) -> None:
    attack = '<img src=x onerror="alert(1)">'
    draft = world.draft(employer, verified_worker())
    update_draft(actor=employer.actor, contract_id=draft.id, title=attack, terms={"post": attack})
    for path in ("details", "places", "preview"):
        page = window.open(f"/contracts/{draft.id}/{path}")
        assert "<img src=x" not in page
        assert "&lt;img" in page
    assert attack not in window.open("/contracts?box=draft&text=%3Cimg")


def test_an_unknown_page_has_a_way_out(window: Window) -> None:
    page = window.open("/nothing", status=404)
    assert "没有找到" in page
    assert 'href="/console/"' in page


def test_own_files_are_revalidated(console: Flask) -> None:
    with console.test_client().get("/kit/static/modules/main.js") as answer:
        assert answer.status_code == 200
        assert "no-cache" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"]
