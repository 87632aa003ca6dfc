"""Every status × every action of a letter, against a table written by hand."""

import itertools

import pytest

from app.authorisations.errors import AuthorisationOver
from app.authorisations.lifecycle import TRANSITIONS, Action, Status
from app.authorisations.models import Authorisation

LEADS_TO = {
    (Status.WAITING, Action.SIGN): Status.SEALING,
    (Status.WAITING, Action.REFUSE): Status.REFUSED,
    (Status.WAITING, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.WAITING, Action.EXPIRE): Status.EXPIRED,
    (Status.SEALING, Action.COMPLETE): Status.SIGNED,
    (Status.SEALING, Action.VOID): Status.VOID,
}


def test_every_status_with_every_action() -> None:
    assert set(TRANSITIONS) == set(Action)
    for status, action in itertools.product(Status, Action):
        letter, target = Authorisation(status=status), LEADS_TO.get((status, action))
        if target is None:
            with pytest.raises(AuthorisationOver):
                letter.apply(action)
        else:
            letter.apply(action)
        assert letter.status == (target or status)
