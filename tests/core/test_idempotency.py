"""Two lives of one request: the second took over from a first that was thought dead (T-14)."""

from datetime import timedelta

import pytest

from app.core.clock import now, set_clock
from app.core.idempotency import Answer, begin_request, finish_request
from tests.support.database import Database

KEY = {"scope": "worker:1", "key": "0123456789"}
DONE = Answer(201, "{}", "application/json")


@pytest.fixture(autouse=True)
def two_attempts(database: Database) -> None:
    """The second began half a minute later; the first still runs."""
    moment = now()
    assert begin_request(**KEY, fingerprint="f") is None
    set_clock(lambda: moment + timedelta(seconds=31))
    try:
        assert begin_request(**KEY, fingerprint="f") is None
    finally:
        set_clock(None)


def test_the_slow_one_may_end_after_the_other_was_refused() -> None:
    finish_request(**KEY, answer=None)
    finish_request(**KEY, answer=DONE)
    assert begin_request(**KEY, fingerprint="f") is None  # nothing was kept, so that it may be repeated


def test_what_both_answered_is_replayed() -> None:
    finish_request(**KEY, answer=DONE)
    finish_request(**KEY, answer=DONE)
    assert begin_request(**KEY, fingerprint="f") == DONE
