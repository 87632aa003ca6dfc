"""Who may: the worker whose number it was, and operators with the permission (D2; T-01, T-47)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import NotPermitted
from app.people.errors import AlreadyOnRoster, OnboardingNotFound
from app.people.queries import list_onboardings, list_todo
from app.people.roster import list_roster
from app.people.service.filling import get_own_onboarding
from app.people.service.inviting import get_reminding, invite_worker, resend_invitation, withdraw_invitation
from app.people.service.reviewing import (
    accept_onboarding,
    correct_onboarding,
    get_review,
    read_id_number,
    reject_onboarding,
)
from tests.contracts.test_reach import change
from tests.contracts.world import World
from tests.factories import new_worker, verified_employer, verified_worker
from tests.people.onboarding_world import accept, invite, submitted

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_an_invitation_stays_with_who_had_the_number_then(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    onboarding = invite(world, employer, worker)
    moved = change(world, worker)
    world.pass_time(seconds=61)
    next_owner = new_worker(worker.phone)
    assert list_todo(actor=next_owner.actor) == []
    with pytest.raises(OnboardingNotFound):
        get_own_onboarding(actor=next_owner.actor, onboarding_id=onboarding.id)
    assert get_own_onboarding(actor=moved.actor, onboarding_id=onboarding.id).onboarding.id == onboarding.id
    world.pass_time(minutes=31)
    resend_invitation(actor=employer.actor, onboarding_id=onboarding.id, link_url=world.providers.link_url)
    world.settle()
    assert world.sms.last(moved.phone).template == "SMS_ONBOARDING_LINK"


def test_one_person_under_two_numbers_is_on_the_roster_once(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    first = submitted(world, employer, worker)
    moved = change(world, worker)
    second = submitted(world, employer, moved)
    accept(world, employer, first)
    with pytest.raises(AlreadyOnRoster):
        accept(world, employer, second)
    assert [card.onboarding.id for card in list_roster(actor=employer.actor).items] == [first.id]


def test_every_use_case_of_the_employer_needs_the_permission(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    of = {"onboarding_id": submitted(world, employer, worker).id}
    link = {"link_url": world.providers.link_url}
    version = {"form_version": 1}
    calls: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (list_onboardings, {}), (list_roster, {}), (get_review, of), (get_reminding, of), (read_id_number, of),
        (invite_worker, {"name": "张伟", "phone": "13500000002", "days": 7} | link), (resend_invitation, of | link),
        (withdraw_invitation, of), (correct_onboarding, of | version | {"changes": {}}),
        (accept_onboarding, of | version | link), (reject_onboarding, of | version | link | {"reason": "请核对"}),
    ]  # fmt: skip
    nobody = replace(employer.actor, permissions=frozenset())
    for use_case, arguments in calls:
        with pytest.raises(NotPermitted):
            use_case(actor=nobody, **arguments)
