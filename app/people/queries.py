"""Reading onboardings. Every read and every lock starts from `visible_to(actor)` (T-01)."""

import unicodedata
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, selectinload

from app.accounts.former_phones import left_first_after, phone_index_of
from app.accounts.login_models import FormerPhone
from app.core.actor import Actor
from app.core.crypto import blind_index
from app.core.db import reading
from app.core.errors import InvalidInput
from app.core.text import normalise_name, normalise_phone, to_halfwidth
from app.identity.models import Person
from app.organisations.models import Organisation
from app.organisations.permissions import Permission
from app.people.errors import AlreadyOnRoster, OnboardingNotFound
from app.people.lifecycle import WAITING_FOR_WORKER, Status
from app.people.models import Onboarding

MAX_PAGE = 100
_sent = aliased(Onboarding)


def visible_to(actor: Actor) -> Select[Onboarding]:
    """The onboardings this actor may know of: their organisation's, or those addressed to them."""
    if actor.is_operator and actor.organisation_id is not None:
        return select(Onboarding).where(Onboarding.organisation_id == actor.organisation_id)
    if actor.is_worker and actor.account_id is not None:
        return select(Onboarding).where(Onboarding.id.in_(_addressed_to(actor)))
    return select(Onboarding).where(false())


def _addressed_to(actor: Actor) -> CompoundSelect[uuid.UUID]:
    """By phone until a person is bound, by person afterwards, as with contracts: a number that changed hands opens
    nothing, and what was sent to a number before its owner changed it stays with that owner."""
    unbound, phone = select(Onboarding.id).where(Onboarding.person_id.is_(None)), phone_index_of(actor)
    of_the_last_owner = _sent_before_change(
        FormerPhone.account_id != actor.account_id, FormerPhone.phone_index == phone
    )
    ways = [
        unbound.where(Onboarding.phone_index == phone, Onboarding.id.not_in(of_the_last_owner)),
        unbound.where(Onboarding.id.in_(_sent_before_change(FormerPhone.account_id == actor.account_id))),
    ]
    if actor.person_id is not None:
        ways.append(select(Onboarding.id).where(Onboarding.person_id == actor.person_id))
    return union_all(*ways)


def _sent_before_change(*whose: ColumnElement[bool]) -> Select[uuid.UUID]:
    joined = select(_sent.id).join(FormerPhone, FormerPhone.phone_index == _sent.phone_index)
    return joined.where(left_first_after(_sent.invited_at), *whose)


def load_onboarding(session: Session, actor: Actor, onboarding_id: uuid.UUID) -> Onboarding:
    """One visible onboarding with its corrections. Raises OnboardingNotFound."""
    statement = visible_to(actor).where(Onboarding.id == onboarding_id)
    found = session.scalar(statement.options(selectinload(Onboarding.corrections)))
    if found is None:
        raise OnboardingNotFound
    return found


def lock_onboarding(session: Session, actor: Actor, onboarding_id: uuid.UUID) -> Onboarding:
    """The same, with its row locked until the end of the transaction."""
    statement = visible_to(actor).where(Onboarding.id == onboarding_id).with_for_update(of=Onboarding)
    if session.scalar(statement) is None:
        raise OnboardingNotFound
    return load_onboarding(session, actor, onboarding_id)


def check_not_employed(session: Session, onboarding: Onboarding, person_id: uuid.UUID | None) -> None:
    """Nobody is on a roster twice, under two numbers: decided under the person's lock. Raises AlreadyOnRoster."""
    session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())
    here = (Onboarding.organisation_id == onboarding.organisation_id) & (Onboarding.person_id == person_id)
    if session.scalar(select(Onboarding.id).where(here, Onboarding.status == Status.ACCEPTED).limit(1)):
        raise AlreadyOnRoster


@dataclass(frozen=True, slots=True)
class OnboardingCard:
    """One line of a list. `waiting_for_me`: whether it is this reader's turn."""

    onboarding: Onboarding
    organisation: str
    waiting_for_me: bool


@dataclass(frozen=True, slots=True)
class OnboardingPage:
    items: list[OnboardingCard]
    next_cursor: str | None


def list_onboardings(
    *, actor: Actor, text: str = "", status: str = "", cursor: str | None = None, limit: int = 20
) -> OnboardingPage:
    """Newest change first. `text`: a whole name or phone. `cursor`: what the page before gave as `next_cursor`."""
    if actor.is_operator:
        actor.require(Permission.MANAGE_PEOPLE)
    statement = visible_to(actor).where(*_filters(text, status))
    with reading() as session:
        return _page(session, actor, statement, cursor, limit)


def count_waiting(*, actor: Actor) -> int:
    """How many onboardings wait for a review; none for those who may not review."""
    if Permission.MANAGE_PEOPLE not in actor.permissions:
        return 0
    with reading() as session:
        waiting = visible_to(actor).where(Onboarding.status == Status.REVIEWING)
        return session.scalar(waiting.with_only_columns(func.count())) or 0


def list_todo(*, actor: Actor) -> list[OnboardingCard]:
    """What waits for this worker, newest first."""
    waiting = visible_to(actor).where(Onboarding.status.in_(WAITING_FOR_WORKER))
    with reading() as session:
        return _page(session, actor, waiting, None, MAX_PAGE).items


def _page(
    session: Session, actor: Actor, statement: Select[Onboarding], cursor: str | None, limit: int
) -> OnboardingPage:
    found, next_cursor = cut_page(session, actor, statement, cursor, limit)
    names = _organisation_names(session, found)
    return OnboardingPage([_card(actor, one, names[one.organisation_id]) for one in found], next_cursor)


def cut_page(
    session: Session, actor: Actor, statement: Select[Onboarding], cursor: str | None, limit: int
) -> tuple[Sequence[Onboarding], str | None]:
    """One page, the newest change first, and the cursor of the next."""
    size = max(1, min(limit, MAX_PAGE))
    if cursor:
        statement = statement.where(_after(session, actor, cursor))
    newest = statement.order_by(Onboarding.updated_at.desc(), Onboarding.id.desc())
    found = session.scalars(newest.limit(size + 1)).all()
    return found[:size], str(found[size - 1].id) if len(found) > size else None


def _card(actor: Actor, onboarding: Onboarding, organisation: str) -> OnboardingCard:
    turn = WAITING_FOR_WORKER if actor.is_worker else {Status.REVIEWING}
    return OnboardingCard(onboarding, organisation, onboarding.status in turn)


def _organisation_names(session: Session, found: Sequence[Onboarding]) -> dict[uuid.UUID, str]:
    ids = {one.organisation_id for one in found}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _filters(text: str, status: str) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [Onboarding.status == status] if status else []
    if typed := " ".join(unicodedata.normalize("NFC", text).split()):
        filters.append(or_(*is_person(typed)))
    return filters


def is_person(typed: str) -> list[ColumnElement[bool]]:
    """Names and phones are encrypted, so they are found whole, by blind index of what would have been stored."""
    alike: list[ColumnElement[bool]] = [false()]
    with suppress(InvalidInput):
        alike.append(Onboarding.name_index == blind_index(normalise_name(to_halfwidth(typed)), purpose="party.name"))
    with suppress(InvalidInput):
        alike.append(Onboarding.phone_index == blind_index(normalise_phone(typed), purpose="phone"))
    return alike


def _after(session: Session, actor: Actor, cursor: str) -> ColumnElement[bool]:
    try:
        last = session.scalar(visible_to(actor).where(Onboarding.id == uuid.UUID(cursor)))
    except ValueError:
        last = None
    if last is None:
        raise InvalidInput(fields={"cursor": ["列表已变化，请从头查看。"]})
    same_moment = and_(Onboarding.updated_at == last.updated_at, Onboarding.id < last.id)
    return or_(Onboarding.updated_at < last.updated_at, same_moment)
