"""Employees at the console: inviting, reviewing, the roster, in pages and over JSON (K2, K4, K5)."""

import pytest

from app.people.queries import list_onboardings
from tests.console.window import Window, refusal
from tests.contracts.world import World
from tests.factories import Employer, Worker, verified_worker
from tests.people.onboarding_world import FORM, agree, submit, submitted

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_an_invitation_is_sent_reviewed_and_accepted(world: World, window: Window, employer: Employer) -> None:
    worker = verified_worker("王小丽")
    assert "还没有入职邀请" in window.open("/onboardings")
    window.open("/onboardings/new")
    wrong = refusal(window.press("/onboardings", {"name": "王小丽", "phone": "123", "days": "9" * 5000}), 422)
    assert 'data-field="phone"' in wrong
    assert 'data-field="days"' in wrong
    assert window.go("/onboardings", {"name": "王小丽", "phone": worker.phone, "days": "7"}) == (
        "/console/onboardings?done=invited"
    )
    assert "王小丽" in window.open(f"/onboardings?text={worker.phone}&status=invited")
    assert "没有符合条件的邀请" in window.ask("/onboardings?text=王小").get_data(as_text=True)
    onboarding = list_onboardings(actor=employer.actor).items[0].onboarding
    address = f"/onboardings/{onboarding.id}"
    assert "等待劳动者填写" in window.open(address)
    agree(worker, onboarding)
    submit(worker, onboarding)
    page = window.open(address)
    assert "吉林大学" in page
    assert worker.id_number not in page
    assert worker.id_number in window.press(f"{address}/id-number").get_data(as_text=True)
    whole = window.submit(f"/console{address}/id-number", {}).get_data(as_text=True)  # before the scripts are there
    assert worker.id_number in whole
    assert "劳动者填写的内容" in whole
    assert "有 1 份入职资料等您审核。" in window.open("/")
    for tab in ("/onboardings", "/employees"):
        assert '<span class="tab-count">1</span>' in window.open(tab)

    fixed = {
        "form_version": "1",
        "registered_residence": "吉林省 长春市",
        "registered_residence_detail": "人民大街 8 号",
    }
    degree = {"education": "master", "school": "吉林大学", "graduated_in": "2012"}
    assert "school" in refusal(window.press(f"{address}/corrections", fixed | degree | {"school": ""}), 422)
    window.go(f"{address}/corrections", fixed | degree)
    page = window.open(address)
    assert "本科</del> → 硕士" in page
    assert "吉林省长春市人民大街 8 号" in page
    refusal(window.press(f"{address}/acceptance", {"form_version": "9" * 5000}), 400)
    refusal(window.press(f"{address}/acceptance", {"form_version": "1"}), 409)
    window.go(f"{address}/acceptance", {"form_version": "2"})
    assert "王小丽" in window.open(f"/employees?text={worker.phone}")
    world.settle()
    world.check()


def test_sent_back_withdrawn_and_resent_over_json(world: World, window: Window, employer: Employer) -> None:
    worker = verified_worker("王小丽")
    onboarding = submitted(world, employer, worker)
    address = f"/api/v1/console/onboardings/{onboarding.id}"
    shown = window.get(address).get_json()
    assert (shown["status_text"], shown["form"]["school"], shown["form_version"]) == ("待审核", "吉林大学", 1)
    body = {"form_version": 1, "changes": {"graduated_in": 2013}}
    assert window.post(f"{address}/corrections", body).get_json()["form_version"] == 2
    assert window.get(address).get_json()["corrections"][0]["after"] == 2013
    window.post(f"{address}/rejection", {"form_version": 2, "reason": "学历请核对"})
    rejected = window.get(address).get_json()
    assert (rejected["status"], rejected["reason"]) == ("rejected", "学历请核对")
    assert window.post(f"{address}/link").get_json()["code"] == "too_soon_to_remind"
    assert window.post(f"{address}/withdrawal").get_json()["status"] == "withdrawn"
    withdrawn = window.get(address).get_json()
    assert (withdrawn["status"], withdrawn["form"], withdrawn["corrections"]) == ("withdrawn", None, [])
    assert "填写的内容已删除" in window.open(f"/onboardings/{onboarding.id}")
    world.pass_time(minutes=31)
    other: Worker = verified_worker("张伟")
    invited = window.post("/api/v1/console/onboardings", {"name": "张伟", "phone": other.phone, "days": 3})
    assert invited.status_code == 201
    found = window.get("/api/v1/console/onboardings?status=invited").get_json()["items"]
    assert [one["id"] for one in found] == [invited.get_json()["id"]]
    assert window.get("/api/v1/console/employees").get_json()["items"] == []
    assert FORM["emergency_phone"] not in str(withdrawn)
