"""Waiting for another process: poll for a fact, never sleep for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(fact: Callable[[], Found], timeout: float = 10, interval: float = 0.02) -> Found:
    """Call `fact` until it returns something true, and return that. Raises AssertionError after `timeout` s.

    An AssertionError or OSError inside `fact` counts as "not yet", so it may hold `assert`s and connect.
    """
    deadline = time.monotonic() + timeout
    reason: Exception | None = None
    while True:
        try:
            if found := fact():
                return found
            reason = None
        except (AssertionError, OSError) as error:
            reason = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {reason or fact}") from reason
        time.sleep(interval)
