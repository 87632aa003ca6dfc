"""The life of contracts beside a model that is a plain dict (P-01).

Two organisations and three workers do whatever comes to mind, mostly what they may do. After each step everybody
sees exactly what the model says, and nobody sees what is not theirs.
"""

import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.queries import get_contract, list_contracts
from app.contracts.service.drafting import copy_contract, update_draft
from app.contracts.service.responding import confirm_contract, record_page_views, terminate_contract
from app.contracts.service.sending import send_contract, withdraw_contract
from app.contracts.service.signing import prove_intent, seal_contract, sign_contract, start_intent
from app.core import db
from app.core.clock import set_clock
from app.core.errors import DomainError, ProviderError
from app.signing.intents import LIFE
from tests.contracts.world import HOME, NO_FACE, World
from tests.factories import Employer, Worker, last_code, some_ink
from tests.support.database import SqliteTemplate

OPEN = (Status.CONFIRMING, Status.SIGNING)


@dataclass(frozen=True, slots=True)
class Stage:
    """A database with people and contracts, and what is known of them, to begin each example with."""

    database: SqliteTemplate
    folder: Path
    pdf: bytes
    providers: Any
    employers: tuple[Employer, ...]
    workers: tuple[Worker, ...]
    drafts: tuple[uuid.UUID, ...]
    moment: datetime
    model: "dict[uuid.UUID, Known]" = field(default_factory=dict)
    proofs: "tuple[Proof, ...]" = ()

    def fresh(self) -> World:
        db.use(self.database.fresh().engine)
        world = World(self.providers, self.pdf, self.moment)
        world.sms.sent.clear()
        world.timestamper.error = None
        set_clock(world.tick)
        return world


@dataclass(slots=True)
class Proof:
    """A proved challenge. `who`: its owner; `at`: when it was started."""

    id: uuid.UUID
    who: tuple[str, int]
    contract: uuid.UUID
    at: datetime
    used: bool = False


@dataclass(slots=True)
class Known:
    """What the model knows of one contract."""

    employer: int
    worker: int
    status: str = Status.DRAFT
    content: str | None = None
    deadline: datetime | None = None
    read: bool = False
    confirmed: bool = False
    worker_acted: bool = False
    organisation_acted: bool = False


# Mostly the one whose contract it is: independent choices would hardly ever get anywhere.
SIDE = st.sampled_from(["worker", "employer"])
MISUSE = st.sampled_from(["no", "no", "old", "contract", "kind"])
SOMEBODY = st.sampled_from(["own", "own", "own", "own", "other"])


class Life(RuleBasedStateMachine):
    """Rules compute what must happen from the model, do it, and compare."""

    stage: ClassVar[Stage]
    contracts = Bundle("contracts")

    def __init__(self) -> None:
        super().__init__()
        self.world = self.stage.fresh()
        self.model = deepcopy(self.stage.model)
        self.proofs = deepcopy(list(self.stage.proofs))
        self.touched: uuid.UUID | None = None

    def teardown(self) -> None:
        self.world.pass_time(minutes=31)
        self.world.settle()
        self.world.check()
        set_clock(None)

    # ── Who ──────────────────────────────────────────────────────────────────────────────────────

    def employer(self, contract: uuid.UUID, somebody: str) -> tuple[int, Employer]:
        number = self.model[contract].employer ^ (somebody == "other")
        return number, self.stage.employers[number]

    def worker(self, contract: uuid.UUID, somebody: str) -> tuple[int, Worker]:
        number = (self.model[contract].worker + (somebody == "other")) % 3
        return number, self.stage.workers[number]

    def attempt(self, contract: uuid.UUID, expected: str | None, act: Callable[[], Any]) -> bool:
        """Do it; it must be refused with this code, or (None) succeed. True when it succeeded."""
        self.touched = contract
        try:
            act()
        except DomainError as refused:
            happened: str | None = refused.code
        else:
            happened = None
        assert happened == expected
        return happened is None

    @rule(target=contracts, employer=st.integers(0, 1), worker=st.integers(0, 2))
    def copy(self, employer: int, worker: int) -> uuid.UUID:
        sender, addressee = self.stage.employers[employer], self.stage.workers[worker]
        made = copy_contract(actor=sender.actor, contract_id=self.stage.drafts[employer])
        update_draft(actor=sender.actor, contract_id=made.id, worker_name=addressee.name, worker_phone=addressee.phone)
        self.model[made.id] = Known(employer, worker)
        return made.id

    @initialize(target=contracts)
    def begin(self) -> Any:
        return multiple(*self.model)

    def ready(self, employer: int, worker: int, signatures: int) -> uuid.UUID:
        """All that goes before, as it should."""
        contract = self.copy(employer, worker)
        self.send(contract, "own")
        self.read(contract, "own")
        self.confirm(contract, "own")
        for side, act in (("worker", self.sign), ("employer", self.seal))[:signatures]:
            self.prove(contract, "own", side)
            act(self.proofs[-1], contract, "own")
        if signatures == 2:
            self.work()
        return contract

    # ── What people do ───────────────────────────────────────────────────────────────────────────

    @rule(contract=contracts, who=SOMEBODY)
    def edit(self, contract: uuid.UUID, who: str) -> None:
        known, (_, employer) = self.model[contract], self.employer(contract, who)
        allowed = None if known.status == Status.DRAFT else "action_not_allowed"
        self.attempt(
            contract, "contract_not_found" if who == "other" else allowed,
            lambda: update_draft(actor=employer.actor, contract_id=contract, title="改过的劳动合同"),
        )  # fmt: skip

    @rule(contract=contracts, who=SOMEBODY)
    def send(self, contract: uuid.UUID, who: str) -> None:
        known, (_, employer) = self.model[contract], self.employer(contract, who)
        providers = self.world.providers
        allowed = None if known.status == Status.DRAFT else "action_not_allowed"
        if self.attempt(
            contract, "contract_not_found" if who == "other" else allowed,
            lambda: send_contract(
                actor=employer.actor, contract_id=contract, blobs=providers.blobs, link_url=providers.link_url
            ),
        ):  # fmt: skip
            sent = get_contract(actor=employer.actor, contract_id=contract)
            known.status, known.content, known.deadline = Status.CONFIRMING, sent.content_sha256, sent.deadline_at

    @rule(contract=contracts, who=SOMEBODY)
    def read(self, contract: uuid.UUID, who: str) -> None:
        known, (_, worker) = self.model[contract], self.worker(contract, who)
        if self.attempt(
            contract, self.hidden_from_worker(known, who),
            lambda: record_page_views(actor=worker.actor, contract_id=contract, pages=[1]),
        ):  # fmt: skip
            known.read = known.read or known.status == Status.CONFIRMING
            self.world.pass_time(seconds=6)

    @rule(contract=contracts, who=SOMEBODY)
    def confirm(self, contract: uuid.UUID, who: str) -> None:
        known, (_, worker) = self.model[contract], self.worker(contract, who)
        again = known.confirmed and known.status == Status.SIGNING
        expected = self.hidden_from_worker(known, who)
        if expected is None and not again:
            expected = "action_not_allowed" if known.status != Status.CONFIRMING else None
            expected = expected or (None if known.read else "reading_not_finished")
        if self.attempt(
            contract, expected,
            lambda: confirm_contract(
                actor=worker.actor, contract_id=contract, content_sha256=known.content or "",
                habitual_residence=HOME, registered_residence=HOME,
            ),
        ):  # fmt: skip
            known.status, known.confirmed = Status.SIGNING, True

    @rule(contract=contracts, who=SOMEBODY)
    def terminate(self, contract: uuid.UUID, who: str) -> None:
        known, (_, worker) = self.model[contract], self.worker(contract, who)
        expected = self.hidden_from_worker(known, who) or ("already_signed" if known.worker_acted else None)
        expected = expected or (None if known.status in OPEN else "action_not_allowed")
        if self.attempt(
            contract, expected,
            lambda: terminate_contract(actor=worker.actor, contract_id=contract, reason="工资与约定不符"),
        ):  # fmt: skip
            known.status = Status.TERMINATED

    @rule(contract=contracts, who=SOMEBODY)
    def withdraw(self, contract: uuid.UUID, who: str) -> None:
        known, (_, employer) = self.model[contract], self.employer(contract, who)
        allowed = None if known.status in OPEN else "action_not_allowed"
        if self.attempt(
            contract, "contract_not_found" if who == "other" else allowed,
            lambda: withdraw_contract(actor=employer.actor, contract_id=contract),
        ):  # fmt: skip
            known.status = Status.WITHDRAWN

    @rule(contract=contracts, who=SOMEBODY, side=SIDE)
    def prove(self, contract: uuid.UUID, who: str, side: str) -> None:
        known = self.model[contract]
        find = self.worker if side == "worker" else self.employer
        number, person = find(contract, who)
        expected = self.hidden_from_worker(known, who) if side == "worker" else None
        if side == "employer" and who == "other":
            expected = "contract_not_found"
        expected = expected or (None if known.status == Status.SIGNING else "action_not_allowed")
        if side == "employer" and expected is None and not known.worker_acted:
            expected = "not_your_turn"
        started = self.world.moment

        def prove_by_code() -> None:
            intent = start_intent(
                actor=person.actor, contract_id=contract, method="sms", content_sha256=known.content or "",
                way=NO_FACE, faces=self.world.providers.faces,
            )  # fmt: skip
            prove_intent(actor=person.actor, intent_id=intent.id, code=last_code(person.phone))
            self.proofs.append(Proof(intent.id, (side, number), contract, started))

        self.attempt(contract, expected, prove_by_code)

    @rule(contract=contracts, other=contracts, who=SOMEBODY, side=SIDE, misuse=MISUSE, kept=st.integers(0, 20))
    def use(self, contract: uuid.UUID, other: uuid.UUID, who: str, side: str, misuse: str, kept: int) -> None:
        """A proof for what it proves; or an earlier one, or for another contract, or for the other kind of act."""
        if misuse != "old":
            self.prove(contract, "own", side)
        if self.proofs:
            proof = self.proofs[kept % len(self.proofs) if misuse == "old" else -1]
            as_worker = (side == "worker") != (misuse == "kind")
            (self.sign if as_worker else self.seal)(proof, other if misuse == "contract" else proof.contract, who)

    def sign(self, proof: Proof, contract: uuid.UUID, who: str) -> None:
        known, (number, worker) = self.model[contract], self.worker(contract, who)
        expected = self.hidden_from_worker(known, who)
        if expected is None and not known.worker_acted:
            expected = None if known.status == Status.SIGNING else "action_not_allowed"
            expected = expected or self.refusal_of(proof, ("worker", number), contract)
        if self.attempt(
            contract, expected,
            lambda: sign_contract(
                actor=worker.actor, contract_id=contract, challenge_id=proof.id, content_sha256=known.content or "",
                ink=some_ink(),
            ),
        ) and not known.worker_acted:  # fmt: skip
            known.worker_acted = True
            proof.used = True

    def seal(self, proof: Proof, contract: uuid.UUID, who: str) -> None:
        known, (number, employer) = self.model[contract], self.employer(contract, who)
        expected = "contract_not_found" if who == "other" else None
        if expected is None and not known.organisation_acted:
            expected = None if known.status == Status.SIGNING else "action_not_allowed"
            expected = expected or (None if known.worker_acted else "not_your_turn")
            expected = expected or self.refusal_of(proof, ("employer", number), contract)
        assert employer.seal_id is not None
        if self.attempt(
            contract, expected,
            lambda: seal_contract(
                actor=employer.actor, contract_id=contract, challenge_id=proof.id, content_sha256=known.content or "",
                seal_id=employer.seal_id,
            ),
        ) and not known.organisation_acted:  # fmt: skip
            known.organisation_acted, known.status = True, Status.SEALING
            proof.used = True

    def refusal_of(self, proof: Proof, who: tuple[str, int], contract: uuid.UUID) -> str | None:
        """A proof is its owner's, for one contract, once, for ten minutes (T-08)."""
        if proof.who != who:
            return "intent_not_found"
        if proof.contract != contract:
            return "intent_mismatch"
        if proof.used:
            return "intent_used"
        return "intent_expired" if self.world.moment - proof.at >= LIFE else None

    def hidden_from_worker(self, known: Known, who: str) -> str | None:
        return "contract_not_found" if who == "other" or known.status == Status.DRAFT else None

    # ── What happens by itself ───────────────────────────────────────────────────────────────────

    @rule(days=st.sampled_from([0, 0, 1, 31]), vendors_are_down=st.booleans())
    def wait(self, days: int, vendors_are_down: bool) -> None:
        """The runner works, after a while. While time-stamping is down nothing completes."""
        self.world.pass_time(days=days)
        if vendors_are_down:
            self.world.timestamper.error = ProviderError("tsa", "unreachable")
            self.world.work()
            self.world.timestamper.error = None
            self.expire()
            self.everybody_sees_the_model()
            self.world.pass_time(minutes=31)
        self.work()

    def work(self) -> None:
        self.world.settle()
        self.expire()
        for known in self.model.values():
            if known.status == Status.SEALING:
                known.status = Status.COMPLETED

    def expire(self) -> None:
        for known in self.model.values():
            if known.status in OPEN and known.deadline and known.deadline <= self.world.moment:
                known.status = Status.EXPIRED

    # ── What must be true ────────────────────────────────────────────────────────────────────────

    @invariant()
    def everybody_sees_the_model(self) -> None:
        for number, employer in enumerate(self.stage.employers):
            expected = {
                key: (known.status, known.content) for key, known in self.model.items() if known.employer == number
            }
            assert self.seen_by(employer) == expected
        for number, worker in enumerate(self.stage.workers):
            expected = {
                key: (known.status, known.content)
                for key, known in self.model.items()
                if known.worker == number and known.status != Status.DRAFT
            }
            assert self.seen_by(worker) == expected

    def seen_by(self, person: Employer | Worker) -> dict[uuid.UUID, tuple[str, str | None]]:
        seen: dict[uuid.UUID, Contract] = {}
        for box in ("all", "draft") if isinstance(person, Employer) else ("all",):
            seen |= {
                card.contract.id: card.contract for card in list_contracts(actor=person.actor, box=box, limit=100).items
            }
        return {
            key: (contract.status, contract.content_sha256)
            for key, contract in seen.items()
            if key not in self.stage.drafts
        }

    @invariant()
    def strangers_find_nothing(self) -> None:
        if (contract := self.touched) is None:
            return
        known, self.touched = self.model[contract], None
        strangers = [self.stage.employers[1 - known.employer], *self.stage.workers]
        if known.status != Status.DRAFT:
            strangers.remove(self.stage.workers[known.worker])
        for stranger in strangers:
            with pytest.raises(DomainError) as refused:
                get_contract(actor=stranger.actor, contract_id=contract)
            assert refused.value.code == "contract_not_found"


def with_contracts(stage: Stage) -> Stage:
    """Contracts at every station of their way, one for each of the six pairs."""
    prologue = type("Prologue", (Life,), {"stage": stage})()
    prologue.copy(0, 0)
    for employer, worker, signatures in ((0, 1, 0), (0, 2, 1), (1, 1, 1), (1, 2, 2)):
        prologue.ready(employer, worker, signatures)
    prologue.send(prologue.copy(1, 0), "own")
    prologue.work()
    set_clock(None)
    database = stage.database.saved(stage.folder / "stage.db")
    return replace(
        stage, database=database, moment=prologue.world.moment, model=prologue.model, proofs=tuple(prologue.proofs)
    )
