"""Drafts: what may be typed, where places may go, who may touch them (G1, G3)."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.contracts.errors import ActionNotAllowed, ContractNotFound, DraftChanged, NotReadyToSend
from app.contracts.lifecycle import Status
from app.contracts.queries import get_contract
from app.contracts.service.drafting import (
    PlaceInput,
    copy_contract,
    create_draft,
    discard_draft,
    get_draft,
    place_fields,
    update_draft,
)
from app.contracts.service.sending import list_problems, send_contract
from app.core.clock import now
from app.core.db import reading
from app.core.errors import InvalidInput, NotPermitted
from app.organisations.errors import OrganisationNotVerified
from app.storage.models import StoredFile
from tests.contracts.world import World
from tests.factories import employer_with_seal, new_employer, verified_employer, verified_worker


def test_a_draft_knows_what_is_missing(world: World) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    missing = [problem.field for problem in list_problems(actor=employer.actor, contract=draft)]
    assert missing == ["worker_name", "worker_phone", "places.signature", "places.seal"]
    with pytest.raises(NotReadyToSend) as refused:
        send_contract(
            actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
        )
    assert set(refused.value.fields) == set(missing)
    world.settle()
    world.check()


def test_the_title_comes_from_the_file_and_has_at_most_fifty_characters(world: World) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename=f"{'长' * 60}.pdf", data=world.pdf, blobs=world.providers.blobs)
    assert draft.title == "长" * 50
    with pytest.raises(InvalidInput) as refused:
        update_draft(actor=employer.actor, contract_id=draft.id, title="长" * 51)
    assert "title" in refused.value.fields


def test_names_and_phones_are_normalised(world: World) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    changed = update_draft(
        actor=employer.actor, contract_id=draft.id, worker_name="阿依古丽•买买提 ", worker_phone="+86 １３８-0013-8000"
    )
    assert (changed.parties[0].name, changed.parties[0].phone) == ("阿依古丽·买买提", "13800138000")
    for name in ("𠮷野家明", "䶮文杰"):
        assert update_draft(actor=employer.actor, contract_id=draft.id, worker_name=name).parties[0].name == name


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"worker_phone": "02188886666"}, "phone"),
        ({"worker_name": "<b>张三</b>"}, "name"),
        ({"kind": "marriage"}, "kind"),
        ({"terms": {"salary": "9000"}}, "terms.salary"),
        ({"terms": {"pay": "多" * 201}}, "terms.pay"),
        ({"intent_methods": ["face"]}, "intent_methods"),
        ({"intent_methods": ["sms", "telepathy"]}, "intent_methods"),
        ({"deadline_at": now() - timedelta(days=1)}, "deadline_at"),
    ],
)
def test_bad_values_name_their_field_and_change_nothing(world: World, changes: dict[str, object], field: str) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    with pytest.raises(InvalidInput) as refused:
        update_draft(actor=employer.actor, contract_id=draft.id, **changes)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    assert get_draft(actor=employer.actor, contract_id=draft.id).draft_version == draft.draft_version


@pytest.mark.parametrize(
    "places",
    [
        [PlaceInput("signature", 2, 0.1, 0.1, 0.2, 0.1)],
        [PlaceInput("signature", 1, 0.9, 0.1, 0.2, 0.1)],
        [PlaceInput("signature", 1, -0.1, 0.1, 0.2, 0.1)],
        [PlaceInput("signature", 1, 0.1, 0.1, 0.2, 0.001)],
        [PlaceInput("signature", 1, 0.1, 0.1, 0.2, 0.1), PlaceInput("signature", 1, 0.5, 0.5, 0.2, 0.1)],
        [PlaceInput("stamp", 1, 0.1, 0.1, 0.2, 0.1)],
        [PlaceInput("seal", 1, float("nan"), 0.1, 0.2, 0.1)],
    ],
)
def test_places_stay_on_the_page(world: World, places: list[PlaceInput]) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    with pytest.raises(InvalidInput) as refused:
        place_fields(actor=employer.actor, contract_id=draft.id, places=places)
    assert "places" in refused.value.fields


def test_two_editors_do_not_overwrite_each_other(world: World) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    update_draft(actor=employer.actor, contract_id=draft.id, version=draft.draft_version, title="第一位")
    with pytest.raises(DraftChanged):
        update_draft(actor=employer.actor, contract_id=draft.id, version=draft.draft_version, title="第二位")


def test_a_sent_contract_cannot_be_edited_or_discarded(world: World) -> None:
    employer, _worker, contract = world.sent()
    for attempt in (
        lambda: update_draft(actor=employer.actor, contract_id=contract.id, title="改"),
        lambda: place_fields(actor=employer.actor, contract_id=contract.id, places=[]),
        lambda: discard_draft(actor=employer.actor, contract_id=contract.id),
    ):
        with pytest.raises(ActionNotAllowed):
            attempt()
    with pytest.raises(ContractNotFound):
        get_draft(actor=employer.actor, contract_id=contract.id)


def test_a_copy_starts_again_as_a_draft_with_its_places(world: World) -> None:
    employer, _worker, contract = world.sent()
    copy = copy_contract(actor=employer.actor, contract_id=contract.id)
    loaded = get_contract(actor=employer.actor, contract_id=copy.id)
    assert loaded.status == Status.DRAFT
    assert loaded.number != contract.number
    assert (loaded.parties[0].name, len(loaded.places)) == (contract.parties[0].name, 2)
    sent = send_contract(
        actor=employer.actor, contract_id=copy.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    assert sent.content_sha256 != contract.content_sha256
    world.check(settled=False)


def test_a_discarded_draft_is_gone(world: World) -> None:
    employer = verified_employer()
    draft = create_draft(actor=employer.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    discard_draft(actor=employer.actor, contract_id=draft.id)
    with pytest.raises(ContractNotFound):
        get_contract(actor=employer.actor, contract_id=draft.id)
    world.settle()
    world.check()


def test_only_a_verified_organisation_drafts(world: World) -> None:
    with pytest.raises(OrganisationNotVerified):
        create_draft(actor=new_employer().actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)


def test_a_worker_drafts_nothing(world: World) -> None:
    with pytest.raises(NotPermitted):
        create_draft(actor=verified_worker().actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)


def test_drafts_of_others_do_not_exist(world: World) -> None:
    mine, other = verified_employer(), employer_with_seal("长春市其他有限公司")
    draft = create_draft(actor=mine.actor, filename="a.pdf", data=world.pdf, blobs=world.providers.blobs)
    for contract_id in (draft.id, uuid.uuid4()):
        with pytest.raises(ContractNotFound):
            update_draft(actor=other.actor, contract_id=contract_id, title="改")


def test_a_discarded_draft_leaves_no_file_that_nobody_else_has(world: World) -> None:
    employer, worker = verified_employer(), verified_worker()
    before = _named_files()
    draft = world.draft(employer, worker)
    copy = copy_contract(actor=employer.actor, contract_id=draft.id)
    discard_draft(actor=employer.actor, contract_id=draft.id)
    assert draft.draft_sha256 in _named_files()
    discard_draft(actor=employer.actor, contract_id=copy.id)
    assert _named_files() == before


def _named_files() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(StoredFile.sha256)))


def test_what_changed_after_the_preview_is_not_sent_unseen(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    seen = get_draft(actor=employer.actor, contract_id=draft.id).draft_version
    update_draft(actor=employer.actor, contract_id=draft.id, terms={"pay": "每月 3000 元"})
    with pytest.raises(DraftChanged):
        send_contract(
            actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs,
            link_url=world.providers.link_url, version=seen,
        )  # fmt: skip
    assert get_draft(actor=employer.actor, contract_id=draft.id).status == Status.DRAFT
