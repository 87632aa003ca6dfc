"""Every status × every action, against a table written by hand from the catalogue (H1-H5, H9)."""

import itertools

import pytest

from app.contracts.errors import ActionNotAllowed
from app.contracts.lifecycle import FINAL, TRANSITIONS, Action, Status
from app.contracts.models import Contract

# rows: status; what each action leads to. Anything absent must be refused.
LEADS_TO = {
    (Status.DRAFT, Action.EDIT): Status.DRAFT,
    (Status.DRAFT, Action.SEND): Status.CONFIRMING,
    (Status.CONFIRMING, Action.CONFIRM): Status.SIGNING,
    (Status.CONFIRMING, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.CONFIRMING, Action.TERMINATE): Status.TERMINATED,
    (Status.CONFIRMING, Action.EXPIRE): Status.EXPIRED,
    (Status.SIGNING, Action.SIGN): Status.SIGNING,
    (Status.SIGNING, Action.ALL_SIGNED): Status.SEALING,
    (Status.SIGNING, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.SIGNING, Action.TERMINATE): Status.TERMINATED,
    (Status.SIGNING, Action.EXPIRE): Status.EXPIRED,
    (Status.SEALING, Action.COMPLETE): Status.COMPLETED,
}


@pytest.mark.parametrize(("status", "action"), list(itertools.product(Status, Action)))
def test_every_status_with_every_action(status: Status, action: Action) -> None:
    contract = Contract(status=status)
    target = LEADS_TO.get((status, action))
    if target is None:
        with pytest.raises(ActionNotAllowed) as refused:
            contract.apply(action)
        assert (refused.value.http_status, refused.value.code) == (409, "action_not_allowed")
        assert contract.status == status
    else:
        contract.apply(action)
        assert contract.status == target


def test_the_table_covers_every_action() -> None:
    assert set(TRANSITIONS) == set(Action)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_nothing_leaves_a_final_status(status: Status) -> None:
    assert not any(status in allowed for allowed, _target in TRANSITIONS.values())
