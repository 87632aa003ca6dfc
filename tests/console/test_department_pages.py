"""Departments, the roster by department and the picker, in pages and over JSON (D1, K5, G3)."""

import re
import uuid
from typing import Any

import pytest

from app.people.departments import get_departments
from app.people.roster import list_roster
from tests.console.window import Window, refusal
from tests.contracts.test_reach import change
from tests.contracts.world import World
from tests.factories import Employer, verified_worker
from tests.people.onboarding_world import submitted
from tests.people.test_departments import add, outline
from tests.people.test_roster import employ

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

API = "/api/v1/console"


def test_departments_are_added_moved_and_deleted(window: Window, employer: Employer) -> None:
    assert "还没有部门" in window.open("/departments")
    assert 'data-field="name"' in refusal(window.press("/departments", {"name": " "}), 422)
    for name in ("销售部", "研发部"):
        assert window.go("/departments", {"name": name}) == "/console/departments?done=department_added"
    sales, research = (node.id for node in get_departments(actor=employer.actor).nodes)
    assert window.go("/departments", {"name": "华南组", "parent_id": str(sales)}).startswith(
        f"/console/departments/{sales}?"
    )
    window.go(f"/departments/{sales}/shift", {"direction": "down"})
    refusal(window.press(f"/departments/{sales}/shift", {"direction": "sideways"}), 400)
    window.go(f"/departments/{research}/name", {"name": "产品研发部"})
    assert outline(employer) == ["产品研发部", "销售部", "销售部 / 华南组"]
    page = window.open(f"/departments/{sales}")
    assert re.findall(r"<option[^>]*>(　*[^<]*)</option>", page) == ["无（最上级）", "产品研发部"]
    wrong = refusal(window.press(f"/departments/{sales}/parent", {"parent_id": str(sales)}), 422)
    assert 'data-field="parent_id"' in wrong
    refusal(window.press(f"/departments/{sales}/parent", {"parent_id": "x"}), 400)
    refusal(window.press(f"/departments/{sales}/parent", {"parent_id": str(uuid.uuid4())}), 404)
    window.go(f"/departments/{sales}/parent", {"parent_id": str(research)})
    assert "1 个下级部门、0 名员工" in refusal(window.press(f"/departments/{sales}/deletion"), 409)
    window.go(f"/departments/{sales}/parent", {"parent_id": ""})
    south = get_departments(actor=employer.actor).nodes[2].id
    for department_id in (south, sales):
        window.go(f"/departments/{department_id}/deletion")
    assert outline(employer) == ["产品研发部"]
    assert "<script" not in window.open("/departments").split("<body>")[1]


def test_the_roster_is_filtered_and_an_employee_moved(world: World, window: Window, employer: Employer) -> None:
    worker = verified_worker("王小丽")
    employee = employ(world, employer, worker)
    assert "先添加部门" in window.open(f"/onboardings/{employee.id}")
    assert 'name="department"' not in window.open("/employees")
    sales, south = add(employer, "销售部"), add(employer, "销售部", "华南组")
    assert "王小丽" in window.open("/employees?department=none")
    assert "这里还没有员工" in window.open(f"/employees?department={sales}")
    address = f"/employees/{employee.id}/department"
    refusal(window.press(address, {"department_id": str(uuid.uuid4())}), 404)
    assert window.go(address, {"department_id": str(south)}).endswith("done=department_changed")
    assert "销售部 / 华南组" in window.open(f"/onboardings/{employee.id}")
    listed = window.ask(f"/employees?department={sales}").get_data(as_text=True)
    assert "王小丽" in listed
    assert "<html" not in listed
    assert "王小丽" not in window.ask("/employees?department=none").get_data(as_text=True)
    for unknown in ("x", str(uuid.uuid4())):
        assert "没有找到这个部门" in window.open(f"/employees?department={unknown}", status=404)
    window.go(address, {"department_id": ""})
    assert list_roster(actor=employer.actor).items[0].department is None
    waiting = submitted(world, employer, verified_worker("张伟"))
    assert "所属部门" not in window.open(f"/onboardings/{waiting.id}")
    refusal(window.press(f"/employees/{waiting.id}/department", {"department_id": str(sales)}), 409)


def test_the_picker_shows_phones_in_part_and_gives_the_one_that_is_chosen(
    world: World, window: Window, employer: Employer
) -> None:
    empty = window.ask("/employees/picker").get_data(as_text=True)
    assert "还没有员工" in empty
    assert 'href="/console/onboardings/new"' in empty
    worker = verified_worker("王小丽")
    employee = employ(world, employer, worker, add(employer, "销售部"))
    for number in range(8):
        world.pass_time(seconds=1)
        employ(world, employer, verified_worker("张伟" + "一二三四五六七八"[number]))
    first = window.ask("/employees/picker").get_data(as_text=True)
    assert "王小丽" not in first
    cursor = re.findall(r"cursor=([0-9a-f-]{36})", first)[0]
    assert "王小丽" in window.ask(f"/employees/picker?cursor={cursor}").get_data(as_text=True)
    assert "没有符合条件的员工" in window.ask("/employees/picker?text=王小").get_data(as_text=True)
    now = change(world, worker).phone
    found = window.ask(f"/employees/picker?text={now}").get_data(as_text=True)
    assert f"{now[:3]}****{now[-4:]}" in found
    assert now not in found.replace(f'value="{now}"', "").replace(f"text={now}", "")
    contact = re.findall(r'data-contact="([^"]+)"', found)
    assert contact == [f"{API}/employees/{employee.id}/contact"]
    told = window.post(contact[0], {})
    assert told.get_json() == {"name": "王小丽", "phone": now}
    assert told.headers["Cache-Control"] == "no-store"


def test_the_draft_offers_the_roster_for_both_kinds_of_people(world: World, window: Window, employer: Employer) -> None:
    draft = world.draft(employer, verified_worker())
    page = window.open(f"/contracts/{draft.id}/details")
    assert page.count("data-pick=") == 2
    assert 'hx-get="/console/employees/picker"' in page


def test_the_tree_and_the_roster_over_json(world: World, window: Window, employer: Employer) -> None:
    worker = verified_worker("王小丽")
    employee = employ(world, employer, worker)

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = window.send(method, f"{API}{path}", body)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    sales = call("POST", "/departments", {"name": "销售部"}, 201)
    south = call("POST", "/departments", {"name": "华南组", "parent_id": sales["id"]}, 201)
    assert (south["path"], south["depth"], south["parent_id"]) == ("销售部 / 华南组", 2, sales["id"])
    wrong = call("POST", "/departments", {"name": "销售部"}, 422)
    assert wrong["fields"] == {"name": ["同一上级下已有同名部门，请换一个名称。"]}
    assert call("PUT", f"/departments/{south['id']}/name", {"name": "南区"})["name"] == "南区"
    assert call("PUT", f"/departments/{sales['id']}/parent", {"parent_id": south["id"]}, 422)["fields"]
    call("POST", f"/departments/{south['id']}/shift", {"direction": "up"})
    placed = call("PUT", f"/employees/{employee.id}/department", {"department_id": south["id"]})
    assert placed["department"] == {"id": south["id"], "path": "销售部 / 南区"}
    tree = call("GET", "/departments")
    assert [(one["name"], one["employees"], one["all_employees"]) for one in tree["items"]] == [
        ("销售部", 0, 1), ("南区", 1, 1),
    ]  # fmt: skip
    assert (tree["unassigned"], tree["total"]) == (0, 1)
    listed = call("GET", f"/employees?department_id={sales['id']}")["items"]
    assert [(one["id"], one["department"]["path"]) for one in listed] == [(str(employee.id), "销售部 / 南区")]
    assert call("GET", f"/onboardings/{employee.id}")["department"]["path"] == "销售部 / 南区"
    assert call("GET", "/employees?unassigned=true")["items"] == []
    assert call("GET", f"/employees?department_id={uuid.uuid4()}", status=404)["code"] == "department_not_found"
    assert call("DELETE", f"/departments/{south['id']}", status=409)["code"] == "department_not_empty"
    call("PUT", f"/departments/{south['id']}/parent", {"parent_id": None})
    call("PUT", f"/employees/{employee.id}/department", {"department_id": None})
    call("DELETE", f"/departments/{south['id']}", status=204)
    assert len(call("GET", "/departments")["items"]) == 1
