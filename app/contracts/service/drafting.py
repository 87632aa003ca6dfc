"""Drafts: upload, describe, place, copy, discard (G1, G3)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.contracts.copies import check_copies, copy_recipients, set_copies
from app.contracts.documents import (
    WrittenDocument,
    forget_unused,
    record_document,
    stored_files,
    write_document,
)
from app.contracts.employer_side import name_usual_operator, set_employer_side
from app.contracts.errors import ContractNotFound, DraftChanged
from app.contracts.lifecycle import Action
from app.contracts.models import Contract, ContractKind, Party, PartyKind, Place, PlaceKind
from app.contracts.queries import load_contract, lock_contract
from app.contracts.trail import note
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id, new_number
from app.core.text import normalise_name, normalise_phone
from app.organisations.permissions import Permission
from app.organisations.service import require_verified_organisation
from app.signing.models import IntentMethod
from app.storage.ports import BlobStore
from app.storage.service import organisation_scope
from app.templates.intake import NormalisedDocument, normalise_upload

TITLE_LENGTH = 50
TERM_KEYS = ("post", "place", "term", "start_on", "end_on", "probation", "pay", "hours")
# What a new draft allows until the employer chooses; not everybody has a certificate with a PIN.
USUAL_METHODS = (str(IntentMethod.SMS), str(IntentMethod.FACE))
_OWNER = {PlaceKind.SIGNATURE: PartyKind.WORKER, PlaceKind.SEAL: PartyKind.ORGANISATION}
_SMALLEST = 0.03  # of the page: below this nobody can read what is drawn


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """Where to sign: `page` from 1; the rest as fractions 0..1 of the page from its top left corner."""

    kind: str
    page: int
    x: float
    y: float
    width: float
    height: float


def create_draft(*, actor: Actor, filename: str, data: bytes, title: str | None = None, blobs: BlobStore) -> Contract:
    """Turn an uploaded PDF or Word file into a draft. Raises the errors of app.templates for a bad file."""
    actor.require(Permission.SEND_CONTRACT)
    with reading() as session:
        organisation = require_verified_organisation(session, actor)
    document = normalise_upload(data, filename)
    written = write_document(blobs, organisation_scope(organisation.id), document.pdf)
    with transaction() as session:
        contract = _new_contract(actor, filename, document, written)
        contract.title = _checked_title(title or filename.rsplit(".", 1)[0][:TITLE_LENGTH])
        contract.parties = [
            Party(id=new_id(), kind=PartyKind.WORKER, position=1),
            Party(id=new_id(), kind=PartyKind.ORGANISATION, position=2, organisation_id=organisation.id),
        ]
        contract.parties[1].name = organisation.name
        contract.places, contract.copies = [], []
        name_usual_operator(session, contract, drafted_by=actor.account_id)
        session.add(contract)
        session.flush()
        record_document(session, contract, written)
        hashes = {"upload_sha256": document.upload_sha256, "pdf_sha256": written.sha256}
        note(session, actor, "contract.drafted", contract, **hashes)
        return contract


def _new_contract(actor: Actor, filename: str, document: NormalisedDocument, written: WrittenDocument) -> Contract:
    moment = now()
    return Contract(
        id=new_id(), number=new_number("GY", moment), organisation_id=actor.organisation_id,
        created_by=actor.account_id, filename=filename[:200], intent_methods=list(USUAL_METHODS),
        draft_sha256=written.sha256,
        draft_version=1, text_sha256=written.text_sha256, pages=[[page.width, page.height] for page in document.pages],
        warnings=[{"code": item.code, "zh": item.text_zh, "en": item.text_en} for item in document.warnings],
        revision_number=0, created_at=moment, updated_at=moment,
    )  # fmt: skip


def update_draft(
    *, actor: Actor, contract_id: uuid.UUID, version: int | None = None, title: str | None = None,
    worker_name: str | None = None, worker_phone: str | None = None, terms: Mapping[str, str] | None = None,
    intent_methods: Sequence[str] | None = None, deadline_at: datetime | None = None,
    copies: Sequence[Mapping[str, str]] | None = None, open_check: bool | None = None, kind: str | None = None,
    operator_id: uuid.UUID | None = None, seal_id: uuid.UUID | None = None,
) -> Contract:  # fmt: skip
    """Change what is given, leave the rest. `version`: what the editor saw; DraftChanged when it moved on."""
    actor.require(Permission.SEND_CONTRACT)
    with transaction() as session:
        contract = _editable(session, actor, contract_id, version)
        if title is not None:
            contract.title = _checked_title(title)
        if kind is not None:
            contract.kind = _checked_kind(kind)
        _set_worker(contract.party_of_kind(PartyKind.WORKER), worker_name, worker_phone)
        set_employer_side(session, contract, operator_id, seal_id)
        if terms is not None:
            contract.set_terms(_checked_terms(terms))
        if intent_methods is not None:
            contract.intent_methods = _checked_methods(intent_methods)
        if open_check is not None:
            contract.open_check = open_check
        _check_opening(contract)
        if deadline_at is not None:
            contract.deadline_at = _checked_deadline(deadline_at)
        if copies is not None:
            set_copies(session, contract, copies)
        check_copies(contract)
        return contract


def place_fields(
    *, actor: Actor, contract_id: uuid.UUID, places: Sequence[PlaceInput], version: int | None = None
) -> Contract:
    """Replace all places: one for the worker's signature, one for the organisation's seal.

    Whoever asks again, because the answer was lost, changes nothing and is told the version that there is now.
    """
    actor.require(Permission.SEND_CONTRACT)
    with transaction() as session:
        if (done := _already_placed(session, actor, contract_id, places, version)) is not None:
            return done
        contract = _editable(session, actor, contract_id, version)
        _check_places(places, len(contract.pages))
        contract.places.clear()
        session.flush()
        for place in places:
            party = contract.party_of_kind(_OWNER[PlaceKind(place.kind)])
            contract.places.append(
                Place(
                    id=new_id(), party_id=party.id, kind=place.kind, page=place.page,
                    x=place.x, y=place.y, width=place.width, height=place.height,
                )
            )  # fmt: skip
        session.flush()
        return contract


def _already_placed(
    session: Session, actor: Actor, contract_id: uuid.UUID, places: Sequence[PlaceInput], version: int | None
) -> Contract | None:
    contract = lock_contract(session, actor, contract_id)
    stored = {PlaceInput(one.kind, one.page, one.x, one.y, one.width, one.height) for one in contract.places}
    is_repeated = version == contract.draft_version - 1 and contract.allows(Action.EDIT) and stored == set(places)
    return contract if is_repeated else None


def copy_contract(*, actor: Actor, contract_id: uuid.UUID) -> Contract:
    """A fresh draft with the same document, worker, terms and places: how one sends again after withdrawing (H5)."""
    actor.require(Permission.SEND_CONTRACT)
    with transaction() as session:
        require_verified_organisation(session, actor)
        old, moment = load_contract(session, actor, contract_id), now()
        new = Contract(
            id=new_id(), number=new_number("GY", moment), organisation_id=old.organisation_id,
            created_by=actor.account_id,
            copied_from=old.id, title=old.title, kind=old.kind, filename=old.filename, pages=old.pages,
            intent_methods=old.intent_methods, open_check=old.open_check, draft_sha256=old.draft_sha256,
            draft_version=1, text_sha256=old.text_sha256, warnings=old.warnings, revision_number=0, created_at=moment,
            updated_at=moment,
        )  # fmt: skip
        new.set_terms(old.terms)
        _copy_parties(old, new)
        copy_recipients(old, new)
        name_usual_operator(session, new, drafted_by=actor.account_id)
        session.add(new)
        session.flush()
        note(session, actor, "contract.drafted", new, copied_from=old.id, pdf_sha256=new.draft_sha256)
        return new


def _copy_parties(old: Contract, new: Contract) -> None:
    new.parties, new.places = [], []
    for party in old.parties:
        copy = Party(
            id=new_id(), kind=party.kind, position=party.position, organisation_id=party.organisation_id,
            operator_id=party.operator_id, seal_id=party.seal_id, phone_index=party.phone_index,
            name_index=party.name_index,
        )  # fmt: skip
        copy.name, copy.phone = party.name, party.phone
        new.parties.append(copy)
        new.places += [
            Place(
                id=new_id(), party_id=copy.id, kind=place.kind, page=place.page,
                x=place.x, y=place.y, width=place.width, height=place.height,
            )
            for place in old.places
            if place.party_id == party.id
        ]  # fmt: skip


def discard_draft(*, actor: Actor, contract_id: uuid.UUID) -> None:
    """Delete a draft that was never sent, with its file unless another contract has the same."""
    actor.require(Permission.SEND_CONTRACT)
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        contract.apply(Action.EDIT)
        files = stored_files(session, contract)
        session.execute(update(Contract).where(Contract.copied_from == contract.id).values(copied_from=None))
        contract.places.clear()  # before the parties that they belong to
        session.flush()
        session.delete(contract)
        session.flush()
        forget_unused(session, contract.organisation_id, files)
        note(session, actor, "contract.discarded", contract)


def get_draft(*, actor: Actor, contract_id: uuid.UUID) -> Contract:
    """A contract that is still a draft. Raises ContractNotFound."""
    actor.require(Permission.SEND_CONTRACT)
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
    if not contract.allows(Action.EDIT):
        raise ContractNotFound
    return contract


def _editable(session: Session, actor: Actor, contract_id: uuid.UUID, version: int | None) -> Contract:
    contract = lock_contract(session, actor, contract_id)
    contract.apply(Action.EDIT)
    if version is not None and version != contract.draft_version:
        raise DraftChanged
    contract.draft_version += 1
    return contract


def _set_worker(worker: Party, name: str | None, phone: str | None) -> None:
    if name is not None:
        worker.name = normalise_name(name) if name.strip() else None
        worker.name_index = blind_index(worker.name, purpose="party.name") if worker.name else None
    if phone is not None:
        worker.phone = normalise_phone(phone) if phone.strip() else None
        worker.phone_index = blind_index(worker.phone, purpose="phone") if worker.phone else None


def _checked_title(title: str) -> str:
    clean = " ".join(title.split())
    if not 1 <= len(clean) <= TITLE_LENGTH:
        raise InvalidInput(fields={"title": [f"合同名称为 1 至 {TITLE_LENGTH} 个字。"]})
    return clean


def _checked_kind(kind: str) -> ContractKind:
    if kind not in list(ContractKind):
        raise InvalidInput(fields={"kind": ["请从列表中选择合同类型。"]})
    return ContractKind(kind)


def _checked_terms(terms: Mapping[str, str]) -> dict[str, str]:
    clean = {key: " ".join(value.split()) for key, value in terms.items() if value and value.strip()}
    wrong = {
        f"terms.{key}": ["请填写不超过 200 字的内容。"]
        for key, value in clean.items()
        if key not in TERM_KEYS or len(value) > 200
    }
    if wrong:
        raise InvalidInput(fields=wrong)
    return clean


def _checked_methods(methods: Sequence[str]) -> list[str]:
    """Face needs the code beside it: the law asks for another way, for everybody (人脸识别技术应用安全管理办法)."""
    known = [str(method) for method in IntentMethod if method in methods]
    if len(known) != len(set(methods)) or not known:
        raise InvalidInput(fields={"intent_methods": ["请选择短信验证码、人脸识别或证书密码。"]})
    if IntentMethod.FACE in known and IntentMethod.SMS not in known:
        raise InvalidInput(fields={"intent_methods": ["依照规定，人脸识别不能是唯一方式，请同时允许短信验证码。"]})
    return known


def _check_opening(contract: Contract) -> None:
    """Who shows their face before reading may show it again to sign; another way stands beside both (B6)."""
    if contract.open_check and IntentMethod.FACE not in contract.intent_methods:
        raise InvalidInput(fields={"open_check": ["查看前核对本人时，签署也要能刷脸：请同时勾选“人脸识别”。"]})


def _checked_deadline(deadline_at: datetime) -> datetime:
    if deadline_at <= now():
        raise InvalidInput(fields={"deadline_at": ["签署截止时间必须晚于现在。"]})
    return deadline_at


def _check_places(places: Sequence[PlaceInput], page_count: int) -> None:
    problems: list[str] = []
    for place in places:
        if place.kind not in list(PlaceKind):
            problems.append("只能放置签名位置和印章位置。")
            continue
        inside = place.x >= 0 and place.y >= 0 and place.x + place.width <= 1 and place.y + place.height <= 1
        if not 1 <= place.page <= page_count or not inside:
            problems.append(f"第 {place.page} 页的位置超出页面，请拖回页面内。")
        elif min(place.width, place.height) < _SMALLEST:
            problems.append(f"第 {place.page} 页的位置太小，请放大一些。")
    if len({place.kind for place in places}) != len(places):
        problems.append("每一方只能有一个签署位置。")
    if problems:
        raise InvalidInput(fields={"places": problems})
