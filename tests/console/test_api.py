"""The employer's JSON API (`/api/v1/console`): the door, and the main job from the first code to the PDF."""

import io
import uuid

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.contracts.service.sending import withdraw_contract
from app.identity.texts import REGISTRATION_AGREEMENTS
from tests.console.test_wizard import PLACES
from tests.console.window import Window
from tests.contracts.world import World
from tests.factories import Employer, agreements, last_code, new_id_number, new_phone, new_uscc, verified_worker
from tests.support.web import problem
from tests.templates.picture_samples import encoded, photograph

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

API = "/api/v1/console"


def agreed(*kinds: str) -> list[dict[str, str]]:
    return [{"kind": str(kind), "version": version} for kind, version in agreements(*kinds)]


def send_file(window: Window, path: str, name: str, data: bytes, **form: str) -> TestResponse:
    headers = {"Origin": "http://localhost", "X-CSRF-Token": window._csrf, "Idempotency-Key": str(uuid.uuid4())}
    return window.client.post(f"{API}/{path}", data={"file": (io.BytesIO(data), name), **form}, headers=headers)


def test_the_door(console: Flask, window: Window) -> None:
    problem(Window(console).get(f"{API}/session"), 401, "session_ended")
    problem(window.post(f"{API}/seals", {}, X_CSRF_Token=""), 403, "csrf_refused")
    problem(window.post(f"{API}/seals", {}, Origin="https://evil.example"), 403, "csrf_refused")
    problem(window.post(f"{API}/seals", {}, Idempotency_Key=""), 422, "idempotency_key_required")
    problem(window.post(f"{API}/seals", {"kind": "contract", "more": 1}), 422, "invalid_input")
    assert len(window.get(f"{API}/seals").get_json()) == 1
    key = str(uuid.uuid4())
    first = window.post(f"{API}/seals", {}, Idempotency_Key=key)
    again = window.post(f"{API}/seals", {}, Idempotency_Key=key)
    assert (first.status_code, first.get_json()) == (201, again.get_json())
    problem(window.post(f"{API}/seals", {"kind": "contract"}, Idempotency_Key=key), 422, "idempotency_key_reused")
    assert len(window.get(f"{API}/seals").get_json()) == 2


def test_an_unknown_operator_is_told_so_after_the_code(console: Flask, world: World) -> None:
    window, phone = Window(console), new_phone()
    sent = window.post(f"{API}/login/codes", {"phone": phone})
    assert (sent.status_code, sent.get_json()) == (202, {"resend_after": 60, "expires_in": 300})
    body = {"phone": phone, "code": last_code(phone), "agreements": agreed()}
    problem(window.post(f"{API}/login", body), 404, "operator_not_registered")


def test_from_the_first_code_to_the_signed_pdf(console: Flask, world: World) -> None:
    window, phone, name = Window(console), new_phone(), "李国强"
    company = {"name": "长春市接口测试有限公司", "uscc": new_uscc(), "kind": "enterprise", "address": "长春市某路 1 号"}
    window.post(f"{API}/login/codes", {"phone": phone, "purpose": "registration"})
    form = company | {"phone": phone, "code": last_code(phone), "agreements": agreed(*REGISTRATION_AGREEMENTS)}
    registered = window.post(f"{API}/organisations", form)
    assert registered.status_code == 201
    session = registered.get_json()
    assert (session["organisation"]["status"], session["person"]) == ("unverified", None)
    window._csrf = session["csrf_token"]

    number = new_id_number("19780115")
    claim = {"method": "phone", "name": name, "id_number": number}
    problem(window.post(f"{API}/verifications", claim), 403, "consent_required")
    assert window.post(f"{API}/consents", agreed("verification_consent")[0]).status_code == 201
    world.pass_time(minutes=2)
    started = window.post(f"{API}/verifications", claim).get_json()
    assert started["status"] == "code_sent"
    code = {"code": last_code(phone)}
    assert window.post(f"{API}/verifications/{started['id']}/code", code).get_json()["status"] == "verified"
    assert window.get(f"{API}/session").get_json()["person"]["id_number_masked"] != number

    assert send_file(window, "organisation/licence", "licence.png", encoded(photograph(), "PNG")).status_code == 201
    legal = {"legal_representative": name, "legal_representative_id_number": number}
    verified = window.post(f"{API}/organisation/verification", company | legal)
    assert verified.get_json()["status"] == "verified", verified.get_json()
    problem(window.send("PATCH", f"{API}/organisation", company), 409, "organisation_already_verified")
    seal = window.post(f"{API}/seals", {}).get_json()
    assert window.get(f"{API}/seals/{seal['id']}/image").data.startswith(b"\x89PNG")

    worker = verified_worker()
    draft = send_file(window, "contracts", "合同.pdf", world.pdf, title="劳动合同").get_json()
    address = f"{API}/contracts/{draft['id']}"
    problems = window.get(f"{address}/problems").get_json()
    assert [item["field"] for item in problems] == ["worker_name", "worker_phone", "places.signature", "places.seal"]
    problem(window.post(f"{address}/sending"), 422, "not_ready_to_send")
    changes = {"worker_name": worker.name, "worker_phone": worker.phone, "terms": {"post": "软件工程师"}}
    assert window.send("PATCH", address, changes).get_json()["worker_name"] == worker.name
    assert len(window.send("PUT", f"{address}/places", {"places": PLACES}).get_json()["places"]) == 2
    assert window.get(f"{address}/problems").get_json() == []
    sent = window.post(f"{address}/sending").get_json()
    assert (sent["status"], sent["parties"][0]["phone_masked"]) == (
        "confirming",
        f"{worker.phone[:3]}****{worker.phone[-4:]}",
    )
    problem(window.get(f"{address}/file"), 409, "not_downloadable_yet")
    assert window.get(f"{API}/contracts/counts").get_json()["others"] == 1
    (initiator,) = window.get(f"{API}/contracts/initiators").get_json()
    assert initiator["account_id"] == sent["created_by"]
    by_them = f"{API}/contracts?kind=labour_contract&created_by={initiator['account_id']}"
    assert [item["id"] for item in window.get(by_them).get_json()["items"]] == [draft["id"]]
    problem(window.get(f"{API}/contracts?kind=marriage"), 422, "invalid_input")

    contract = world.reload(worker, _Named(uuid.UUID(draft["id"])))
    world.confirm(worker, contract)
    world.sign(worker, contract)
    world.settle()
    world.pass_time(minutes=2)
    found = window.get(f"{API}/contracts?box=waiting").get_json()["items"]
    assert [(item["id"], item["step"]) for item in found] == [(draft["id"], "sign")]
    content = {"content_sha256": sent["content_sha256"]}
    intent = window.post(f"{address}/intents", {"method": "sms"} | content).get_json()
    proof = {"code": last_code(phone)}
    assert window.post(f"{API}/intents/{intent['id']}/code", proof).get_json()["status"] == "proved"
    body = content | {"challenge_id": intent["id"], "seal_id": seal["id"]}
    assert window.post(f"{address}/seal", body).get_json()["status"] == "sealing"
    assert window.post(f"{address}/seal", body).status_code == 200, "repeating changes nothing"
    world.settle()
    world.check()
    assert window.get(f"{address}/progress").get_json() | {"updated_at": ""} == {
        "status": "completed", "step": "done", "sealed": True, "updated_at": "",
    }  # fmt: skip
    assert window.get(f"{address}/file").data.startswith(b"%PDF-")
    story = [entry["text"] for entry in window.get(f"{address}/timeline").get_json()]
    assert story[-2:] == ["合同完成签署", "用人单位下载了合同"]
    messages = window.get(f"{API}/messages").get_json()["items"]
    assert messages[0]["title"] == "合同已完成签署"
    assert window.post(f"{API}/messages/read", {"all": True}).get_json() == {"unread": 0}
    problem(window.post(f"{API}/messages/read", {}), 400, "bad_request")


class _Named:
    """All that `World.reload` needs of a contract."""

    def __init__(self, identifier: uuid.UUID) -> None:
        self.id = identifier


def test_upload_without_a_file_names_the_field(window: Window) -> None:
    for form in ({}, {"file": (io.BytesIO(b""), "")}):
        headers = {"Origin": "http://localhost", "X-CSRF-Token": window._csrf, "Idempotency-Key": str(uuid.uuid4())}
        answer = window.client.post(f"{API}/contracts", data=form, headers=headers, content_type="multipart/form-data")
        assert problem(answer, 422, "invalid_input")["fields"]["file"], form


def test_agreements_and_word_support(window: Window, employer: Employer) -> None:
    kinds = [text["kind"] for text in window.get(f"{API}/agreements").get_json()]
    assert kinds[:2] == ["user_agreement", "privacy_policy"]
    text = window.get(f"{API}/agreements/privacy_policy").get_json()
    assert text["text"].startswith(f"# {text['title']}")
    assert {item["kind"] for item in window.get(f"{API}/consents").get_json() if item["current"]} >= set(kinds[:2])
    assert "libreoffice" in window.get(f"{API}/word-support").get_json()["how_to_install_en"]
    assert [item["name"] for item in window.get(f"{API}/organisations").get_json()] == [employer.organisation]
    assert window.send("DELETE", f"{API}/session").status_code == 204
    problem(window.get(f"{API}/session"), 401, "session_ended")


def test_reminding(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker()
    contract = world.send(employer, worker)
    address = f"{API}/contracts/{contract.id}"
    state = window.get(f"{address}/reminders").get_json()
    (notice,) = state["notices"]
    assert (notice["to"], notice["name"], notice["delivery"], notice["delivery_text"]) == (
        "worker", worker.name, "queued", "等待发送",
    )  # fmt: skip
    assert worker.phone not in str(state)
    early = window.post(f"{address}/link", {})
    problem(early, 429, "too_soon_to_remind")
    assert early.get_json()["next_at"] == state["resend_at"]
    assert int(early.headers["Retry-After"]) == early.get_json()["retry_after"] > 0
    world.pass_time(hours=7)
    urged = window.post(f"{address}/urging", {})
    assert urged.status_code == 200
    assert urged.get_json()["resend_at"] > state["resend_at"]
    withdraw_contract(actor=employer.actor, contract_id=contract.id)
    assert window.get(f"{address}/reminders").get_json()["urge_at"] is None
    problem(window.post(f"{address}/urging", {}), 409, "nobody_to_remind")
