"""T-36: a vendor that is down is left alone, and asked again by one caller at a time."""

import threading

import pytest

from app.adapters.breaker import CircuitBreaker
from app.core.errors import ProviderError


class Watch:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def breaker(watch: Watch) -> CircuitBreaker:
    return CircuitBreaker("vendor", monotonic=watch)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        breaker.check()
        breaker.failed()


def is_open(breaker: CircuitBreaker) -> bool:
    try:
        breaker.check()
    except ProviderError as error:
        return (error.provider, error.code, error.permanent) == ("vendor", "circuit_open", False)
    return False


def test_stays_closed_below_five_failures_in_a_row(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    breaker.succeeded()
    fail(breaker, 4)
    assert not is_open(breaker)


def test_opens_for_thirty_seconds_after_five(breaker: CircuitBreaker, watch: Watch) -> None:
    fail(breaker, 5)
    assert is_open(breaker)
    watch.seconds += 29.9
    assert is_open(breaker)
    watch.seconds += 0.2
    assert not is_open(breaker)


def test_the_trial_call_decides(breaker: CircuitBreaker, watch: Watch) -> None:
    fail(breaker, 5)
    watch.seconds += 31
    fail(breaker, 1)
    assert is_open(breaker)
    watch.seconds += 31
    breaker.check()
    breaker.succeeded()
    fail(breaker, 4)
    assert not is_open(breaker)


def test_one_trial_at_a_time_among_many_threads(breaker: CircuitBreaker, watch: Watch) -> None:
    fail(breaker, 5)
    watch.seconds += 31
    barrier, allowed = threading.Barrier(16), []

    def attempt() -> None:
        barrier.wait()
        if not is_open(breaker):
            allowed.append(True)

    threads = [threading.Thread(target=attempt) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 1
