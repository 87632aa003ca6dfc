"""Who acts for the employer, and with which seal: chosen in the draft, before anything is sent (G3).

The operator is told what the contract waits for; the seal is the one that the sealing page offers first. Whoever has
the permission may still seal in the operator's absence, and with another seal: what is shown then is the act.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.models import Contract, Party, PartyKind, SignatureAct
from app.core.actor import Actor
from app.core.db import reading
from app.core.errors import InvalidInput
from app.organisations.members import MemberView, member_view, members_who_may
from app.organisations.permissions import Permission
from app.seals.service import SealView, usable_seals, view_seal

NO_OPERATOR = "请选择单位经办人。"
OPERATOR_GONE = "所选经办人不能再为单位盖章，请重新选择。"
SEAL_GONE = "所选印章已作废，请重新选择。"


@dataclass(frozen=True, slots=True)
class Choices:
    """`operators`: verified members who may seal; `seals`: the valid ones, the default first."""

    operators: list[MemberView]
    seals: list[SealView]


@dataclass(frozen=True, slots=True)
class EmployerSide:
    """What can be chosen and what is, until it is sealed; then who did, with which seal (`has_acted`).

    `operator`, `seal`: None where the choice was overtaken; where no seal was chosen, the default one. `problems`:
    [(field, what to do)].
    """

    choices: Choices
    operator: MemberView | None
    seal: SealView | None
    problems: list[tuple[str, str]]
    has_acted: bool = False


def get_employer_side(*, actor: Actor, contract: Contract) -> EmployerSide:
    """For whoever may see the contract."""
    actor.require(Permission.VIEW_CONTRACT)
    with reading() as session:
        return _load(session, contract)


def list_choices(*, actor: Actor) -> Choices:
    """What a draft's operator and seal are chosen from. Raises NotPermitted."""
    actor.require(Permission.SEND_CONTRACT)
    if actor.organisation_id is None:
        return Choices([], [])
    with reading() as session:
        return _choices(session, actor.organisation_id)


def name_usual_operator(session: Session, contract: Contract, *, drafted_by: uuid.UUID | None) -> None:
    """Where nobody valid is chosen: who drafts it, if they may seal, else who joined first. A seal that is gone is
    not taken over: then the default counts."""
    party, side = contract.party_of_kind(PartyKind.ORGANISATION), _load(session, contract)
    if side.operator is None:
        able = [one.account_id for one in side.choices.operators]
        party.operator_id = drafted_by if drafted_by in able else next(iter(able), None)
    if side.seal is None or side.seal.id != party.seal_id:
        party.seal_id = None


def set_employer_side(
    session: Session, contract: Contract, operator_id: uuid.UUID | None, seal_id: uuid.UUID | None
) -> None:
    """Change what is given. Raises InvalidInput."""
    party, choices = contract.party_of_kind(PartyKind.ORGANISATION), _choices(session, contract.organisation_id)
    if operator_id is not None:
        if operator_id not in {one.account_id for one in choices.operators}:
            raise InvalidInput(fields={"operator_id": ["该经办人不能为单位盖章，请刷新页面后重新选择。"]})
        party.operator_id = operator_id
    if seal_id is not None:
        if seal_id not in {one.id for one in choices.seals}:
            raise InvalidInput(fields={"seal_id": ["该印章已作废，请刷新页面后重新选择。"]})
        party.seal_id = seal_id


def _choices(session: Session, organisation_id: uuid.UUID) -> Choices:
    operators = members_who_may(session, organisation_id, Permission.SIGN_CONTRACT)
    return Choices(operators, usable_seals(session, organisation_id))


def _load(session: Session, contract: Contract) -> EmployerSide:
    party, choices = contract.party_of_kind(PartyKind.ORGANISATION), _choices(session, contract.organisation_id)
    if party.acted_at is not None:
        return _acted(session, party, choices)
    operator = next((one for one in choices.operators if one.account_id == party.operator_id), None)
    chosen = party.seal_id or next((one.id for one in choices.seals), None)
    seal = next((one for one in choices.seals if one.id == chosen), None)
    problems = []
    if operator is None:
        problems.append(("operator_id", OPERATOR_GONE if party.operator_id else NO_OPERATOR))
    if seal is None and choices.seals:  # without any, one may still be made until the sealing
        problems.append(("seal_id", SEAL_GONE))
    return EmployerSide(choices, operator, seal, problems)


def _acted(session: Session, party: Party, choices: Choices) -> EmployerSide:
    act = session.scalars(select(SignatureAct).where(SignatureAct.party_id == party.id)).one()
    seal = view_seal(session, act.seal_id) if act.seal_id else None
    return EmployerSide(choices, member_view(session, act.account_id), seal, [], has_acted=True)
