"""Two onboardings of one person against each other, on PostgreSQL."""

from functools import partial

import pytest

from app.people.queries import list_roster
from tests.contracts.test_reach import change
from tests.contracts.world import World
from tests.factories import verified_employer, verified_worker
from tests.people.onboarding_world import accept, submitted
from tests.races.contest import at_once, refusals

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def test_of_two_acceptances_of_one_person_at_once_one_counts(world: World) -> None:
    employer, worker = verified_employer(), verified_worker("王小丽")
    first = submitted(world, employer, worker)
    both = (first, submitted(world, employer, change(world, worker)))
    results = at_once(*(partial(accept, world, employer, onboarding) for onboarding in both))
    assert refusals(results) == ["already_on_roster"]
    assert len(list_roster(actor=employer.actor).items) == 1
