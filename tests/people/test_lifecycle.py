"""Every status × every action, against a table written by hand (K2–K4)."""

import itertools

import pytest

from app.people.errors import OnboardingActionNotAllowed
from app.people.lifecycle import FINAL, OPEN, TRANSITIONS, Action, Status
from app.people.models import Onboarding

# rows: status; what each action leads to. Anything absent must be refused.
LEADS_TO = {
    (Status.INVITED, Action.AGREE): Status.FILLING,
    (Status.FILLING, Action.SAVE): Status.FILLING,
    (Status.REJECTED, Action.SAVE): Status.FILLING,
    (Status.FILLING, Action.SUBMIT): Status.REVIEWING,
    (Status.REJECTED, Action.SUBMIT): Status.REVIEWING,
    (Status.REVIEWING, Action.CORRECT): Status.REVIEWING,
    (Status.REVIEWING, Action.REJECT): Status.REJECTED,
    (Status.REVIEWING, Action.ACCEPT): Status.ACCEPTED,
} | {
    (status, action): target
    for status in (Status.INVITED, Status.FILLING, Status.REVIEWING, Status.REJECTED)
    for action, target in (
        (Action.WITHDRAW, Status.WITHDRAWN), (Action.DECLINE, Status.DECLINED), (Action.EXPIRE, Status.EXPIRED),
    )
}  # fmt: skip


@pytest.mark.parametrize(("status", "action"), list(itertools.product(Status, Action)))
def test_every_status_with_every_action(status: Status, action: Action) -> None:
    onboarding = Onboarding(status=status, form_text="{}", draft_text="{}", corrections=[])
    target = LEADS_TO.get((status, action))
    if target is None:
        with pytest.raises(OnboardingActionNotAllowed) as refused:
            onboarding.apply(action)
        assert (refused.value.http_status, onboarding.status) == (409, status)
        return
    onboarding.apply(action)
    assert onboarding.status == target
    kept = target in OPEN or target is Status.ACCEPTED
    assert (bool(onboarding.form_text), bool(onboarding.draft_text)) == (kept, kept)


def test_the_tables_are_whole() -> None:
    assert set(TRANSITIONS) == set(Action)
    assert set(Status) == OPEN | FINAL
    assert not any(status in allowed for status in FINAL for allowed, _target in TRANSITIONS.values())
