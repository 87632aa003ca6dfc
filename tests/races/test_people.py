"""Onboardings of one person, and changes of one tree of departments, against each other, on PostgreSQL."""

import uuid
from functools import partial

import pytest

from app.core.db import reading
from app.organisations.models import Organisation
from app.people.departments import get_departments
from app.people.roster import list_roster
from app.people.service.departments import add_department, delete_department, move_department
from app.people.service.employees import assign_department
from tests.contracts.test_reach import change
from tests.contracts.world import World
from tests.factories import Employer, verified_employer, verified_worker
from tests.people.onboarding_world import accept, submitted
from tests.people.test_departments import add, outline
from tests.races.contest import at_once, in_order, refusals

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def test_of_two_acceptances_of_one_person_at_once_one_counts(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    first = submitted(world, employer, worker)
    both = (first, submitted(world, employer, change(world, worker)))
    results = at_once(*(partial(accept, world, employer, onboarding) for onboarding in both))
    assert refusals(results) == ["already_on_roster"]
    assert len(list_roster(actor=employer.actor).items) == 1


def test_two_moves_at_once_make_no_cycle(world: World) -> None:
    employer = verified_employer()
    first, second = add(employer, "甲"), add(employer, "乙")
    results = in_order(_row(employer), _move(employer, first, second), _move(employer, second, first))
    assert refusals(results) == ["invalid_input"]
    assert outline(employer) == ["乙", "乙 / 甲"]


def test_two_additions_of_one_name_at_once_make_one(world: World) -> None:
    employer = verified_employer()
    results = at_once(*[partial(add_department, actor=employer.actor, name="销售部")] * 4)
    assert refusals(results) == ["invalid_input"] * 3
    assert outline(employer) == ["销售部"]


def test_nobody_is_put_into_what_is_deleted_at_that_moment(world: World) -> None:
    employer = verified_employer()
    department = add(employer, "销售部")
    employee = accept(world, employer, submitted(world, employer, verified_worker("王小丽")))
    assign = partial(
        assign_department, actor=employer.actor, onboarding_id=employee.id, department_id=department
    )  # fmt: skip
    delete = partial(delete_department, actor=employer.actor, department_id=department)
    assert refusals(in_order(_row(employer), assign, delete)) == ["department_not_empty"]
    assign_department(actor=employer.actor, onboarding_id=employee.id, department_id=None)
    assert refusals(in_order(_row(employer), delete, assign)) == ["department_not_found"]
    assert get_departments(actor=employer.actor).unassigned == 1


def _move(employer: Employer, department_id: uuid.UUID, parent_id: uuid.UUID) -> partial[object]:
    return partial(move_department, actor=employer.actor, department_id=department_id, parent_id=parent_id)


def _row(employer: Employer) -> Organisation:
    with reading() as session:
        found = session.get(Organisation, employer.organisation_id)
    assert found is not None
    return found
