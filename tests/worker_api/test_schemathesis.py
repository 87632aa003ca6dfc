"""Schemathesis over the worker's API, in this process, with a session (Z-01)."""

import pytest
from flask import Flask

from tests.contracts.world import World
from tests.factories import verified_worker
from tests.support.fuzz import fuzz, operations_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_no_input_breaks_a_promise_of_the_specification(world: World, web: Flask) -> None:
    """Every operation is called with right and wrong data; what comes back is what was documented."""
    _, worker, _contract = world.confirmed()
    assert verified_worker().actor.person_id != worker.actor.person_id
    operations = operations_of(web, r"^/api/v1/(worker|help)")
    assert len(operations) > 30
    seen = fuzz(operations, {"Authorization": f"Bearer {worker.token}"}, examples=5)
    assert seen[200] + seen[201] > 100, "nearly nothing was accepted: the calls prove little"
    assert seen[422] + seen[404] > 100
    assert seen[401] == 0, seen
