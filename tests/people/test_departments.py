"""Departments as a tree: adding, renaming, moving, ordering, deleting (D1)."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.service import chain_of, verify_chain
from app.core.db import reading
from app.core.errors import InvalidInput, NotPermitted
from app.organisations.errors import OrganisationNotChosen
from app.people.departments import get_department, get_departments
from app.people.errors import DepartmentNotEmpty, DepartmentNotFound, TooManyDepartments
from app.people.service import departments
from app.people.service.departments import (
    DEEPEST,
    Direction,
    add_department,
    delete_department,
    move_department,
    rename_department,
    shift_department,
)
from app.people.service.employees import assign_department
from tests.contracts.world import World
from tests.factories import Employer, verified_employer, verified_operator, verified_worker
from tests.people.onboarding_world import accept, submitted


def add(employer: Employer, *names: str) -> uuid.UUID:
    """A chain of departments, each below the one before; the id of the last."""
    known = {node.path: node.id for node in get_departments(actor=employer.actor).nodes}
    parent, path = None, ""
    for name in names:
        path = f"{path} / {name}" if path else name
        parent = known.get(path) or add_department(actor=employer.actor, name=name, parent_id=parent).id
    assert parent is not None
    return parent


def outline(employer: Employer) -> list[str]:
    return [node.path for node in get_departments(actor=employer.actor).nodes]


def logged(employer: Employer) -> list[str]:
    mine = (AuditEntry.chain == chain_of(employer.organisation_id)) & AuditEntry.action.startswith("department.")
    with reading() as session:
        return list(session.scalars(select(AuditEntry.action).where(mine).order_by(AuditEntry.number)))


def test_a_tree_grows_is_ordered_renamed_and_moved(world: World) -> None:
    employer = verified_employer()
    actor = employer.actor
    sales, research = add(employer, "销售部"), add(employer, "研发部")
    south = add(employer, "销售部", "华南组")
    add(employer, "销售部", "华北组")
    assert outline(employer) == ["销售部", "销售部 / 华南组", "销售部 / 华北组", "研发部"]
    shift_department(actor=actor, department_id=research, direction=Direction.UP)
    shift_department(actor=actor, department_id=south, direction=Direction.DOWN)
    shift_department(actor=actor, department_id=south, direction=Direction.DOWN)  # it is the last one already
    assert outline(employer) == ["研发部", "销售部", "销售部 / 华北组", "销售部 / 华南组"]
    assert rename_department(actor=actor, department_id=research, name="  产品  研发部 ").name == "产品 研发部"
    rename_department(actor=actor, department_id=research, name="产品 研发部")  # nothing new
    move_department(actor=actor, department_id=sales, parent_id=research)
    move_department(actor=actor, department_id=sales, parent_id=research)
    assert outline(employer) == [
        "产品 研发部", "产品 研发部 / 销售部", "产品 研发部 / 销售部 / 华北组", "产品 研发部 / 销售部 / 华南组",
    ]  # fmt: skip
    move_department(actor=actor, department_id=south, parent_id=None)
    delete_department(actor=actor, department_id=south)
    assert outline(employer) == ["产品 研发部", "产品 研发部 / 销售部", "产品 研发部 / 销售部 / 华北组"]
    changes = ["reordered", "reordered", "renamed", "moved", "moved", "deleted"]
    assert logged(employer) == [f"department.{change}" for change in ["added"] * 4 + changes]
    assert verify_chain(chain_of(employer.organisation_id)).first_bad is None


def test_a_bad_name_is_named(world: World) -> None:
    employer = verified_employer()
    known = add(employer, "部" * 50)
    calls = (add_department, partial(rename_department, department_id=known))
    for name, call in product(("", "   ", "部" * 51, "销售\x00部", "销售\u202e部"), calls):
        with pytest.raises(InvalidInput) as refused:
            call(actor=employer.actor, name=name)
        assert refused.value.fields == {"name": ["请填写 1 至 50 字的部门名称。"]}


def test_siblings_differ_in_name_cousins_need_not(world: World) -> None:
    employer = verified_employer()
    it, hr = add(employer, "IT"), add(employer, "人事部")
    inner = add(employer, "人事部", "IT")
    for refused_call in (
        lambda: add_department(actor=employer.actor, name="it"),
        lambda: rename_department(actor=employer.actor, department_id=hr, name="It"),
        lambda: add_department(actor=employer.actor, name="IT", parent_id=hr),
    ):
        with pytest.raises(InvalidInput) as refused:
            refused_call()
        assert "同名部门" in refused.value.fields["name"][0]
    with pytest.raises(InvalidInput) as refused:
        move_department(actor=employer.actor, department_id=inner, parent_id=None)
    assert "同名部门" in refused.value.fields["parent_id"][0]
    assert rename_department(actor=employer.actor, department_id=it, name="it").name == "it"


def test_nothing_moves_under_itself_or_too_deep(world: World) -> None:
    employer = verified_employer()
    chain = [add(employer, *"ABCDEFGH"[: depth + 1]) for depth in range(DEEPEST)]
    for below in (chain[0], chain[1], chain[-1]):
        with pytest.raises(InvalidInput) as refused:
            move_department(actor=employer.actor, department_id=chain[0], parent_id=below)
        assert "下级" in refused.value.fields["parent_id"][0]
    pair = add(employer, "甲")
    add(employer, "甲", "乙")
    for too_deep in (
        lambda: add_department(actor=employer.actor, name="I", parent_id=chain[-1]),
        lambda: move_department(actor=employer.actor, department_id=pair, parent_id=chain[-2]),
    ):
        with pytest.raises(InvalidInput) as refused:
            too_deep()
        assert "8 级" in refused.value.fields["parent_id"][0]
    move_department(actor=employer.actor, department_id=pair, parent_id=chain[-3])
    assert max(node.depth for node in get_departments(actor=employer.actor).nodes) == DEEPEST


def test_there_is_a_limit_of_how_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    employer = verified_employer()
    monkeypatch.setattr(departments, "MOST", 2)
    add(employer, "甲", "乙")
    with pytest.raises(TooManyDepartments):
        add_department(actor=employer.actor, name="丙")


def test_only_an_empty_one_is_deleted(world: World) -> None:
    employer = verified_employer()
    top, inner = add(employer, "销售部"), add(employer, "销售部", "华南组")
    employee = accept(world, employer, submitted(world, employer, verified_worker("王小丽")))
    assign_department(actor=employer.actor, onboarding_id=employee.id, department_id=inner)
    for department_id, below, people in ((top, 1, 0), (inner, 0, 1)):
        with pytest.raises(DepartmentNotEmpty) as refused:
            delete_department(actor=employer.actor, department_id=department_id)
        assert f"{below} 个下级部门、{people} 名员工" in refused.value.text_zh
    assign_department(actor=employer.actor, onboarding_id=employee.id, department_id=None)
    for department_id in (inner, top):
        delete_department(actor=employer.actor, department_id=department_id)
    with pytest.raises(DepartmentNotFound):
        delete_department(actor=employer.actor, department_id=top)
    assert outline(employer) == []


def test_another_organisations_departments_are_not_there(world: World) -> None:
    employer, rival = verified_employer(), verified_employer("长春市旁观有限公司", name="王芳")
    theirs, ours = add(rival, "销售部"), add(employer, "销售部")
    actor = employer.actor
    calls: list[Callable[[], Any]] = [
        lambda: get_department(actor=actor, department_id=theirs),
        lambda: add_department(actor=actor, name="组", parent_id=theirs),
        lambda: rename_department(actor=actor, department_id=theirs, name="组"),
        lambda: move_department(actor=actor, department_id=theirs, parent_id=None),
        lambda: move_department(actor=actor, department_id=ours, parent_id=theirs),
        lambda: shift_department(actor=actor, department_id=theirs, direction=Direction.UP),
        lambda: delete_department(actor=actor, department_id=theirs),
    ]
    for call in calls:
        with pytest.raises(DepartmentNotFound):
            call()
    assert outline(rival) == outline(employer) == ["销售部"]


def test_every_use_case_needs_the_permission_and_an_organisation(world: World) -> None:
    employer = verified_employer()
    of = {"department_id": add(employer, "销售部")}
    calls: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (get_departments, {}), (get_department, of), (add_department, {"name": "组"}),
        (rename_department, of | {"name": "组"}), (move_department, of | {"parent_id": None}),
        (shift_department, of | {"direction": Direction.UP}), (delete_department, of),
    ]  # fmt: skip
    for use_case, arguments in calls:
        with pytest.raises(NotPermitted):
            use_case(actor=replace(employer.actor, permissions=frozenset()), **arguments)
        with pytest.raises(OrganisationNotChosen):
            use_case(actor=replace(employer.actor, organisation_id=None), **arguments)


def test_an_organisation_that_is_not_verified_may_order_itself(world: World) -> None:
    employer = verified_operator("长春市新设有限公司")
    add(employer, "销售部")
    assert outline(employer) == ["销售部"]
