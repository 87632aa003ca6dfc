"""A legal representative's whole way over HTTP: from the SMS link to the signed letter (A7, B6, C2)."""

import pytest
from flask import Flask

from app.identity.texts import get_text
from tests.authorisations.letters import asked, token_for
from tests.contracts.world import World
from tests.factories import last_code, some_ink
from tests.support.web import WorkerClient, problem

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_from_the_link_to_the_signed_letter(world: World, web: Flask) -> None:
    operator, boss, letter = asked(world)
    token, client = token_for(world, boss), WorkerClient(web)
    preview = client.post("/api/v1/h5/links/preview", {"token": token}).get_json()
    assert (preview["purpose"], preview["organisation"]) == ("authorisation", operator.organisation)
    assert set(preview) == {"purpose", "organisation", "expires_at", "mini_programs"}
    session = client.log_in(boss.phone, link_token=token)
    assert session["target"] == {"kind": "authorisation", "id": str(letter.id)}
    address = f"/api/v1/worker/authorisations/{letter.id}"
    problem(client.get(address), 403, "verification_required")
    (card,) = client.get("/api/v1/worker/home").get_json()["authorisations"]
    assert (card["id"], card["my_step"], card["organisation"]) == (str(letter.id), "sign", operator.organisation)

    for kind in ("verification_consent", "esign_consent"):
        client.post("/api/v1/worker/consents", {"kind": kind, "version": get_text(kind).version})
    who = {"method": "phone", "name": boss.name, "id_number": boss.id_number}
    started = client.post("/api/v1/worker/verifications", who).get_json()
    client.post(f"/api/v1/worker/verifications/{started['id']}/code", {"code": last_code(boss.phone, "SMS_VERIFY")})

    page = client.get(address).get_json()
    assert (page["kind"], page["page_count"], page["places"][0]["mine"]) == ("authorisation", 1, True)
    assert client.get(f"{address}/pages/1").content_type in ("image/png", "image/jpeg")
    problem(client.get(f"{address}/pages/2"), 404, "not_found")
    text = client.get(f"{address}/text").get_json()
    assert any(operator.uscc in line for line in text["pages"][0]["paragraphs"])
    world.pass_time(seconds=61)
    wish = {"method": "sms", "content_sha256": page["content_sha256"]}
    intent = client.post(f"{address}/intents", wish).get_json()
    world.pass_time(seconds=61)
    again = client.post(f"/api/v1/worker/intents/{intent['id']}/resend")
    assert again.status_code == 200, again.get_data(as_text=True)
    code = {"code": last_code(boss.phone, "SMS_SIGN_CODE")}
    assert client.post(f"/api/v1/worker/intents/{intent['id']}/code", code).get_json()["status"] == "proved"
    problem(client.get(f"{address}/file"), 409, "authorisation_not_ready")
    body = {"challenge_id": intent["id"], "content_sha256": page["content_sha256"], "ink": some_ink().to_json()}
    assert client.post(f"{address}/signature", body).get_json()["my_step"] == "sealing"
    assert client.get(f"{address}/progress").get_json()["waiting_for"] == "platform"
    world.settle()
    done = client.get(address).get_json()
    assert (done["status"], done["my_step"], done["download"]) == ("signed", "done", True)
    assert client.get(f"{address}/file").get_data().startswith(b"%PDF")
    assert client.get("/api/v1/worker/home").get_json()["authorisations"] == []
