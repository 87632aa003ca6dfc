"""Copy recipients (抄送方): people who may read a contract once it is completed, and do nothing else (G3)."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from app.accounts.former_phones import left_first_after, phone_index_of
from app.accounts.links import LinkPurpose, issue_link
from app.accounts.login_models import FormerPhone
from app.contracts.lifecycle import Status
from app.contracts.models import Contract, CopyRecipient, PartyKind
from app.contracts.notices import tell_copy_recipient
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.core.text import normalise_name, normalise_phone

MOST = 10
LINK_LIFE = timedelta(days=30)


def set_copies(session: Session, contract: Contract, copies: Sequence[Mapping[str, str]]) -> None:
    """Replace the copy recipients of a draft; each has a `name` and a `phone` of their own. Raises InvalidInput."""
    if len(copies) > MOST:
        raise InvalidInput(fields={"copies": [f"抄送方最多 {MOST} 人。"]})
    people = [_checked(number, person) for number, person in enumerate(copies)]
    if len({phone for _name, phone in people}) != len(people):
        raise InvalidInput(fields={"copies": ["抄送方的手机号不能重复。"]})
    contract.copies.clear()
    session.flush()
    contract.copies += [_recipient(name, phone) for name, phone in people]
    session.flush()


def check_copies(contract: Contract) -> None:
    """The worker signs and gets no copy beside it. Raises InvalidInput."""
    worker = contract.party_of_kind(PartyKind.WORKER)
    if worker.phone_index in {one.phone_index for one in contract.copies}:
        raise InvalidInput(fields={"copies": ["抄送方不能是签署合同的劳动者。"]})


def _checked(number: int, person: Mapping[str, str]) -> tuple[str, str]:
    try:
        return normalise_name(person.get("name", "")), normalise_phone(person.get("phone", ""))
    except InvalidInput as error:
        fields = {f"copies.{number}.{field}": texts for field, texts in error.fields.items()}
        raise InvalidInput(fields=fields) from error


def _recipient(name: str, phone: str) -> CopyRecipient:
    recipient = CopyRecipient(id=new_id(), phone_index=blind_index(phone, purpose="phone"))
    recipient.name, recipient.phone = name, phone
    return recipient


def copy_recipients(old: Contract, new: Contract) -> None:
    """A contract that is sent again goes to the same readers."""
    new.copies = [_recipient(recipient.name, recipient.phone) for recipient in old.copies]


def copied_to(actor: Actor) -> list[Select[uuid.UUID]]:
    """Ids of the completed contracts of which this worker gets a copy; what came to a number before it changed hands
    stays with its owner of that time."""
    phone, done = phone_index_of(actor), _copied.status == Status.COMPLETED
    of_the_last_owner = _before_change(FormerPhone.account_id != actor.account_id, FormerPhone.phone_index == phone)
    mine = select(CopyRecipient.contract_id).join(_copied, _copied.id == CopyRecipient.contract_id).where(done)
    return [
        mine.where(CopyRecipient.phone_index == phone, CopyRecipient.id.not_in(of_the_last_owner)),
        mine.where(CopyRecipient.id.in_(_before_change(FormerPhone.account_id == actor.account_id))),
    ]


_copy, _copied, _told = aliased(CopyRecipient), aliased(Contract), aliased(Contract)


def _before_change(*whose: ColumnElement[bool]) -> Select[uuid.UUID]:
    """Copies that reached a phone before its owner changed it."""
    joined = select(_copy.id).join(_told, _told.id == _copy.contract_id)
    joined = joined.join(FormerPhone, FormerPhone.phone_index == _copy.phone_index)
    return joined.where(left_first_after(_told.completed_at), *whose)


def tell_copy_recipients(
    session: Session, contract: Contract, organisation: str, link_url: Callable[[str], str]
) -> None:
    """Each gets a link of their own, good for their phone only."""
    recipients = session.scalars(select(CopyRecipient).where(CopyRecipient.contract_id == contract.id)).all()
    for recipient in recipients:
        token = issue_link(
            session, purpose=LinkPurpose.CONTRACT, target=("contract", contract.id), phone=recipient.phone,
            organisation_id=contract.organisation_id, expires_at=now() + LINK_LIFE, replaces=False,
        )  # fmt: skip
        tell_copy_recipient(session, contract, organisation, recipient, link_url(token))
