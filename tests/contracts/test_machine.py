"""Contracts against a model (P-01; T-01, T-08, T-12, T-16), on SQLite; and that the machine finds mistakes."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.accounts.sms_limits import PhoneLimits, SmsLimits, set_sms_limits, sms_limits
from app.contracts.lifecycle import TRANSITIONS, Action, Status
from app.core import db
from app.core.clock import set_clock
from tests.contracts.machine import OPEN, Life, Stage, with_contracts
from tests.contracts.world import make_world
from tests.factories import employer_with_seal, files_in, verified_worker
from tests.races.pictures import one_picture_for_all
from tests.support.database import SqliteTemplate

__all__ = ["one_picture_for_all"]

QUICK = settings(
    max_examples=20, stateful_step_count=25, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
NO_LIMIT = PhoneLimits(per_hour=0, per_day=0)


@pytest.fixture(scope="module")
def no_sms_limits() -> Iterator[None]:
    before = sms_limits()
    set_sms_limits(SmsLimits(interval=0, own=NO_LIMIT))
    yield
    set_sms_limits(before)


@pytest.fixture(scope="module")
def stage(
    no_sms_limits: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, one_page_pdf: bytes
) -> Stage:
    folder = tmp_path_factory.mktemp("machine")
    db.use(sqlite_template.fresh().engine)
    world = make_world(folder, one_page_pdf)
    set_clock(world.tick)
    with files_in(world.providers.blobs):
        employers = (employer_with_seal(), employer_with_seal("长春市南关区净月潭职业技能培训中心", "吴涛"))
    workers = tuple(verified_worker(name) for name in ("张伟", "李娜", "𠮷野家明"))
    drafts = tuple(world.draft(employer, workers[0]).id for employer in employers)
    world.settle()
    begin = Stage(
        sqlite_template.saved(folder / "bare.db"),
        folder,
        one_page_pdf,
        world.providers,
        employers,
        workers,
        drafts,
        world.moment,
    )
    return with_contracts(begin)


@pytest.fixture
def life(stage: Stage) -> Iterator[type[Life]]:
    yield type("LifeHere", (Life,), {"stage": stage})
    set_clock(None)
    db.dispose()


def test_the_life_of_contracts(life: type[Life]) -> None:
    run_state_machine_as_test(life, settings=QUICK)


# ── The machine finds mistakes ───────────────────────────────────────────────────────────────────


def withdraw_what_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRANSITIONS, Action.WITHDRAW, (frozenset({*OPEN, Status.COMPLETED}), Status.WITHDRAWN))


@pytest.mark.parametrize("mistake", [withdraw_what_is_complete])
def test_the_machine_notices(
    life: type[Life], mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(life, settings=QUICK)
