"""The employer's operator and seal, chosen before anything is sent (G3)."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.service import list_entries
from app.contracts.employer_side import OPERATOR_GONE, SEAL_GONE, get_employer_side, list_choices
from app.contracts.errors import NotReadyToSend
from app.contracts.models import Contract, PartyKind
from app.contracts.queries import get_contract
from app.contracts.service.drafting import copy_contract, get_draft, update_draft
from app.contracts.service.sending import list_problems, send_contract
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.core.ids import new_id
from app.notifications.service import list_messages
from app.organisations.models import Member, Role
from app.organisations.permissions import Permission
from app.seals.service import create_seal, revoke_seal, set_default_seal
from tests.contracts.world import World
from tests.factories import (
    Employer,
    Worker,
    colleague_of,
    employer_with_seal,
    new_employer,
    verified_employer,
    verified_worker,
)


def _chosen(employer: Employer, contract: Contract) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    party = get_contract(actor=employer.actor, contract_id=contract.id).party_of_kind(PartyKind.ORGANISATION)
    return party.operator_id, party.seal_id


def _leave(employer: Employer) -> None:
    mine = Member.operator_account_id == employer.actor.account_id
    with transaction() as session:
        here = select(Member).where(mine, Member.organisation_id == employer.organisation_id)
        session.scalars(here).one().removed_at = now()


def _told(employer: Employer) -> list[str]:
    return [message.kind for message in list_messages(actor=employer.actor)]


def _join(employer: Employer, account_id: uuid.UUID | None, role: Role = Role.SUPER_ADMINISTRATOR) -> None:
    assert account_id is not None
    with transaction() as session:
        session.add(
            Member(
                id=new_id(), organisation_id=employer.organisation_id, operator_account_id=account_id, role=role,
                joined_at=now(),
            )
        )  # fmt: skip


def _chief_of(employer: Employer) -> Employer:
    return colleague_of(employer, "周总", Role.SUPER_ADMINISTRATOR)


def _problems(employer: Employer, draft: Contract) -> dict[str, str]:
    found = list_problems(actor=employer.actor, contract=get_draft(actor=employer.actor, contract_id=draft.id))
    return {problem.field: problem.text for problem in found}


def _send(world: World, employer: Employer, draft: Contract) -> Contract:
    return send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )


def _signed(world: World, employer: Employer, draft: Contract, worker: Worker) -> Contract:
    world.sign(worker, world.confirm(worker, _send(world, employer, draft)))
    world.settle()
    return get_contract(actor=employer.actor, contract_id=draft.id)


def test_a_new_draft_names_who_drafts_it_and_means_the_default_seal(world: World) -> None:
    employer = employer_with_seal()
    chief, spare = _chief_of(employer), create_seal(actor=employer.actor)
    draft = world.draft(chief, verified_worker())
    assert _chosen(employer, draft) == (chief.actor.account_id, None), "not who joined first"
    set_default_seal(actor=employer.actor, seal_id=spare.id)
    side = get_employer_side(actor=employer.actor, contract=draft)
    assert side.seal is not None
    assert (side.seal.id, side.problems) == (spare.id, [])


def test_who_may_not_seal_drafts_for_somebody_who_may(world: World) -> None:
    employer = employer_with_seal()
    clerk, unverified = colleague_of(employer, "赵敏"), new_employer("别家有限公司")
    _join(employer, unverified.actor.account_id)
    draft = world.draft(clerk, verified_worker())
    assert _chosen(clerk, draft) == (employer.actor.account_id, None)
    offered = list_choices(actor=clerk.actor)
    assert [one.name for one in offered.operators] == [employer.name], "verified, and may seal"
    assert [one.id for one in offered.seals] == [employer.seal_id]
    for account_id in (clerk.actor.account_id, unverified.actor.account_id):
        with pytest.raises(InvalidInput) as refused:
            update_draft(actor=clerk.actor, contract_id=draft.id, operator_id=account_id)
        assert list(refused.value.fields) == ["operator_id"]


def test_who_may_not_draft_is_offered_nothing(world: World) -> None:
    employer = employer_with_seal()
    draft = world.draft(employer, verified_worker())
    reader = replace(employer.actor, permissions=frozenset({Permission.VIEW_CONTRACT}))
    assert get_employer_side(actor=reader, contract=draft).operator is not None
    with pytest.raises(NotPermitted):
        list_choices(actor=reader)
    with pytest.raises(NotPermitted):
        get_employer_side(actor=verified_worker().actor, contract=draft)


def test_both_can_be_chosen_and_go_into_a_copy(world: World) -> None:
    employer = employer_with_seal()
    chief, spare = _chief_of(employer), create_seal(actor=employer.actor)
    draft = world.draft(employer, verified_worker())
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id, seal_id=spare.id)
    assert _chosen(employer, draft) == (chief.actor.account_id, spare.id)
    assert _chosen(employer, copy_contract(actor=employer.actor, contract_id=draft.id)) == _chosen(employer, draft)
    choices = get_employer_side(actor=employer.actor, contract=draft).choices
    assert {one.name for one in choices.operators} == {"李国强", "周总"}
    assert [one.is_default for one in choices.seals] == [True, False]
    sent = _send(world, employer, draft)
    with reading() as session:
        noted = list_entries(session, sent.subject, action="contract.sent")[0].data
    assert (noted["operator_id"], noted["seal_id"]) == (str(chief.actor.account_id), str(spare.id))


def test_another_organisations_operator_and_seal_are_not_there(world: World) -> None:
    employer, rival = employer_with_seal(), employer_with_seal("长春市旁观有限公司", name="王芳")
    draft = world.draft(employer, verified_worker())
    before = _chosen(employer, draft)
    theirs: list[tuple[str, Any]] = [
        ("operator_id", rival.actor.account_id),
        ("seal_id", rival.seal_id),
        ("seal_id", uuid.uuid4()),
    ]
    for field, value in theirs:
        with pytest.raises(InvalidInput) as refused:
            update_draft(actor=employer.actor, contract_id=draft.id, title="改", **{field: value})
        assert list(refused.value.fields) == [field]
    assert _chosen(employer, draft) == before
    assert get_draft(actor=employer.actor, contract_id=draft.id).title == draft.title


def test_a_choice_that_was_overtaken_is_asked_again_before_sending(world: World) -> None:
    employer = employer_with_seal()
    chief, spare = _chief_of(employer), create_seal(actor=employer.actor)
    draft = world.draft(employer, verified_worker())
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id, seal_id=spare.id)
    revoke_seal(actor=employer.actor, seal_id=spare.id)
    _leave(chief)
    assert _problems(employer, draft) == {"operator_id": OPERATOR_GONE, "seal_id": SEAL_GONE}
    with pytest.raises(NotReadyToSend):
        _send(world, employer, draft)
    copy = copy_contract(actor=employer.actor, contract_id=draft.id)
    assert _chosen(employer, copy) == (employer.actor.account_id, None)
    usual: dict[str, Any] = {"operator_id": employer.actor.account_id, "seal_id": employer.seal_id}
    update_draft(actor=employer.actor, contract_id=draft.id, **usual)
    assert _problems(employer, draft) == {}
    world.settle()
    world.check()


def test_a_seal_may_still_be_made_after_sending(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    draft = world.draft(employer, worker)
    only = create_seal(actor=employer.actor)
    update_draft(actor=employer.actor, contract_id=draft.id, seal_id=only.id)
    revoke_seal(actor=employer.actor, seal_id=only.id)
    assert _problems(employer, draft) == {}, "there is no other to choose"
    contract = _signed(world, employer, draft, worker)
    made = create_seal(actor=employer.actor)
    world.seal(replace(employer, seal_id=made.id), contract)
    world.settle()
    world.check()


def test_the_operator_is_told_and_so_is_who_made_it_each_once(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    chief, draft = _chief_of(employer), world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id)
    contract = _signed(world, employer, draft, worker)
    for one in (employer, chief):
        assert _told(one) == ["contract.seal_due", "contract.confirmed"]
    world.seal(employer, contract)
    world.settle()
    assert _told(employer) == ["contract.completed", "contract.seal_due", "contract.confirmed"]
    world.check()


def test_what_is_shown_in_the_end_is_who_sealed_with_which_seal(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    chief, spare = _chief_of(employer), create_seal(actor=employer.actor)
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id, seal_id=spare.id)
    contract = _signed(world, employer, draft, worker)
    _leave(chief)
    assert get_employer_side(actor=employer.actor, contract=contract).operator is None
    world.seal(employer, contract)
    world.settle()
    revoke_seal(actor=employer.actor, seal_id=employer.seal_id or uuid.uuid4())
    contract = get_contract(actor=employer.actor, contract_id=draft.id)
    side = get_employer_side(actor=employer.actor, contract=contract)
    assert side.has_acted
    assert (side.operator and side.operator.name, side.seal and side.seal.id) == (employer.name, employer.seal_id)
