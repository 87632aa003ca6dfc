"""Sending freezes the content; withdrawing ends what is under way (G3, G6, H5)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.links import LinkPurpose, issue_link, revoke_links
from app.contracts.documents import WrittenDocument, record_document, write_document
from app.contracts.employer_side import get_employer_side
from app.contracts.errors import DraftChanged, NotReadyToSend
from app.contracts.lifecycle import Action
from app.contracts.models import Contract, Party, PartyKind, Place, PlaceKind, Revision
from app.contracts.notices import tell_worker
from app.contracts.queries import load_contract, lock_contract
from app.contracts.reach import phone_of_worker
from app.contracts.trail import note
from app.core.actor import Actor
from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.jobs.service import enqueue
from app.organisations.permissions import Permission
from app.organisations.service import require_verified_organisation
from app.signing.pades import FieldBox, prepare
from app.storage.ports import BlobStore
from app.storage.service import organisation_scope, read_file

DEFAULT_TIME_TO_SIGN = timedelta(days=30)
LinkUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a draft from being sent: the field, and what to do."""

    field: str
    text: str


def list_problems(*, actor: Actor, contract: Contract) -> list[Problem]:
    """Everything that is missing, in the order in which one fills it in."""
    worker = contract.party_of_kind(PartyKind.WORKER)
    placed = {place.kind for place in contract.places}
    checks = [
        (not worker.name, "worker_name", "请填写劳动者姓名。"),
        (not worker.phone, "worker_phone", "请填写劳动者手机号。"),
        (PlaceKind.SIGNATURE not in placed, "places.signature", "请在页面上放置劳动者签名位置。"),
        (PlaceKind.SEAL not in placed, "places.seal", "请在页面上放置单位印章位置。"),
        (_is_past(contract.deadline_at), "deadline_at", "签署截止时间已过，请重新选择。"),
    ]
    found = [(field, text) for missing, field, text in checks if missing]
    ours = get_employer_side(actor=actor, contract=contract).problems
    return [Problem(field, text) for field, text in [*ours, *found]]


def _is_past(deadline_at: datetime | None) -> bool:
    return deadline_at is not None and deadline_at <= now()


def send_contract(
    *, actor: Actor, contract_id: uuid.UUID, blobs: BlobStore, link_url: LinkUrl, version: int | None = None
) -> Contract:
    """Freeze the content and ask the worker to read and sign. `link_url` turns a token into a link for the SMS.

    `version`: of the draft that was previewed; what a colleague changed since is not sent unseen.
    Raises NotReadyToSend, ActionNotAllowed, DraftChanged.
    """
    actor.require(Permission.SEND_CONTRACT)
    with reading() as session:
        organisation = require_verified_organisation(session, actor)
        draft = load_contract(session, actor, contract_id)
    if version is not None and version != draft.draft_version:
        raise DraftChanged
    if draft.allows(Action.SEND):
        _check_ready(actor, draft)
        frozen = freeze(draft, blobs)
    reached("send.frozen")
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        contract.apply(Action.SEND)
        if contract.draft_version != draft.draft_version:
            raise DraftChanged
        _adopt(session, contract, frozen)
        link = link_url(issue_worker_link(session, contract))
        tell_worker(session, contract, organisation.name, template="SMS_CONTRACT_LINK", link=link)
        enqueue(
            session, "contracts.expire", key=f"expire:{contract.id}", run_at=contract.deadline_at,
            contract_id=str(contract.id),
        )  # fmt: skip
        ours = contract.party_of_kind(PartyKind.ORGANISATION)
        note(
            session, actor, "contract.sent", contract, content_sha256=contract.content_sha256,
            operator_id=ours.operator_id, seal_id=ours.seal_id,
        )  # fmt: skip
        reached("send.before_commit")
        return contract


def issue_worker_link(session: Session, contract: Contract) -> str:
    """A token that opens the contract for the worker's phone until the deadline; earlier ones die."""
    return issue_link(
        session, purpose=LinkPurpose.CONTRACT, target=("contract", contract.id),
        phone=phone_of_worker(session, contract), organisation_id=contract.organisation_id,
        expires_at=contract.deadline_at or now() + DEFAULT_TIME_TO_SIGN,
    )  # fmt: skip


def _check_ready(actor: Actor, draft: Contract) -> None:
    problems = list_problems(actor=actor, contract=draft)
    if problems:
        raise NotReadyToSend(fields={problem.field: [problem.text] for problem in problems})


def freeze(draft: Contract, blobs: BlobStore) -> WrittenDocument:
    """The content that will be shown and signed, with the signature fields of all parties in place (T-12, T-13)."""
    scope = organisation_scope(draft.organisation_id)
    pdf = read_file(blobs, scope=scope, sha256=draft.draft_sha256)
    of_party = {place.party_id: place for place in draft.places}
    boxes = [
        _field_box(draft, party, of_party[party.id]) for party in draft.parties
    ]  # in signing order: the last locks
    return write_document(blobs, scope, prepare(pdf, boxes, footer=f"合同编号 {draft.number}"))


def _field_box(contract: Contract, party: Party, place: Place) -> FieldBox:
    """From fractions of the page, top left, to points, bottom left."""
    width, height = contract.pages[place.page - 1]
    top, left = height * (1 - place.y), width * place.x
    return FieldBox(
        name=party.field_name,
        page=place.page - 1,
        x1=left,
        y1=top - height * place.height,
        x2=left + width * place.width,
        y2=top,
    )


def _adopt(session: Session, contract: Contract, frozen: WrittenDocument) -> None:
    moment = now()
    record_document(session, contract, frozen)
    contract.content_sha256 = contract.revision_sha256 = frozen.sha256
    contract.sent_at, contract.deadline_at = moment, contract.deadline_at or moment + DEFAULT_TIME_TO_SIGN
    session.add(
        Revision(
            id=new_id(), contract_id=contract.id, number=0, sha256=frozen.sha256, size=frozen.size, created_at=moment
        )
    )


def withdraw_contract(*, actor: Actor, contract_id: uuid.UUID, reason: str = "") -> Contract:
    """End a contract that is under way. Against a signature of the last party, the row's lock decides (T-16)."""
    actor.require(Permission.WITHDRAW_CONTRACT)
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        organisation = require_verified_organisation(session, actor)
        contract.apply(Action.WITHDRAW)
        close_contract(session, contract, checked_reason(reason, required=False))
        tell_worker(session, contract, organisation.name, template="SMS_CONTRACT_WITHDRAWN")
        note(session, actor, "contract.withdrawn", contract)
        return contract


def close_contract(session: Session, contract: Contract, reason: str, at: datetime | None = None) -> None:
    """What every unhappy end does: remember why and when, and kill the links."""
    contract.ended_at = at or now()
    contract.end_reason = reason or None
    revoke_links(session, target=("contract", contract.id))


def checked_reason(reason: str, *, required: bool) -> str:
    clean = " ".join(reason.split())
    if len(clean) > 200 or (required and len(clean) < 2):
        raise InvalidInput(fields={"reason": ["请填写 2 至 200 字的原因。"]})
    return clean
