"""The power fails at every named point of sending and signing, for either party (F-00, F-07; T-31, T-33, T-37).

Afterwards the person repeats what they did, as a phone does that got no answer; the rest happens by itself, once.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.contracts.errors import ActionNotAllowed
from app.contracts.lifecycle import Status
from app.contracts.service.sending import send_contract
from app.contracts.service.signing import seal_contract, sign_contract
from app.core.crashpoints import reached
from tests.contracts.world import World
from tests.factories import employer_with_seal, some_ink, verified_worker
from tests.races.crashing import Crashes

APP = Path(__file__).parents[2] / "app"
SMS = ("sms.before_vendor", "sms.after_vendor")
JOB = ("job.promised", "job.claimed", "job.before_finish")
SENDING = ("blob.written", "send.frozen", "send.before_commit", *JOB, *SMS)
SIGNING = (
    "sign.before_commit", *JOB, "seal.planned", "certificate.issued", "certificate.recorded", "seal.signed",
    "blob.written", "seal.stored", "seal.before_attach", "seal.before_commit", "seal.attached",
)  # fmt: skip
OF_WORKER = (*SIGNING, "key.destroyed")
OF_ORGANISATION = (*SIGNING, *SMS)
OF_HTTP = ("answer.before_kept",)


def test_every_point_is_passed_somewhere() -> None:
    """A new point needs a case here, or in tests/process."""
    named = {
        name
        for path in APP.rglob("*.py")
        for name in re.findall(r'\breached\("([a-z_.]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert named == {*SENDING, *OF_WORKER, *OF_ORGANISATION, *OF_HTTP}


def test_nothing_dies_outside_tests(crashes: Crashes, monkeypatch: pytest.MonkeyPatch) -> None:
    crashes.file.write_text("seal.planned", encoding="ascii")
    reached("another.point")
    for environment in ("development", "production"):
        monkeypatch.setenv("GONGYUE_ENV", environment)
        reached("seal.planned")
    assert crashes.file.exists()


def test_sending_survives(world: World, crashes: Crashes, subtests: pytest.Subtests) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    for point in SENDING:
        with subtests.test(point):
            world.settle()
            world.sms.sent.clear()
            draft = world.draft(employer, worker)
            send = functools.partial(
                send_contract, actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs,
                link_url=world.providers.link_url,
            )  # fmt: skip
            crashes.die_at(point, send, world.work)
            if world.reload(employer, draft).status == Status.DRAFT:
                send()
            else:
                with pytest.raises(ActionNotAllowed):
                    send()
            world.settle()
            assert_told(world, "SMS_CONTRACT_LINK", twice=point == "sms.after_vendor")
    world.check()


def test_signing_survives(world: World, crashes: Crashes, subtests: pytest.Subtests) -> None:
    """Each contract loses power once while the worker signs and once while the organisation seals."""
    employer, worker = employer_with_seal(), verified_worker()
    for point in dict.fromkeys((*OF_WORKER, *OF_ORGANISATION)):
        with subtests.test(point):
            contract = world.confirm(worker, world.send(employer, worker))
            signing = functools.partial(
                sign_contract, actor=worker.actor, contract_id=contract.id, ink=some_ink(),
                challenge_id=world.prove_will(worker, contract), content_sha256=contract.content_sha256 or "",
            )  # fmt: skip
            live_through(world, crashes, point if point in OF_WORKER else "", signing)
            sealing = functools.partial(
                seal_contract, actor=employer.actor, contract_id=contract.id, seal_id=employer.seal_id,
                challenge_id=world.prove_will(employer, contract), content_sha256=contract.content_sha256 or "",
            )  # fmt: skip
            # The seal's certificate is issued once and kept.
            asks = point in OF_ORGANISATION and not (point.startswith("certificate.") and has_sealed(world))
            live_through(world, crashes, point if asks else "", sealing)
            done = world.reload(employer, contract)
            assert (done.status, done.revision_number) == (Status.COMPLETED, 2)
            assert_told(world, "SMS_CONTRACT_DONE", twice=point == "sms.after_vendor")
    world.check()


def live_through(world: World, crashes: Crashes, point: str, act: Callable[[], Any]) -> None:
    """Do it, with a power cut in the middle if `point` names one; repeat it; let the runner finish."""
    world.settle()
    world.sms.sent.clear()
    if point:
        crashes.die_at(point, act, world.work)
    act()
    world.settle()


def has_sealed(world: World) -> bool:
    return "organisation" in world.authority.issued


def assert_told(world: World, template: str, *, twice: bool) -> None:
    """One message; a vendor that took it just before the power failed hears the same reference again."""
    told = Counter(sms.reference for sms in world.sms.sent if sms.template == template)
    assert list(told.values()) == [2 if twice else 1]
