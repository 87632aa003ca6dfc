"""Verification, login and download over HTTP, in all their ways (A3, B2-B5, B7)."""

import io
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.bindings import bind_platform
from app.contracts.service.drafting import update_draft
from app.contracts.service.sending import send_contract
from app.core.checks import Outcome
from app.http.security import CONTENT_SECURITY_POLICY
from tests.contracts.world import World
from tests.factories import (
    Worker,
    agreements,
    consent,
    employer_with_seal,
    last_code,
    new_id_number,
    new_phone,
    new_worker,
    verified_worker,
)
from tests.fakes import FakeFace, FakeMiniPlatform
from tests.support.web import WorkerClient, make_app, problem
from tests.templates.picture_samples import encoded, photograph

VERIFICATIONS = "/api/v1/worker/verifications"
CARD = "4111111111111111"


@pytest.fixture
def willing() -> Worker:
    worker = new_worker()
    consent(worker.actor, "verification_consent", "face_consent")
    return worker


def person(method: str, **more: Any) -> dict[str, Any]:
    return {"method": method, "name": "张伟", "id_number": new_id_number(), **more}


def upload(client: WorkerClient, data: bytes, name: str = "passport.jpg") -> TestResponse:
    headers = {"Origin": "http://localhost", "X-CSRF-Token": client._csrf, "Idempotency-Key": str(uuid.uuid4())}
    body = {"file": (io.BytesIO(data), name)}
    return client.client.post("/api/v1/worker/verification-documents", data=body, headers=headers)


def test_methods_say_for_whom_they_are(web: Flask, willing: Worker) -> None:
    client = WorkerClient(web, willing.token)
    found = {way["method"]: way for way in client.get("/api/v1/worker/verification-methods").get_json()}
    assert list(found) == ["phone", "bank", "face", "manual"]
    assert all(way["available"] for way in found.values())
    assert found["face"]["providers"] == [{"id": "alipay", "label": "支付宝刷脸"}]
    assert [document["id_type"] for document in found["bank"]["documents"]] == [
        "resident_id", "hk_macao_permit", "taiwan_permit", "passport",
    ]  # fmt: skip
    assert [document["id_type"] for document in found["phone"]["documents"]] == ["resident_id"]
    english = client.get("/api/v1/worker/verification-methods", Accept_Language="en").get_json()
    assert english[2]["providers"] == [{"id": "alipay", "label": "Alipay"}]


def test_by_bank_card(web: Flask, willing: Worker) -> None:
    client, phone = WorkerClient(web, willing.token), new_phone()
    wrong = problem(client.post(VERIFICATIONS, person("bank")), 422, "bank_card_number_invalid")
    assert list(wrong["fields"]) == ["card_number"]
    started = client.post(VERIFICATIONS, person("bank", card_number=CARD, bank_phone=phone)).get_json()
    assert (started["status"], started["phone_masked"]) == ("code_sent", f"{phone[:3]}****{phone[-4:]}")
    assert CARD not in str(started)
    current = client.get(f"{VERIFICATIONS}/current").get_json()
    assert (current["id"], current["status"]) == (started["id"], "code_sent")
    done = client.post(f"{VERIFICATIONS}/{started['id']}/code", {"code": last_code(phone)}).get_json()
    assert done["status"] == "verified"
    empty = client.get(f"{VERIFICATIONS}/current")
    assert (empty.status_code, empty.get_data()) == (204, b"")


def test_a_document_that_does_not_fit_names_the_way(web: Flask, willing: Worker) -> None:
    client = WorkerClient(web, willing.token)
    refused = client.post(VERIFICATIONS, person("face", id_type="passport") | {"id_number": "E1234567"})
    assert "银行卡认证或人工审核" in problem(refused, 422, "document_not_supported")["detail_zh"]


def test_a_computer_shows_a_qr_and_follows(world: World, web: Flask, willing: Worker) -> None:
    client = WorkerClient(web, willing.token)
    world.face.outcome = Outcome.PENDING
    started = client.post(VERIFICATIONS, person("face", where="phone")).get_json()
    assert started["qr"].startswith("data:image/svg+xml")
    assert "img-src 'self' data:" in CONTENT_SECURITY_POLICY
    assert world.face.started[-1][2].endswith("/h5/#/pages/face/elsewhere")
    page, _, token = started["url"].partition("#/pages/face/handover?t=")
    assert page.endswith("/h5/"), "our own page, not the vendor's"
    assert "app_call" not in started
    again = client.get(f"{VERIFICATIONS}/current").get_json()
    assert (again["id"], again["qr"], again["url"]) == (started["id"], started["qr"], started["url"])
    phone, other, api = WorkerClient(web), WorkerClient(web), "/api/v1/worker/face-handovers"
    told = phone.post(f"{api}/preview", {"token": token}).get_json()
    assert (told["name"], told["purpose"], told["taken"], told["same_network"]) == ("张*", "real_name", False, True)
    for _ in range(2):
        assert phone.post(f"{api}/continuation", {"token": token}).get_json()["url"].startswith("https://face.example/")
    problem(other.post(f"{api}/continuation", {"token": token}), 409, "face_handover_taken")
    assert other.post(f"{api}/preview", {"token": token}).get_json()["taken"]
    problem(other.post(f"{api}/preview", {"token": "x"}), 404, "face_check_not_found")
    world.face.outcome = Outcome.MATCH
    done = client.get(f"{VERIFICATIONS}/{started['id']}").get_json()
    assert done["status"] == "verified"
    assert not {"qr", "url", "app_call"} & set(done)
    problem(phone.post(f"{api}/refusal", {"token": token}), 409, "face_handover_over")


def test_whoever_is_shown_a_strangers_code_stops_it(world: World, web: Flask, willing: Worker) -> None:
    client = WorkerClient(web, willing.token)
    world.face.outcome = Outcome.PENDING
    started = client.post(VERIFICATIONS, person("face", where="phone")).get_json()
    token = started["url"].partition("?t=")[2]
    assert WorkerClient(web).post("/api/v1/worker/face-handovers/refusal", {"token": token}).status_code == 204
    ended = client.get(f"{VERIFICATIONS}/{started['id']}").get_json()
    assert (ended["status"], "不是本人发起" in ended["message"]) == ("cancelled", True)


def test_on_a_phone_there_is_no_qr(world: World, web: Flask, willing: Worker) -> None:
    client = WorkerClient(web, willing.token)
    started = client.post(VERIFICATIONS, person("face", return_path="/h5/#/pages/face/return")).get_json()
    assert "qr" not in started
    assert world.face.started[-1][2].endswith("/h5/#/pages/face/return")
    problem(client.post(VERIFICATIONS, person("face", provider="nobody")), 422, "invalid_input")
    problem(client.post(VERIFICATIONS, person("face", provider="wechat")), 422, "invalid_input")


def test_wechats_browser_gets_a_page_that_opens_in_it_or_a_link_to_take_along(
    world: World, tmp_path: Path, willing: Worker
) -> None:
    tencent = FakeFace()
    web = make_app(tmp_path / "app", replace(world.providers, faces={**world.providers.faces, "tencent": tencent}))
    client, wechat = WorkerClient(web, willing.token), {"User_Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.49"}
    methods = client.get("/api/v1/worker/verification-methods", **wechat).get_json()
    assert [vendor["id"] for vendor in methods[2]["providers"]] == ["tencent", "alipay"]
    started = client.post(VERIFICATIONS, person("face", return_path="/h5/#/pages/face/return"), **wechat).get_json()
    assert "qr" not in started
    assert tencent.started[-1][2].endswith("/h5/#/pages/face/return")
    started = client.post(VERIFICATIONS, person("face", provider="alipay"), **wechat).get_json()
    assert started["qr"]
    assert "#/pages/face/handover?t=" in started["url"]
    assert world.face.started[-1][2].endswith("/h5/#/pages/face/elsewhere")


def test_by_review(world: World, web: Flask, willing: Worker) -> None:
    client = WorkerClient(web, willing.token)
    for data, code in ((b"%PDF-1.7", "picture_type_not_supported"), (b"\x89PNG\r\n\x1a\nno", "picture_damaged")):
        problem(upload(client, data), 422, code)
    problem(upload(WorkerClient(web, new_worker().token), b""), 403, "consent_required")
    made = upload(client, encoded(photograph(), "JPEG"))
    assert made.status_code == 201, made.get_data(as_text=True)
    body = person("manual", id_type="passport", nationality="GBR", document_ids=[made.get_json()["id"]])
    started = client.post(VERIFICATIONS, body | {"name": "JOHN SMITH", "id_number": "E1234567"}).get_json()
    assert started["status"] == "reviewing"
    assert client.get(f"{VERIFICATIONS}/current").get_json()["id"] == started["id"]
    problem(client.post(VERIFICATIONS, body | {"id_number": "E1234567"}), 422, "documents_required")
    world.check(settled=False)


def test_the_older_account_is_claimed(web: Flask, willing: Worker) -> None:
    older, client = verified_worker(), WorkerClient(web, willing.token)
    started = client.post(VERIFICATIONS, person("face") | {"id_number": older.id_number}).get_json()
    proven = client.get(f"{VERIFICATIONS}/{started['id']}").get_json()
    assert proven["claim"] == {"phone_masked": f"{older.phone[:3]}****{older.phone[-4:]}", "proof_wanted": False}
    answer = client.post(f"{VERIFICATIONS}/{started['id']}/claim", {"transport": "bearer"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    bearer = {"Authorization": f"Bearer {answer.get_json()['token']}"}
    mine = web.test_client().get("/api/v1/worker/session", headers=bearer).get_json()
    assert mine["person"]["name"] == "张伟"


def face_login(client: WorkerClient, worker: Worker, **more: Any) -> TestResponse:
    agreed = agreements("user_agreement", "privacy_policy", "face_consent")
    body = {"name": worker.name, "id_number": worker.id_number, "where": "phone"} | more
    sent = [{"kind": str(kind), "version": version} for kind, version in agreed]
    return client.post("/api/v1/worker/login/face", {"agreements": sent} | body)


def test_login_by_face(world: World, web: Flask) -> None:
    worker, client = verified_worker(), WorkerClient(web)
    world.face.outcome = Outcome.PENDING
    asked = face_login(client, worker)
    assert asked.status_code == 201, asked.get_data(as_text=True)
    started = asked.get_json()
    assert started["qr"].startswith("data:image/svg+xml")
    ticket = {"ticket": started["ticket"]}
    assert client.post("/api/v1/worker/login/face/status", ticket).get_json()["status"] == "waiting"
    problem(client.post("/api/v1/worker/login/face/session", ticket), 409, "face_check_not_passed")
    world.face.outcome = Outcome.MATCH
    assert client.post("/api/v1/worker/login/face/status", ticket).get_json()["status"] == "passed"
    opened = client.post("/api/v1/worker/login/face/session", ticket | {"transport": "bearer"})
    assert opened.status_code == 200, opened.get_data(as_text=True)
    assert opened.get_json()["person"]["name"] == worker.name
    problem(client.post("/api/v1/worker/login/face/session", ticket), 409, "face_check_used")
    problem(client.post("/api/v1/worker/login/face/status", {"ticket": "made-up"}), 404, "login_ticket_not_found")
    no_consent = {"agreements": [{"kind": str(kind), "version": version} for kind, version in agreements()]}
    problem(face_login(client, worker, **no_consent), 422, "agreement_required")


def test_answers_about_unknown_people_look_the_same(world: World, web: Flask) -> None:
    worker = verified_worker()
    world.face.outcome = Outcome.PENDING
    known = face_login(WorkerClient(web), worker)
    unknown = face_login(WorkerClient(web), worker, id_number=new_id_number())
    assert known.status_code == unknown.status_code
    assert set(known.get_json()) == set(unknown.get_json())


def test_a_download_is_checked_where_configured(world: World, tmp_path: Path) -> None:
    web = make_app(tmp_path / "app", world.providers, download_face_check=True)
    _, worker, contract = world.completed()
    client, address = WorkerClient(web, worker.token), f"/api/v1/worker/contracts/{contract.id}"
    assert client.get(address).get_json()["download_check"] is True
    problem(client.get(f"{address}/file"), 403, "download_check_required")
    check = client.post(f"{address}/download-checks", {"where": "phone"}).get_json()
    assert check["qr"].startswith("data:image/svg+xml")
    problem(client.get(f"{address}/file?face_check={check['id']}"), 409, "face_check_not_passed")
    assert client.get(f"/api/v1/worker/face-checks/{check['id']}").get_json()["status"] == "passed"
    for _ in range(2):
        file = client.get(f"{address}/file?face_check={check['id']}")
        assert file.get_data().startswith(b"%PDF")
    code = client.post(f"{address}/download-checks", {"method": "sms"}).get_json()
    assert code["status"] == "code_sent"
    typed = {"code": last_code(worker.phone, "SMS_DOWNLOAD")}
    assert client.post(f"/api/v1/worker/intents/{code['id']}/code", typed).get_json()["status"] == "proved"
    assert client.get(f"{address}/file?intent={code['id']}").get_data().startswith(b"%PDF")


def test_without_the_setting_a_download_asks_nothing(world: World, web: Flask) -> None:
    _, worker, contract = world.completed()
    client, address = WorkerClient(web, worker.token), f"/api/v1/worker/contracts/{contract.id}"
    assert client.get(address).get_json()["download_check"] is False
    assert client.get(f"{address}/file").get_data().startswith(b"%PDF")


def test_will_is_proved_on_another_device(world: World, web: Flask) -> None:
    _, worker, contract = world.confirmed()
    client = WorkerClient(web, worker.token)
    body = {"method": "face", "content_sha256": contract.content_sha256, "where": "phone"}
    intent = client.post(f"/api/v1/worker/contracts/{contract.id}/intents", body).get_json()
    assert intent["qr"].startswith("data:image/svg+xml")
    assert client.get(f"/api/v1/worker/intents/{intent['id']}").get_json()["status"] == "proved"


@pytest.mark.parametrize(("outcome", "status"), [(Outcome.UNAVAILABLE, "waiting"), (Outcome.MISMATCH, "failed")])
def test_what_went_wrong_is_said_wherever_a_face_is_checked(
    world: World, web: Flask, willing: Worker, outcome: Outcome, status: str
) -> None:
    _, worker, contract = world.confirmed()
    world.face.outcome = outcome
    client, newcomer = WorkerClient(web, worker.token), WorkerClient(web, willing.token)
    body = {"method": "face", "content_sha256": contract.content_sha256}
    intent = client.post(f"/api/v1/worker/contracts/{contract.id}/intents", body).get_json()
    attempt = newcomer.post(VERIFICATIONS, person("face")).get_json()
    login = {"ticket": face_login(WorkerClient(web), worker).get_json()["ticket"]}
    for _ in range(2):
        for seen in (
            client.get(f"/api/v1/worker/intents/{intent['id']}").get_json(),
            newcomer.get(f"{VERIFICATIONS}/{attempt['id']}").get_json(),
            client.post("/api/v1/worker/login/face/status", login).get_json(),
        ):
            assert seen["status"] == status
            assert "手机号" in seen["message"]


def test_wechat_is_asked_with_the_identity_that_is_bound(world: World, tmp_path: Path) -> None:
    wechat = FakeFace()
    web = make_app(tmp_path / "app", replace(world.providers, faces={**world.providers.faces, "wechat": wechat}))
    worker = new_worker()
    consent(worker.actor, "verification_consent", "face_consent")
    client = WorkerClient(web, worker.token)
    problem(client.post(VERIFICATIONS, person("face", provider="wechat")), 422, "invalid_input")
    bind_platform(actor=worker.actor, kind="weixin", platform=FakeMiniPlatform(), code="code-o1-1")
    started = client.post(VERIFICATIONS, person("face", provider="wechat")).get_json()
    assert started["app_call"]
    assert client.get(f"{VERIFICATIONS}/{started['id']}").get_json()["status"] == "verified"
    assert wechat.asked[-1][2] == "o1"


def test_a_contract_that_asks_first_tells_its_title_and_no_more(world: World, web: Flask) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, open_check=True)
    contract = send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    client, home = WorkerClient(web, worker.token), {"region": ["吉林省"], "detail": "人民大街 1000 号"}
    one = f"/api/v1/worker/contracts/{contract.id}"
    sha = {"content_sha256": contract.content_sha256}
    closed = [client.get(f"{one}{rest}") for rest in ("", "/pages/1", "/text", "/timeline", "/progress", "/file")]
    closed += [
        client.post(f"{one}/page-views", {"pages": [1]}), client.post(f"{one}/termination", {"reason": "不签了"}),
        client.post(f"{one}/confirmation", {**sha, "habitual_residence": home, "registered_residence": home}),
        client.post(f"{one}/opening", {}),
    ]  # fmt: skip
    for answer in closed:
        told = problem(answer, 403, "opening_check_required")
        assert (told["contract_title"], told["organisation"]) == ("劳动合同", employer.organisation)
        assert "软件工程师" not in answer.get_data(as_text=True)
    assert "软件工程师" not in client.get("/api/v1/worker/contracts").get_data(as_text=True)
    check = client.post(f"{one}/opening-checks", {"method": "face", "where": "phone"}).get_json()
    token = check["url"].partition("?t=")[2]
    seen = WorkerClient(web).post("/api/v1/worker/face-handovers/preview", {"token": token}).get_json()
    assert (seen["purpose"], seen["title"]) == ("open", "劳动合同")
    assert client.get(f"/api/v1/worker/face-checks/{check['id']}").get_json()["status"] == "passed"
    for _ in range(2):
        assert client.post(f"{one}/opening", {"face_check": check["id"]}).status_code == 204
    opened = client.get(one).get_json()
    assert opened["key_terms"]["post"] == "软件工程师"
    assert opened["intent_methods"][0] == "face", "asked for again to sign, the code beside it"
    assert "劳动者查看前核对了本人" in [entry["text"] for entry in client.get(f"{one}/timeline").get_json()]


def test_anybody_may_ask_which_vendors_there_are(web: Flask) -> None:
    found = WorkerClient(web).get("/api/v1/worker/face-vendors").get_json()
    assert found == [{"id": "alipay", "label": "支付宝刷脸"}]
