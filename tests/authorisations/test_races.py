"""The desk and the representative at once: the letter's row decides (T-16)."""

import functools

import pytest

from app.authorisations.jobs import seal
from app.authorisations.lifecycle import Status
from app.authorisations.service.requesting import withdraw_authorisation
from app.authorisations.service.responding import sign_authorisation
from app.organisations.queries import get_organisation
from tests.authorisations.letters import asked, prove, reload
from tests.contracts.world import World
from tests.factories import some_ink
from tests.races.contest import at_once, in_order, refusals

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.mark.parametrize("order", [1, -1], ids=["signed_first", "withdrawn_first"])
def test_withdrawing_against_signing_and_two_runners(world: World, order: int) -> None:
    operator, boss, letter = asked(world)
    worker = boss.log_in()
    signing = functools.partial(
        sign_authorisation, actor=worker.actor, authorisation_id=letter.id, challenge_id=prove(world, worker, letter),
        content_sha256=letter.content_sha256, ink=some_ink(),
    )  # fmt: skip
    withdrawing = functools.partial(withdraw_authorisation, actor=operator.actor, authorisation_id=letter.id)
    outcomes = in_order(letter, *[signing, withdrawing][::order])
    assert refusals(outcomes) == ["authorisation_over"]
    sealing = functools.partial(seal, authorisation_id=str(letter.id), ports=world.ports)
    at_once(sealing, sealing)
    world.settle()
    was_signed = order == 1
    assert reload(operator, letter).status == (Status.SIGNED if was_signed else Status.WITHDRAWN)
    assert get_organisation(actor=operator.actor).is_verified is was_signed
    world.check()
