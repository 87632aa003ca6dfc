"""A worker's onboarding over HTTP: from the link to one's own data later (A7, B5, K3, K7)."""

import re

import pytest
from flask import Flask

from app.people.service.inviting import withdraw_invitation
from tests.contracts.world import HOME, World
from tests.factories import Worker, new_phone, verified_employer, verified_worker
from tests.people.onboarding_world import FORM, accept, invite, reject
from tests.support.web import WorkerClient, problem

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TYPED = FORM | {"graduated_in": "２０１２"}


def test_from_the_link_to_ones_own_data(world: World, web: Flask) -> None:
    employer, phone = verified_employer(), new_phone()
    onboarding = invite(world, employer, Worker(employer.actor, "", phone, "王小丽"))
    world.settle()
    token = re.findall(r"t=([\w-]{43})", world.sms.last(phone).params["link"])[0]
    client = WorkerClient(web)
    preview = client.post("/api/v1/h5/links/preview", {"token": token}).get_json()
    assert set(preview) == {"purpose", "organisation", "expires_at", "mini_programs"}
    assert preview["purpose"] == "onboarding"
    session = client.log_in(phone, link_token=token)
    assert session["target"] == {"kind": "onboarding", "id": str(onboarding.id)}
    address = f"/api/v1/worker/onboardings/{onboarding.id}"
    problem(client.get(address), 403, "verification_required")
    (card,) = client.get("/api/v1/worker/home").get_json()["onboardings"]
    assert (card["id"], card["waiting_for_me"], card["status_text"]) == (str(onboarding.id), True, "待确认")


def test_filled_in_sent_back_and_accepted(world: World, web: Flask) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    onboarding = invite(world, employer, worker)
    client, address = WorkerClient(web, worker.token), f"/api/v1/worker/onboardings/{onboarding.id}"
    shown = client.get(address).get_json()
    assert employer.organisation in shown["notice"]["text"]
    assert shown["verified"]["name"] == "王小丽"
    assert worker.id_number not in str(shown)
    problem(client.send("PUT", f"{address}/draft", {"school": "吉"}), 409, "onboarding_action_not_allowed")
    assert client.post(f"{address}/agreement", {"notice_sha256": shown["notice"]["sha256"]}).status_code == 204
    assert client.get(address).get_json()["status"] == "filling"

    half = {"residence": {"region": ["吉林省"], "detail": ""}, "school": "吉林"}
    assert client.send("PUT", f"{address}/draft", half).status_code == 204
    assert client.get(address).get_json()["draft"] == half
    problem(client.send("PUT", f"{address}/draft", {"marriage": "已婚"}), 422, "invalid_input")
    refused = problem(client.post(f"{address}/submission", half), 422, "invalid_input")
    assert {"residence", "education", "emergency_phone"} <= set(refused["fields"])
    assert client.post(f"{address}/submission", TYPED).status_code == 204
    assert client.get(address).get_json()["status"] == "reviewing"

    reject(world, employer, onboarding, "请核对学历")
    shown = client.get(address).get_json()
    assert (shown["reason"], shown["draft"]["graduated_in"], shown["actions"]) == (
        "请核对学历", "2012", ["save", "submit", "decline"],
    )  # fmt: skip
    client.post(f"{address}/submission", TYPED | {"education": "master"})
    accept(world, employer, onboarding)
    done = client.get(address).get_json()
    assert (done["status"], done["form"]["education"], done["form"]["residence"]) == ("accepted", "master", HOME)
    assert [one["status"] for one in client.get("/api/v1/worker/onboardings").get_json()["items"]] == ["accepted"]
    assert client.get("/api/v1/worker/home").get_json()["onboardings"] == []


def test_saying_no_needs_no_verification_and_wins_or_loses_against_a_withdrawal(world: World, web: Flask) -> None:
    employer, worker = verified_employer(), verified_worker()
    first = invite(world, employer, worker)
    client = WorkerClient(web, worker.token)
    for _ in range(2):
        assert client.post(f"/api/v1/worker/onboardings/{first.id}/declination").status_code == 204
    world.pass_time(minutes=31)
    second = invite(world, employer, worker)
    withdraw_invitation(actor=employer.actor, onboarding_id=second.id)
    late = client.post(f"/api/v1/worker/onboardings/{second.id}/declination")
    problem(late, 409, "onboarding_action_not_allowed")
    assert "已撤回" in late.get_json(force=True)["detail_zh"]
