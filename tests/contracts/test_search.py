"""The lists are narrowed by participant, kind and initiator (H8).

A worker is found by name and phone however they are typed: the index holds one way of writing (B8).
"""

import pytest

from app.contracts.queries import list_contracts, list_initiators
from app.contracts.search import Search
from app.contracts.service.drafting import copy_contract, create_draft, update_draft
from app.core.errors import NotPermitted
from tests.contracts.world import World
from tests.factories import Employer, colleague_of, employer_with_seal, new_phone, verified_worker

FOUND = {
    "阿依古丽·买买提": ("阿依古丽·买买提", "　阿依古丽·买买提 ", "阿依古丽•买买提", "阿依古丽．买买提"),
    "José  García": ("José García", "Jose\u0301 Garci\u0301a", " José　García", "Ｊｏｓé García"),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_name_is_found_however_it_is_typed(world: World, name: str) -> None:
    employer, worker = employer_with_seal(), verified_worker(name)
    contract = world.send(employer, worker)

    def found(text: str) -> list[str]:
        return [card.contract.number for card in list_contracts(actor=employer.actor, search=Search(text=text)).items]

    for typed in FOUND[name]:
        assert found(typed) == [contract.number], typed
    spaced = f"+86 {worker.phone[:3]} {worker.phone[3:7]} {worker.phone[7:]}"
    full_width = worker.phone.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for typed in (spaced, full_width, contract.number.lower(), contract.number.replace("GY", "ＧＹ")):
        assert found(typed) == [contract.number], typed
    for miss in (name[:2], worker.phone[:7], "%", "王小丽"):
        assert found(miss) == [], miss


def numbers(employer: Employer, search: Search) -> list[str]:
    return [card.contract.number for card in list_contracts(actor=employer.actor, search=search, box="draft").items]


def test_who_gets_a_copy_takes_part(world: World) -> None:
    employer, phone = employer_with_seal(), new_phone()
    draft = world.draft(employer, verified_worker())
    update_draft(actor=employer.actor, contract_id=draft.id, copies=[{"name": "周婷", "phone": phone}])
    world.draft(employer, verified_worker())
    assert numbers(employer, Search(text=phone)) == [draft.number]


def test_a_kind_is_chosen_kept_and_found(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    first, renewed = world.draft(employer, worker), world.draft(employer, worker)
    assert first.kind == "labour_contract"
    assert update_draft(actor=employer.actor, contract_id=renewed.id, kind="renewal").kind == "renewal"
    assert numbers(employer, Search(kind="renewal")) == [renewed.number]
    assert numbers(employer, Search(kind="labour_contract")) == [first.number]
    assert copy_contract(actor=employer.actor, contract_id=renewed.id).kind == "renewal"


def test_contracts_are_found_by_who_made_them(world: World) -> None:
    employer = employer_with_seal()
    colleague, stranger = colleague_of(employer, "赵敏"), employer_with_seal("长春市别家有限公司")
    mine = world.draft(employer, verified_worker())
    theirs = create_draft(actor=colleague.actor, filename="合同.pdf", data=world.pdf, blobs=world.providers.blobs)
    world.draft(stranger, verified_worker())
    people = {one.name: one.account_id for one in list_initiators(actor=colleague.actor)}
    assert people == {"李国强": employer.actor.account_id, "赵敏": colleague.actor.account_id}
    assert numbers(colleague, Search(created_by=employer.actor.account_id)) == [mine.number]
    assert numbers(employer, Search(created_by=colleague.actor.account_id)) == [theirs.number]
    assert numbers(employer, Search(created_by=stranger.actor.account_id)) == []
    with pytest.raises(NotPermitted):
        list_initiators(actor=verified_worker().actor)
