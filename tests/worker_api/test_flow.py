"""A worker's whole way over HTTP: from the SMS link to the downloaded contract (A1, A7, B2, B6, H1, H3, H10)."""

import re
import uuid
from typing import Any

from flask import Flask

from app.contracts.models import Contract
from app.identity.texts import get_text
from tests.contracts.world import HOME, World
from tests.factories import Employer, Worker, employer_with_seal, last_code, new_id_number, new_phone, some_ink
from tests.support.web import WorkerClient, problem


def _sent_to(world: World, phone: str, name: str) -> tuple[Employer, Contract]:
    employer = employer_with_seal()
    addressee = Worker(employer.actor, "", phone, name)
    return employer, world.send(employer, addressee)


def _link_token(world: World, phone: str) -> str:
    world.settle()
    link = next(message for message in world.sms.sent if message.phone == phone and "link" in message.params)
    found = re.fullmatch(r"h5/#/pages/landing/index\?t=([\w-]{43})", link.params["link"])
    assert found
    return found.group(1)


def _agree(client: WorkerClient, *kinds: str) -> None:
    for kind in kinds:
        answer = client.post("/api/v1/worker/consents", {"kind": kind, "version": get_text(kind).version})
        assert answer.status_code == 201, answer.get_data(as_text=True)


def test_from_the_link_to_the_signed_file(world: World, web: Flask) -> None:
    phone, name, id_number = new_phone(), "张伟", new_id_number()
    employer, contract = _sent_to(world, phone, name)
    token = _link_token(world, phone)

    client = WorkerClient(web)
    preview = client.post("/api/v1/h5/links/preview", {"token": token}).get_json()
    assert (preview["purpose"], preview["organisation"]) == ("contract", employer.organisation)
    assert set(preview) == {"purpose", "organisation", "expires_at", "mini_programs"}
    assert set(preview["mini_programs"]) == {"weixin", "alipay"}

    session = client.log_in(phone, link_token=token)
    assert session["target"] == {"kind": "contract", "id": str(contract.id)}
    assert session["person"] is None
    assert "token" not in session
    address = f"/api/v1/worker/contracts/{contract.id}"
    problem(client.get(address), 403, "verification_required")
    assert [card["id"] for card in client.get("/api/v1/worker/home").get_json()["todo"]] == [str(contract.id)]

    _verify(client, phone, name, id_number)
    page = _read_and_confirm(world, client, address)
    assert page["confirmation"]["habitual_residence"] == HOME
    signed = _prove_and_sign(world, client, address, page, phone)
    assert signed["my_step"] == "sealing"
    assert client.get(f"{address}/progress").get_json()["waiting_for"] == "platform"

    world.settle()
    progress = client.get(f"{address}/progress").get_json()
    assert (progress["sealed"], progress["waiting_for"], progress["delayed"]) == (True, "organisation", False)
    problem(client.get(f"{address}/file"), 409, "not_downloadable_yet")

    world.seal(employer, world.reload(employer, contract))
    world.settle()
    done = client.get(address).get_json()
    assert (done["status"], done["my_step"], done["actions"]) == ("completed", "done", ["download"])
    assert [party["state"] for party in done["parties"]] == ["sealed", "sealed"]
    with client.get(f"{address}/file") as file:
        assert file.content_type == "application/pdf"
        assert file.get_data() == world.stored_pdf(world.reload(employer, contract))
        assert "attachment" in file.headers["Content-Disposition"]
        assert "no-store" in file.headers["Cache-Control"]
    texts = [entry["text"] for entry in client.get(f"{address}/timeline").get_json()]
    assert texts[0] == "用人单位发送了合同"
    assert texts[-2:] == ["合同完成签署", "合同被下载"]
    world.check()


def _verify(client: WorkerClient, phone: str, name: str, id_number: str) -> None:
    body = {"method": "phone", "name": name, "id_number": id_number}
    refused = problem(client.post("/api/v1/worker/verifications", body), 403, "consent_required")
    assert refused["kind"] == "verification_consent"
    _agree(client, "verification_consent", "face_consent", "esign_consent")
    started = client.post("/api/v1/worker/verifications", body).get_json()
    assert started["status"] == "code_sent"
    wrong = f"{(int(last_code(phone)) + 1) % 1_000_000:06d}"
    address = f"/api/v1/worker/verifications/{started['id']}"
    assert problem(client.post(f"{address}/code", {"code": wrong}), 422, "code_wrong")["attempts_left"] == 4
    verified = client.post(f"{address}/code", {"code": last_code(phone)}).get_json()
    assert verified["status"] == "verified"
    assert client.get("/api/v1/worker/session").get_json()["person"] == {
        "name": name,
        "id_number_masked": f"{id_number[:3]}***********{id_number[-4:]}",
        "verified_at": client.get("/api/v1/worker/session").get_json()["person"]["verified_at"],
        "method": "phone",
    }


def _read_and_confirm(world: World, client: WorkerClient, address: str) -> dict[str, Any]:
    page: dict[str, Any] = client.get(address).get_json()
    assert (page["status"], page["my_step"]) == ("confirming", "confirm")
    assert {"confirm", "terminate"} == set(page["actions"])
    assert page["key_terms"]["pay"] == "每月 9000 元"
    assert [place["mine"] for place in page["places"]].count(True) == 1
    body = {"content_sha256": page["content_sha256"], "habitual_residence": HOME, "registered_residence": HOME}
    assert problem(client.post(f"{address}/confirmation", body), 409, "reading_not_finished")["pages_left"] == 1
    with client.get(f"{address}/pages/1?width=1080") as picture:
        assert picture.content_type in ("image/png", "image/jpeg")
        assert picture.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{address}/text").get_json()["content_sha256"] == page["content_sha256"]
    reading = client.post(f"{address}/page-views", {"pages": [1]}, Idempotency_Key="").get_json()["reading"]
    assert reading["seen_pages"] == [1]
    world.pass_time(seconds=61)
    changed = client.post(f"{address}/confirmation", body | {"content_sha256": "0" * 64})
    problem(changed, 409, "document_changed")
    confirmed: dict[str, Any] = client.post(f"{address}/confirmation", body).get_json()
    assert confirmed["my_step"] == "sign"
    return confirmed


def _prove_and_sign(
    world: World, client: WorkerClient, address: str, page: dict[str, Any], phone: str
) -> dict[str, Any]:
    world.pass_time(seconds=61)
    ask = {"method": "sms", "content_sha256": page["content_sha256"]}
    intent = client.post(f"{address}/intents", ask).get_json()
    body = {
        "challenge_id": intent["id"],
        "content_sha256": page["content_sha256"],
        "ink": some_ink().to_json(),
    }
    problem(client.post(f"{address}/signature", body), 409, "intent_not_proved")
    proved = client.post(f"/api/v1/worker/intents/{intent['id']}/code", {"code": last_code(phone)}).get_json()
    assert proved["status"] == "proved"
    scribble = {"width": 300, "height": 100, "strokes": [[[1, 1, 0, None], [2, 2, 9, None]]]}
    assert problem(client.post(f"{address}/signature", body | {"ink": scribble}), 422, "ink_refused")["reason"]
    key = str(uuid.uuid4())
    first = client.post(f"{address}/signature", body, Idempotency_Key=key)
    again = client.post(f"{address}/signature", body, Idempotency_Key=key)
    assert first.status_code == 200, first.get_data(as_text=True)
    assert first.get_data() == again.get_data()
    signed: dict[str, Any] = client.post(f"{address}/signature", body).get_json()
    assert client.get("/api/v1/worker/signatures/current").get_json()["svg"].startswith("<svg")
    return signed


def test_a_link_for_another_phone_leads_nowhere(world: World, web: Flask) -> None:
    phone = new_phone()
    _sent_to(world, phone, "张伟")
    token = _link_token(world, phone)
    other = WorkerClient(web)
    session = other.log_in(new_phone(), link_token=token)
    assert "target" not in session
    problem(other.post("/api/v1/h5/links/claim", {"token": token}), 403, "link_other_phone")


def test_looking_at_a_link_does_not_use_it_up(world: World, web: Flask) -> None:
    phone = new_phone()
    _, contract = _sent_to(world, phone, "张伟")
    token, client = _link_token(world, phone), WorkerClient(web)
    for _ in range(3):
        assert client.post("/api/v1/h5/links/preview", {"token": token}).status_code == 200
    client.log_in(phone)
    claimed = client.post("/api/v1/h5/links/claim", {"token": token}).get_json()
    assert claimed == {"target": {"kind": "contract", "id": str(contract.id)}}
    problem(client.post("/api/v1/h5/links/preview", {"token": "x" * 43}), 404, "link_not_found")


def test_a_worker_ends_it_with_a_reason(world: World, web: Flask) -> None:
    _, worker, contract = world.sent()
    client, address = WorkerClient(web, worker.token), f"/api/v1/worker/contracts/{contract.id}"
    problem(client.post(f"{address}/termination", {"reason": "嗯"}), 422, "invalid_input")
    ended = client.post(f"{address}/termination", {"reason": "工资与约定不符"}).get_json()
    assert (ended["status"], ended["termination"]["reason"]) == ("terminated", "工资与约定不符")
    assert ended["actions"] == []
    problem(client.post(f"{address}/termination", {"reason": "再来一次"}), 409, "action_not_allowed")


def test_a_face_check_proves_will_only_when_the_vendor_says_so(world: World, web: Flask) -> None:
    _, worker, contract = world.confirmed()
    client = WorkerClient(web, worker.token)
    body = {"method": "face", "content_sha256": contract.content_sha256, "return_path": "/h5/#/pages/face/return"}
    intent = client.post(f"/api/v1/worker/contracts/{contract.id}/intents", body).get_json()
    assert intent["status"] == "waiting"
    assert intent["url"].startswith("https://face.example/")
    assert world.face.started[-1][2] == "http://127.0.0.1:8000/h5/#/pages/face/return"
    assert client.get(f"/api/v1/worker/intents/{intent['id']}").get_json()["status"] == "proved"


def test_the_vendor_is_never_told_to_return_elsewhere(world: World, web: Flask) -> None:
    _, worker, contract = world.confirmed()
    client = WorkerClient(web, worker.token)
    for path in ("https://evil.example/", "//evil.example", "/console/", "/h5/\\evil", "/h5/@evil"):
        body = {"method": "face", "content_sha256": contract.content_sha256, "return_path": path}
        problem(client.post(f"/api/v1/worker/contracts/{contract.id}/intents", body), 422, "invalid_input")
