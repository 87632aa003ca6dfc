"""What a list of contracts can be narrowed by (H8)."""

import unicodedata
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select

from app.contracts.models import Contract, CopyRecipient, Party
from app.core.crypto import blind_index
from app.core.errors import InvalidInput
from app.core.text import normalise_name, normalise_phone, to_halfwidth


@dataclass(frozen=True, slots=True)
class Search:
    """Absent filters do not filter. `text`: title, number, or a participant: the worker's full name, or the phone of
    the worker or of somebody who gets a copy. `created_by`: the initiator's account.
    """

    text: str = ""
    status: str = ""
    kind: str = ""
    created_by: uuid.UUID | None = None
    sent_from: datetime | None = None
    sent_to: datetime | None = None


def filters(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.status:
        found.append(Contract.status == search.status)
    if search.kind:
        found.append(Contract.kind == search.kind)
    if search.created_by is not None:
        found.append(Contract.created_by == search.created_by)
    if search.sent_from is not None:
        found.append(Contract.sent_at >= search.sent_from)
    if search.sent_to is not None:
        found.append(Contract.sent_at < search.sent_to)
    if text := " ".join(unicodedata.normalize("NFC", search.text).split()):
        number = Contract.number.icontains(to_halfwidth(text), autoescape=True)
        found.append(or_(Contract.title.icontains(text, autoescape=True), number, _takes_part(text)))
    return found


def _takes_part(text: str) -> ColumnElement[bool]:
    """Names and phones are encrypted, so they are found whole, by blind index of what would have been stored."""
    of_party, of_copy = Party.contract_id, CopyRecipient.contract_id
    ways = [
        (of_party, Party.name_index, "party.name", normalise_name, text),
        (of_party, Party.name_index, "party.name", normalise_name, to_halfwidth(text)),
        (of_party, Party.phone_index, "phone", normalise_phone, text),
        (of_copy, CopyRecipient.phone_index, "phone", normalise_phone, text),
    ]
    alike: list[ColumnElement[bool]] = [false()]
    for contract_id, column, purpose, normalise, typed in ways:
        with suppress(InvalidInput):
            found = select(contract_id).where(column == blind_index(normalise(typed), purpose=purpose))
            alike.append(Contract.id.in_(found))
    return or_(*alike)
