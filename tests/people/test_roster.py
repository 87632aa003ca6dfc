"""The roster by department, and what the employer does with who is on it (K5, G3)."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.db import reading
from app.core.errors import NotPermitted
from app.people.errors import DepartmentNotFound, NotOnRoster, OnboardingNotFound
from app.people.models import Onboarding
from app.people.roster import list_roster
from app.people.service.employees import Contact, assign_department, read_contact
from tests.contracts.test_reach import change
from tests.contracts.world import World
from tests.factories import Employer, Worker, verified_employer, verified_worker
from tests.people.onboarding_world import accept, submitted
from tests.people.test_departments import add


def employ(world: World, employer: Employer, worker: Worker, department: uuid.UUID | None = None) -> Onboarding:
    employee = accept(world, employer, submitted(world, employer, worker))
    return assign_department(actor=employer.actor, onboarding_id=employee.id, department_id=department)


def names(employer: Employer, **wanted: Any) -> list[str]:
    return [one.onboarding.name for one in list_roster(actor=employer.actor, **wanted).items]


def logged(onboarding: Onboarding) -> list[tuple[str, dict[str, Any]]]:
    of = (AuditEntry.subject == onboarding.subject) & AuditEntry.action.in_(
        ("onboarding.department_changed", "onboarding.contact_read")
    )
    with reading() as session:
        return [(one.action, one.data) for one in session.scalars(select(AuditEntry).where(of).order_by(AuditEntry.at))]


def test_a_department_shows_everybody_below_it(world: World) -> None:
    employer = verified_employer()
    sales, south = add(employer, "销售部"), add(employer, "销售部", "华南组")
    research = add(employer, "研发部")
    first = employ(world, employer, verified_worker("张伟"), sales)
    world.pass_time(seconds=1)
    employ(world, employer, verified_worker("王小丽"), south)
    world.pass_time(seconds=1)
    employ(world, employer, verified_worker("李娜"))
    assert names(employer) == ["李娜", "王小丽", "张伟"]
    assert names(employer, department_id=sales) == ["王小丽", "张伟"]
    assert names(employer, department_id=south) == ["王小丽"]
    assert names(employer, department_id=sales, text="张伟") == ["张伟"]
    assert names(employer, department_id=research) == []
    assert names(employer, unassigned=True) == ["李娜"]
    page = list_roster(actor=employer.actor, department_id=sales, limit=1)
    assert [one.department.path for one in page.items if one.department] == ["销售部 / 华南组"]
    assert names(employer, department_id=sales, limit=1, cursor=page.next_cursor) == ["张伟"]
    tree = page.tree
    assert [(node.name, node.employees, node.all_employees) for node in tree.nodes] == [
        ("销售部", 1, 2), ("华南组", 1, 1), ("研发部", 0, 0),
    ]  # fmt: skip
    assert (tree.unassigned, tree.total) == (1, 3)

    assign_department(actor=employer.actor, onboarding_id=first.id, department_id=research)
    assign_department(actor=employer.actor, onboarding_id=first.id, department_id=research)  # a second tap
    assert names(employer, department_id=research) == ["张伟"]
    assert names(employer) == ["李娜", "王小丽", "张伟"]  # still in the order of acceptance
    assert logged(first) == [
        ("onboarding.department_changed", {"before": None, "after": str(sales)}),
        ("onboarding.department_changed", {"before": str(sales), "after": str(research)}),
    ]


def test_only_who_was_accepted_is_in_a_department(world: World) -> None:
    employer = verified_employer()
    waiting, sales = submitted(world, employer, verified_worker("王小丽")), add(employer, "销售部")
    with pytest.raises(NotOnRoster):
        assign_department(actor=employer.actor, onboarding_id=waiting.id, department_id=sales)
    with pytest.raises(NotOnRoster):
        read_contact(actor=employer.actor, onboarding_id=waiting.id)
    assert names(employer) == []


def test_the_phone_is_the_one_that_the_person_has_now(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    employee = employ(world, employer, worker)
    assert read_contact(actor=employer.actor, onboarding_id=employee.id) == Contact("王小丽", worker.phone)
    moved = change(world, worker)
    assert moved.phone != worker.phone
    assert read_contact(actor=employer.actor, onboarding_id=employee.id).phone == moved.phone
    for typed in ("王小丽", worker.phone, moved.phone):
        assert [one.phone for one in list_roster(actor=employer.actor, text=typed).items] == [moved.phone]
    assert [action for action, _data in logged(employee)] == ["onboarding.contact_read"] * 2
    assert moved.phone not in str(logged(employee))


def test_other_organisations_are_out_of_reach(world: World) -> None:
    employer, rival = verified_employer(), verified_employer("长春市旁观有限公司", name="王芳")
    employee, theirs = employ(world, employer, verified_worker("王小丽")), add(rival, "销售部")
    for call in (
        lambda: assign_department(actor=employer.actor, onboarding_id=employee.id, department_id=theirs),
        lambda: list_roster(actor=employer.actor, department_id=theirs),
    ):
        with pytest.raises(DepartmentNotFound):
            call()
    for foreign in (
        lambda: assign_department(actor=rival.actor, onboarding_id=employee.id, department_id=theirs),
        lambda: read_contact(actor=rival.actor, onboarding_id=employee.id),
    ):
        with pytest.raises(OnboardingNotFound):
            foreign()
    assert names(rival) == []


def test_every_use_case_needs_the_permission(world: World) -> None:
    employer = verified_employer()
    of = {"onboarding_id": employ(world, employer, verified_worker()).id}
    calls: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (list_roster, {}), (read_contact, of), (assign_department, of | {"department_id": None}),
    ]  # fmt: skip
    for use_case, arguments in calls:
        with pytest.raises(NotPermitted):
            use_case(actor=replace(employer.actor, permissions=frozenset()), **arguments)
