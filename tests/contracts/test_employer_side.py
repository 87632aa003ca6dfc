"""The employer's operator and seal, chosen before anything is sent (G3)."""

import uuid

import pytest
from sqlalchemy import select

from app.contracts.employer_side import get_employer_side, list_operators
from app.contracts.errors import NotReadyToSend
from app.contracts.models import Contract, PartyKind, SignatureAct
from app.contracts.queries import get_contract
from app.contracts.service.drafting import copy_contract, create_draft, get_draft, update_draft
from app.contracts.service.sending import list_problems, send_contract
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.notifications.service import list_messages
from app.organisations.models import Member, Role
from app.seals.service import create_seal, revoke_seal, set_default_seal
from tests.contracts.world import World
from tests.factories import Employer, colleague_of, employer_with_seal, verified_employer, verified_worker


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


def test_a_new_draft_names_who_drafts_and_the_default_seal(world: World) -> None:
    employer = employer_with_seal()
    spare = create_seal(actor=employer.actor)
    set_default_seal(actor=employer.actor, seal_id=spare.id)
    draft = world.draft(employer, verified_worker())
    assert _chosen(employer, draft) == (employer.actor.account_id, spare.id)


def test_who_may_not_seal_drafts_for_somebody_who_may(world: World) -> None:
    employer = employer_with_seal()
    clerk = colleague_of(employer, "赵敏")
    draft = world.draft(clerk, verified_worker())
    assert _chosen(clerk, draft) == (employer.actor.account_id, employer.seal_id)
    assert [one.name for one in list_operators(actor=clerk.actor)] == [employer.name]
    with pytest.raises(InvalidInput) as refused:
        update_draft(actor=clerk.actor, contract_id=draft.id, operator_id=clerk.actor.account_id)
    assert list(refused.value.fields) == ["operator_id"]


def test_both_can_be_chosen_and_go_into_a_copy(world: World) -> None:
    employer = employer_with_seal()
    chief, spare = colleague_of(employer, "周总", Role.SUPER_ADMINISTRATOR), create_seal(actor=employer.actor)
    draft = world.draft(employer, verified_worker())
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id, seal_id=spare.id)
    assert _chosen(employer, draft) == (chief.actor.account_id, spare.id)
    assert _chosen(employer, copy_contract(actor=employer.actor, contract_id=draft.id)) == _chosen(employer, draft)
    side = get_employer_side(actor=employer.actor, contract=draft)
    assert {one.name for one in side.operators} == {"李国强", "周总"}
    assert [one.is_default for one in side.seals] == [True, False]


def test_another_organisations_operator_and_seal_are_not_there(world: World) -> None:
    employer, rival = employer_with_seal(), employer_with_seal("长春市旁观有限公司", name="王芳")
    draft = world.draft(employer, verified_worker())
    before = _chosen(employer, draft)
    for field, value in (
        ("operator_id", rival.actor.account_id),
        ("seal_id", rival.seal_id),
        ("seal_id", uuid.uuid4()),
    ):
        with pytest.raises(InvalidInput) as refused:
            update_draft(actor=employer.actor, contract_id=draft.id, title="改", **{field: value})  # type: ignore[arg-type]
        assert list(refused.value.fields) == [field]
    assert _chosen(employer, draft) == before
    assert get_draft(actor=employer.actor, contract_id=draft.id).title == draft.title
    with pytest.raises(NotPermitted):
        list_operators(actor=verified_worker().actor)


def test_a_choice_that_was_overtaken_is_asked_again_before_sending(world: World) -> None:
    employer = employer_with_seal()
    chief, spare = colleague_of(employer, "周总", Role.SUPER_ADMINISTRATOR), create_seal(actor=employer.actor)
    draft = world.draft(employer, verified_worker())
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id, seal_id=spare.id)
    revoke_seal(actor=employer.actor, seal_id=spare.id)
    _leave(chief)
    draft = get_draft(actor=employer.actor, contract_id=draft.id)
    assert [problem.field for problem in list_problems(draft)] == ["operator_id", "seal_id"]
    with pytest.raises(NotReadyToSend):
        send_contract(
            actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
        )
    usual = (employer.actor.account_id, employer.seal_id)
    assert _chosen(employer, copy_contract(actor=employer.actor, contract_id=draft.id)) == usual
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=usual[0], seal_id=usual[1])
    assert list_problems(get_draft(actor=employer.actor, contract_id=draft.id)) == []
    world.settle()
    world.check()


def test_a_seal_may_still_be_made_after_sending(world: World) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    assert _chosen(employer, draft) == (employer.actor.account_id, None)
    assert "seal_id" not in [problem.field for problem in list_problems(draft)]


def test_the_operator_is_told_and_so_is_who_made_it_each_once(world: World) -> None:
    employer = employer_with_seal()
    chief, worker = colleague_of(employer, "周总", Role.SUPER_ADMINISTRATOR), verified_worker()
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, operator_id=chief.actor.account_id)
    sent = send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    world.sign(worker, world.confirm(worker, sent))
    for one in (employer, chief):
        assert _told(one) == ["contract.seal_due", "contract.confirmed"]
    _leave(chief)
    world.settle()
    world.seal(employer, get_contract(actor=employer.actor, contract_id=sent.id))
    world.settle()
    with reading() as session:
        acts = session.scalars(select(SignatureAct).where(SignatureAct.contract_id == sent.id)).all()
    assert employer.actor.account_id in {act.account_id for act in acts}, "a colleague seals for who left"
    assert _told(employer) == ["contract.completed", "contract.seal_due", "contract.confirmed"]
    world.check()
