"""Login, transports, preferences, consents, messages (A1, A11, B1, D7, M5)."""

from pathlib import Path

import pytest
from flask import Flask

from app.core.db import transaction
from app.identity.texts import current_texts
from app.notifications.service import post_message
from tests.factories import Worker, agreements, last_code, new_phone, new_worker
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def test_the_first_login_registers(web: Flask) -> None:
    client, phone = WorkerClient(web), new_phone()
    session = client.log_in(phone)
    assert session["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"
    assert client.get("/api/v1/worker/session").get_json()["account_id"] == session["account_id"]


def test_a_bearer_login_tells_the_token_once_and_sets_no_cookie(web: Flask) -> None:
    client, phone = WorkerClient(web), new_phone()
    session = client.log_in(phone, transport="bearer")
    assert client.client.get_cookie("gongyue_worker") is None
    found = web.test_client().get("/api/v1/worker/session", headers={"Authorization": f"Bearer {session['token']}"})
    assert found.get_json()["account_id"] == session["account_id"]
    assert "token" not in found.get_json()


@pytest.mark.parametrize("phone", ["1380013800", "0431-88888888", "+1 202 555 0100", "abc"])
def test_a_wrong_number_is_named(web: Flask, phone: str) -> None:
    found = problem(WorkerClient(web).post("/api/v1/worker/login/codes", {"phone": phone}), 422, "phone_invalid")
    assert found["fields"]["phone"]


def test_codes_are_limited_and_say_for_how_long(web: Flask) -> None:
    client, phone = WorkerClient(web), new_phone()
    assert client.post("/api/v1/worker/login/codes", {"phone": phone}).get_json() == {
        "resend_after": 60,
        "expires_in": 300,
    }
    refused = client.post("/api/v1/worker/login/codes", {"phone": f"+86 {phone[:3]} {phone[3:]}"})
    assert 1 <= problem(refused, 429, "sms_limit_reached")["retry_after"] <= 60


def test_agreements_are_needed(web: Flask) -> None:
    client, phone = WorkerClient(web), new_phone()
    client.post("/api/v1/worker/login/codes", {"phone": phone})
    body = {"phone": phone, "code": last_code(phone), "agreements": []}
    assert problem(client.post("/api/v1/worker/login", body), 422, "agreement_required")["kind"] == "user_agreement"


def test_logging_out_ends_the_session_everywhere_this_token_is(web: Flask) -> None:
    worker = new_worker()
    client, copy = WorkerClient(web, worker.token), WorkerClient(web, worker.token)
    answer = client.send("DELETE", "/api/v1/worker/session")
    assert answer.status_code == 204
    assert client.client.get_cookie("gongyue_worker") is None
    problem(copy.get("/api/v1/worker/session"), 401, "session_ended")


def test_preferences(web: Flask) -> None:
    client = WorkerClient(web, new_worker().token)
    changed = client.send("PUT", "/api/v1/worker/preferences", {"language": "en", "font_scale": "1.5"}).get_json()
    assert (changed["language"], changed["font_scale"]) == ("en", "1.5")
    problem(client.send("PUT", "/api/v1/worker/preferences", {"font_scale": "9"}), 422, "invalid_input")


def test_texts_to_agree_to(web: Flask) -> None:
    client = WorkerClient(web)
    listed = client.get("/api/v1/worker/agreements").get_json()
    assert [text["kind"] for text in listed] == [str(text.kind) for text in current_texts()]
    for text in current_texts():
        found = client.get(f"/api/v1/worker/agreements/{text.kind}").get_json()
        assert (found["text"], found["sha256"]) == (text.text_zh, text.sha256)
        english = client.get(f"/api/v1/worker/agreements/{text.kind}", Accept_Language="en").get_json()
        assert english["text"] == text.text_en
    problem(client.get("/api/v1/worker/agreements/other"), 404, "text_not_found")


def test_consents_given_at_login_are_listed(web: Flask) -> None:
    client = WorkerClient(web, new_worker().token)
    given = {view["kind"]: view["current"] for view in client.get("/api/v1/worker/consents").get_json()}
    agreed = {str(kind) for kind, _ in agreements()}
    assert {kind for kind, current in given.items() if current} == agreed


def test_messages_page_and_are_read(web: Flask) -> None:
    worker = new_worker()
    _post_messages(worker, 23)
    client = WorkerClient(web, worker.token)
    first = client.get("/api/v1/worker/messages").get_json()
    second = client.get(f"/api/v1/worker/messages?cursor={first['next_cursor']}").get_json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (20, 3, None)
    assert len({item["id"] for item in first["items"] + second["items"]}) == 23
    ids = [item["id"] for item in first["items"][:3]]
    assert client.post("/api/v1/worker/messages/read", {"ids": ids}).get_json() == {"unread": 20}
    assert client.get("/api/v1/worker/session").get_json()["unread"] == 20
    assert client.post("/api/v1/worker/messages/read", {"all": True}).get_json() == {"unread": 0}


@pytest.mark.parametrize("body", [{}, {"ids": ["00000000-0000-4000-8000-000000000000"], "all": True}])
def test_reading_messages_needs_ids_or_all(web: Flask, body: dict[str, object]) -> None:
    client = WorkerClient(web, new_worker().token)
    problem(client.post("/api/v1/worker/messages/read", body), 400, "bad_request")


def test_only_my_messages_are_marked(web: Flask) -> None:
    mine, other = new_worker(), new_worker()
    _post_messages(mine, 1)
    theirs = WorkerClient(web, mine.token).get("/api/v1/worker/messages").get_json()["items"][0]["id"]
    WorkerClient(web, other.token).post("/api/v1/worker/messages/read", {"ids": [theirs]})
    assert WorkerClient(web, mine.token).get("/api/v1/worker/session").get_json()["unread"] == 1


def test_offered_methods_follow_the_settings(database: Database, tmp_path: Path) -> None:
    client = WorkerClient(make_app(tmp_path, verification_methods=("phone",)), new_worker().token)
    methods = {m["method"]: m["available"] for m in client.get("/api/v1/worker/verification-methods").get_json()}
    assert methods == {"phone": True, "bank": False, "face": False, "manual": False}
    body = {"method": "face", "name": "张伟", "id_number": "220100199003071013"}
    refused = problem(client.post("/api/v1/worker/verifications", body), 422, "invalid_input")
    assert refused["fields"] == {"method": ["平台未开通此方式。"]}


def test_help_is_for_everybody(web: Flask) -> None:
    found = web.test_client().get("/api/v1/help").get_json()
    assert found["telephone"]
    assert all(item["q"] and item["a"] for item in found["questions"])


def _post_messages(worker: Worker, count: int) -> None:
    assert worker.actor.account_id is not None
    for number in range(count):
        with transaction() as session:
            post_message(
                session, account_kind="worker", account_id=worker.actor.account_id, kind="test",
                title=f"消息 {number}", body="内容",
            )  # fmt: skip
