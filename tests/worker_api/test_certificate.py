"""A worker's own certificate over HTTP, and will proven by its PIN (E6, B6)."""

import pytest
from flask import Flask

from tests.accounts.password_world import cheap_hashes
from tests.contracts.pin_world import OTHER, PIN, ready_by_pin
from tests.contracts.world import World
from tests.factories import consent, employer_with_seal, last_code, some_ink, verified_worker
from tests.support.web import WorkerClient, problem

__all__ = ["cheap_hashes"]

pytestmark = [pytest.mark.usefixtures("cheap_hashes"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
API = "/api/v1/worker"


def test_from_the_refused_way_to_the_signature(web: Flask, world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    contract = ready_by_pin(world, employer, worker)
    client = WorkerClient(web, worker.token)
    begin = {"method": "pin", "content_sha256": contract.content_sha256}
    problem(client.post(f"{API}/contracts/{contract.id}/intents", begin), 409, "certificate_required")
    assert client.post(f"{API}/certificate/codes").status_code == 202
    form = {"pin": PIN, "code": last_code(worker.phone, "SMS_CERTIFICATE")}
    asked = problem(client.post(f"{API}/certificate/activation", form), 403, "consent_required")
    assert asked["kind"] == "certificate_agreement"
    consent(worker.actor, "certificate_agreement")
    refused = problem(client.post(f"{API}/certificate/activation", form | {"pin": "123456"}), 422, "pin_refused")
    assert list(refused["fields"]) == ["pin"]
    assert client.post(f"{API}/certificate/activation", form).get_json()["status"] == "issuing"
    problem(client.post(f"{API}/contracts/{contract.id}/intents", begin), 409, "certificate_being_issued")
    world.settle()
    shown = client.get(f"{API}/certificate").get_json()
    assert (shown["status"], shown["details"]["subject"]) == ("active", "张*")
    intent = client.post(f"{API}/contracts/{contract.id}/intents", begin).get_json()
    assert intent["status"] == "enter_pin"
    wrong = problem(client.post(f"{API}/intents/{intent['id']}/pin", {"pin": OTHER}), 422, "pin_wrong")
    assert wrong["attempts_left"] == 4
    assert client.post(f"{API}/intents/{intent['id']}/pin", {"pin": PIN}).get_json()["status"] == "proved"
    signed = {"challenge_id": intent["id"], "content_sha256": contract.content_sha256, "ink": some_ink().to_json()}
    assert client.post(f"{API}/contracts/{contract.id}/signature", signed).status_code == 200
    world.settle()
    world.check()


def test_change_forget_renew_revoke(web: Flask, world: World) -> None:
    worker = verified_worker()
    client = WorkerClient(web, worker.token)
    consent(worker.actor, "certificate_agreement")
    world.authority.days = 20
    client.post(f"{API}/certificate/codes")
    form = {"pin": PIN, "code": last_code(worker.phone, "SMS_CERTIFICATE")}
    assert client.post(f"{API}/certificate/activation", form).status_code == 200
    world.settle()
    assert client.post(f"{API}/certificate/pin", {"pin": OTHER, "current_pin": PIN}).status_code == 200
    world.pass_time(seconds=61)
    client.post(f"{API}/certificate/codes")
    form = {"pin": PIN, "code": last_code(worker.phone, "SMS_CERTIFICATE")}
    missing = problem(client.post(f"{API}/certificate/activation", form), 422, "invalid_input")
    assert list(missing["fields"]) == ["proof"]
    check = client.post(f"{API}/certificate/face-checks", {}).get_json()["id"]
    answer = client.post(f"{API}/certificate/activation", form | {"face_check_id": check})
    assert answer.get_json()["renewable"] is True
    assert client.post(f"{API}/certificate/renewal", {"pin": PIN}).get_json()["renewing"] is True
    world.settle()
    assert client.post(f"{API}/certificate/revocation").get_json()["status"] == "revoked"
