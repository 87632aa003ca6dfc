"""Reading contracts. Every read and every lock starts from `visible_to(actor)` (T-01)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, false, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, selectinload

from app.accounts.former_phones import phone_index_of
from app.accounts.login_models import FormerPhone
from app.accounts.models import OperatorAccount
from app.accounts.queries import own_phone_indexes
from app.contracts.copies import copied_to
from app.contracts.errors import ContractNotFound, NameMismatch
from app.contracts.lifecycle import Action, Status
from app.contracts.models import Contract, Party, PartyKind, SignatureAct
from app.contracts.opening import check_opened
from app.contracts.reach import sent_before_change
from app.contracts.search import Search, filters
from app.core.actor import Actor
from app.core.db import reading
from app.core.errors import InvalidInput
from app.identity.models import Person
from app.organisations.models import Organisation
from app.organisations.permissions import Permission
from app.organisations.service import require_verified_person

MAX_PAGE = 100


def visible_to(actor: Actor) -> Select[Contract]:
    """The contracts this actor may know of: their organisation's, or those addressed to them."""
    if actor.is_operator and actor.organisation_id is not None:
        return select(Contract).where(Contract.organisation_id == actor.organisation_id)
    if actor.is_worker and actor.account_id is not None:
        return select(Contract).where(Contract.id.in_(_addressed_to(actor)), Contract.status != Status.DRAFT)
    return select(Contract).where(false())


def _addressed_to(actor: Actor) -> CompoundSelect[uuid.UUID]:
    """By phone until a person is bound, by person afterwards: a number that changed hands opens nothing.

    What was sent to a number before its owner changed it stays with that owner, and is not the next one's. One
    branch for each way, so that each finds its rows by an index.
    """
    as_worker = select(Party.contract_id).where(Party.kind == PartyKind.WORKER)
    by_phone, phone = as_worker.where(Party.person_id.is_(None)), phone_index_of(actor)
    of_the_last_owner = sent_before_change(FormerPhone.account_id != actor.account_id, FormerPhone.phone_index == phone)
    ways = [
        by_phone.where(Party.phone_index == phone, Party.id.not_in(of_the_last_owner)),
        by_phone.where(Party.id.in_(sent_before_change(FormerPhone.account_id == actor.account_id))),
        *copied_to(actor),
    ]
    if actor.person_id is not None:
        ways.append(as_worker.where(Party.person_id == actor.person_id))
    return union_all(*ways)


def load_contract(session: Session, actor: Actor, contract_id: uuid.UUID) -> Contract:
    """One visible contract with parties and places. Raises ContractNotFound."""
    statement = visible_to(actor).where(Contract.id == contract_id)
    related = (selectinload(Contract.parties), selectinload(Contract.places), selectinload(Contract.copies))
    contract = session.scalar(statement.options(*related))
    if contract is None:
        raise ContractNotFound
    return contract


def lock_contract(session: Session, actor: Actor, contract_id: uuid.UUID) -> Contract:
    """The same, with the contract's row locked until the end of the transaction."""
    locked = session.scalar(visible_to(actor).where(Contract.id == contract_id).with_for_update(of=Contract))
    if locked is None:
        raise ContractNotFound
    return load_contract(session, actor, contract_id)


def own_party(contract: Contract, actor: Actor) -> Party:
    """The party for which this actor acts."""
    return contract.party_of_kind(PartyKind.WORKER if actor.is_worker else PartyKind.ORGANISATION)


def check_reader(session: Session, actor: Actor, contract: Contract) -> None:
    """Who may read the text: whom it is addressed to, after the check that its employer may ask for (B6).

    Raises OpeningCheckRequired, and as `check_addressee`.
    """
    check_addressee(session, actor, contract)
    check_opened(session, actor, contract)


def check_addressee(session: Session, actor: Actor, contract: Contract) -> None:
    """A worker has to be verified, and of the name that the contract is addressed to; it says nothing about the text.

    Raises VerificationRequired, NameMismatch, NotPermitted.
    """
    if not actor.is_worker:
        actor.require(Permission.VIEW_CONTRACT)
        return
    require_verified_person(actor)
    person = session.get_one(Person, actor.person_id)
    if is_copy(actor, contract):
        phones = own_phone_indexes(session, actor)
        if person.name not in {one.name for one in contract.copies if one.phone_index in phones}:
            raise NameMismatch
        return
    party = own_party(contract, actor)
    if party.person_id is None and person.name != party.name:  # bound once: a name that changes later closes nothing
        raise NameMismatch


def is_copy(actor: Actor, contract: Contract) -> bool:
    """Whether this worker is not the one who signed, but gets a copy: they read, and do nothing else."""
    signer = contract.party_of_kind(PartyKind.WORKER)
    return actor.is_worker and contract.status == Status.COMPLETED and signer.person_id != actor.person_id


def get_contract(*, actor: Actor, contract_id: uuid.UUID) -> Contract:
    """A contract to be read. Raises ContractNotFound, VerificationRequired, NameMismatch, OpeningCheckRequired."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        return contract


_me, _earlier = aliased(Party), aliased(Party)  # making an alias takes a millisecond


def waiting_for(actor: Actor) -> ColumnElement[bool]:
    """Whether it is this actor's turn: to confirm, or to sign."""
    kind = PartyKind.WORKER if actor.is_worker else PartyKind.ORGANISATION
    # Joined to `_me`: a table of the outermost query would not be its row here, but all of its rows.
    before_me = exists().where(
        _earlier.contract_id == _me.contract_id, _earlier.position < _me.position, _earlier.acted_at.is_(None)
    )
    my_turn = exists().where(_me.contract_id == Contract.id, _me.kind == kind, _me.acted_at.is_(None), ~before_me)
    signing = and_(Contract.status == Status.SIGNING, my_turn)
    return or_(signing, Contract.status == Status.CONFIRMING) if actor.is_worker else signing


def in_box(actor: Actor, box: str) -> ColumnElement[bool]:
    """The four lists of H8, and the employer's drafts."""
    if box == "all":
        return Contract.status != Status.DRAFT
    if box == "waiting":
        return waiting_for(actor)
    if box == "others":
        under_way = Contract.status.in_([Status.CONFIRMING, Status.SIGNING, Status.SEALING])
        return and_(under_way, ~waiting_for(actor))
    if box == "done":
        return Contract.status == Status.COMPLETED
    if box == "draft":
        return Contract.status == Status.DRAFT
    raise InvalidInput(fields={"box": ["没有这个列表。"]})


@dataclass(frozen=True, slots=True)
class ContractCard:
    """One line of a list."""

    contract: Contract
    organisation: str
    worker_name: str
    step: str

    @property
    def waiting_for_me(self) -> bool:
        return self.step in ("confirm", "sign")


@dataclass(frozen=True, slots=True)
class CardPage:
    items: list[ContractCard]
    next_cursor: str | None


def list_contracts(
    *, actor: Actor, box: str = "all", search: Search | None = None, cursor: str | None = None, limit: int = 20
) -> CardPage:
    """Newest change first. `cursor`: what the previous page gave as `next_cursor`."""
    size = max(1, min(limit, MAX_PAGE))
    statement = visible_to(actor).where(in_box(actor, box), *filters(search or Search()))
    with reading() as session:
        if cursor:
            statement = statement.where(_after(session, actor, cursor))
        statement = statement.order_by(Contract.updated_at.desc(), Contract.id.desc()).limit(size + 1)
        found = session.scalars(statement.options(selectinload(Contract.parties))).all()
        names = _organisation_names(session, found)
    cards = [_card(actor, contract, names[contract.organisation_id]) for contract in found[:size]]
    return CardPage(cards, str(found[size - 1].id) if len(found) > size else None)


def count_boxes(*, actor: Actor) -> dict[str, int]:
    """Badges: how many contracts are in each list."""
    boxes = ("all", "waiting", "others", "done") + (() if actor.is_worker else ("draft",))
    with reading() as session:
        counts = [func.count().filter(in_box(actor, box)) for box in boxes]
        row = session.execute(visible_to(actor).with_only_columns(*counts)).one()
    return dict(zip(boxes, row, strict=True))


@dataclass(frozen=True, slots=True)
class Initiator:
    """An operator who made contracts; `name`: the verified one."""

    account_id: uuid.UUID
    name: str


def list_initiators(*, actor: Actor) -> list[Initiator]:
    """Whose contracts the organisation has, by name: what the filter offers (H8)."""
    actor.require(Permission.VIEW_CONTRACT)
    made = visible_to(actor).with_only_columns(Contract.created_by)
    with reading() as session:
        found = session.scalars(select(OperatorAccount).where(OperatorAccount.id.in_(made))).all()
    return sorted((Initiator(one.id, one.name or "") for one in found), key=lambda one: (one.name, one.account_id))


def step_of(actor: Actor, contract: Contract) -> str:
    """What this actor has to do next: confirm, sign, wait, sealing, done, ended, or copy: only to read."""
    party = own_party(contract, actor)
    if contract.status == Status.COMPLETED:
        return "copy" if is_copy(actor, contract) else "done"
    if contract.status == Status.SEALING or (party.acted_at and not party.sealed_at and contract.allows(Action.SIGN)):
        return "sealing"
    if contract.status == Status.CONFIRMING:
        return "confirm" if actor.is_worker else "wait"
    if contract.status != Status.SIGNING:
        return "ended"
    earlier = any(other.acted_at is None for other in contract.parties if other.position < party.position)
    return "wait" if party.acted_at or earlier else "sign"


def signature_acts(session: Session, contract_id: uuid.UUID) -> list[SignatureAct]:
    """Acts in the order in which they happened."""
    statement = select(SignatureAct).where(SignatureAct.contract_id == contract_id)
    return list(session.scalars(statement.order_by(SignatureAct.acted_at, SignatureAct.id)))


def _card(actor: Actor, contract: Contract, organisation: str) -> ContractCard:
    worker = contract.party_of_kind(PartyKind.WORKER)
    return ContractCard(contract, organisation, worker.name, step_of(actor, contract))


def _organisation_names(session: Session, contracts: Sequence[Contract]) -> dict[uuid.UUID, str]:
    ids = {contract.organisation_id for contract in contracts}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _after(session: Session, actor: Actor, cursor: str) -> ColumnElement[bool]:
    try:
        last = session.scalar(visible_to(actor).where(Contract.id == uuid.UUID(cursor)))
    except ValueError:
        last = None
    if last is None:
        raise InvalidInput(fields={"cursor": ["列表已变化，请从头查看。"]})
    same_moment = and_(Contract.updated_at == last.updated_at, Contract.id < last.id)
    return or_(Contract.updated_at < last.updated_at, same_moment)
