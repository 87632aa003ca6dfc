"""A worker is found by name and phone however they are typed: the index holds one way of writing (H8, B8)."""

import pytest

from app.contracts.queries import list_contracts
from app.contracts.search import Search
from tests.contracts.world import World
from tests.factories import employer_with_seal, verified_worker

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
