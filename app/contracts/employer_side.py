"""Who acts for the employer, and with which seal: chosen in the draft, before anything is sent (G3).

The operator is told what the contract waits for; the seal is the one that the sealing page offers first. Whoever has
the permission may still seal in the operator's absence, and with another seal: the act says who did, and with which.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.contracts.models import Contract, PartyKind
from app.core.actor import Actor
from app.core.db import reading
from app.core.errors import InvalidInput
from app.organisations.members import MemberView, members_who_may
from app.organisations.permissions import Permission
from app.seals.service import SealView, usable_seals

_OPERATOR_GONE = "所选经办人不能再为单位盖章，请重新选择。"
_SEAL_GONE = "所选印章已停用，请重新选择。"


@dataclass(frozen=True, slots=True)
class EmployerSide:
    """What can be chosen, and what is: `operator` and `seal` are None where nothing valid is chosen.

    `operators`: verified members who may seal; `seals`: the valid ones, the default first.
    """

    operators: list[MemberView]
    seals: list[SealView]
    operator: MemberView | None
    seal: SealView | None


def get_employer_side(*, actor: Actor, contract: Contract) -> EmployerSide:
    """For whoever may see the contract."""
    actor.require(Permission.VIEW_CONTRACT)
    with reading() as session:
        return load_employer_side(session, contract)


def load_employer_side(session: Session, contract: Contract) -> EmployerSide:
    party = contract.party_of_kind(PartyKind.ORGANISATION)
    operators = members_who_may(session, contract.organisation_id, Permission.SIGN_CONTRACT)
    seals = usable_seals(session, contract.organisation_id)
    return EmployerSide(
        operators, seals,
        operator=next((one for one in operators if one.account_id == party.operator_id), None),
        seal=next((one for one in seals if one.id == party.seal_id), None),
    )  # fmt: skip


def choose_usual_side(session: Session, contract: Contract, *, drafted_by: uuid.UUID | None) -> None:
    """What a new draft begins with, wherever nothing valid is chosen: who drafts it, if they may seal, and the
    default seal."""
    party, side = contract.party_of_kind(PartyKind.ORGANISATION), load_employer_side(session, contract)
    if side.operator is None:
        able = [one.account_id for one in side.operators]
        party.operator_id = drafted_by if drafted_by in able else next(iter(able), None)
    if side.seal is None:
        party.seal_id = next((one.id for one in side.seals), None)


def set_employer_side(
    session: Session, contract: Contract, operator_id: uuid.UUID | None, seal_id: uuid.UUID | None
) -> None:
    """Change what is given. Raises InvalidInput."""
    party, side = contract.party_of_kind(PartyKind.ORGANISATION), load_employer_side(session, contract)
    if operator_id is not None:
        if operator_id not in {one.account_id for one in side.operators}:
            raise InvalidInput(fields={"operator_id": ["请从列表中选择单位经办人。"]})
        party.operator_id = operator_id
    if seal_id is not None:
        if seal_id not in {one.id for one in side.seals}:
            raise InvalidInput(fields={"seal_id": ["请从列表中选择有效的印章。"]})
        party.seal_id = seal_id


def side_problems(contract: Contract) -> list[tuple[str, str]]:
    """[(field, what to do)] where the choice was overtaken. No seal at all may still be made until the sealing."""
    party = contract.party_of_kind(PartyKind.ORGANISATION)
    with reading() as session:
        side = load_employer_side(session, contract)
    problems = [("operator_id", _OPERATOR_GONE)] if side.operator is None else []
    return problems + ([("seal_id", _SEAL_GONE)] if party.seal_id and side.seal is None else [])


def list_operators(*, actor: Actor) -> list[MemberView]:
    """Whom a draft may name as its operator. Raises NotPermitted."""
    actor.require(Permission.SEND_CONTRACT)
    if actor.organisation_id is None:
        return []
    with reading() as session:
        return members_who_may(session, actor.organisation_id, Permission.SIGN_CONTRACT)
