"""What the employer does with a submitted form: read, correct, reject, accept (K4)."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import OperatorAccount
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.organisations.permissions import Permission
from app.organisations.service import require_verified_organisation
from app.people.errors import OnboardingChanged
from app.people.forms import CORRECTABLE, check_fields, masked, typed_part
from app.people.lifecycle import Action, Status
from app.people.models import Correction, Onboarding
from app.people.notices import issue_onboarding_link, phone_of, tell_worker, text_worker
from app.people.queries import check_not_employed, load_onboarding, lock_onboarding
from app.people.service.inviting import promise_expiry
from app.people.trail import note

REVIEW_TIME = timedelta(days=30)
CORRECTION_TIME = timedelta(days=14)
READING_TIME = timedelta(days=30)
LinkUrl = Callable[[str], str]
_SUBMITTED = frozenset({Status.REVIEWING, Status.REJECTED, Status.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction, as both sides see it; `by`: the operator's name."""

    field: str
    before: Any
    after: Any
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """`form` is empty while nothing is submitted; the document's number and phone are masked.

    `phone`: whole; of an employee the present one, else what the employer typed; empty once that was wiped.
    """

    onboarding: Onboarding
    phone: str
    form: dict[str, Any]
    corrections: tuple[Corrected, ...]


def get_review(*, actor: Actor, onboarding_id: uuid.UUID) -> Review:
    """For the employer; what is being typed is nobody's business. Raises OnboardingNotFound."""
    actor.require(Permission.MANAGE_PEOPLE)
    with reading() as session:
        onboarding = load_onboarding(session, actor, onboarding_id)
        form = masked(onboarding.form) if onboarding.status in _SUBMITTED else {}
        employed = onboarding.status == Status.ACCEPTED
        phone = phone_of(session, onboarding) if employed else onboarding.phone or ""
        return Review(onboarding, phone, form, list_corrections(session, onboarding))


def read_id_number(*, actor: Actor, onboarding_id: uuid.UUID) -> str:
    """The whole number of the worker's document, e.g. for social insurance; every look is in the log (T-25).

    Raises OnboardingNotFound, OnboardingChanged (nothing is submitted any more).
    """
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        if onboarding.status not in _SUBMITTED or not onboarding.form:
            raise OnboardingChanged
        note(session, actor, "onboarding.number_read", onboarding)
        return str(onboarding.form["id_number"])


def correct_onboarding(
    *, actor: Actor, onboarding_id: uuid.UUID, form_version: int, changes: Mapping[str, Any]
) -> Onboarding:
    """Change some of `CORRECTABLE`; each change is kept with who made it, and shown to the worker.

    Raises InvalidInput, OnboardingChanged, OnboardingActionNotAllowed.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    if set(changes) - set(CORRECTABLE):
        raise InvalidInput(fields={name: ["此项不能由单位更正。"] for name in sorted(set(changes) - set(CORRECTABLE))})
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        onboarding.apply(Action.CORRECT)
        onboarding.check_version(form_version)
        form = onboarding.form
        clean = check_fields(changes, tuple(name for name in CORRECTABLE if name in changes))
        changed = {name: value for name, value in clean.items() if form[name] != value}
        if not changed:
            return onboarding
        for name, value in changed.items():
            onboarding.corrections.append(_correction(actor, onboarding, name, form[name], value))
        onboarding.set_form(form | changed)
        note(
            session, actor, "onboarding.corrected", onboarding,
            fields=sorted(changed), form_version=onboarding.form_version,
        )  # fmt: skip
        return onboarding


def accept_onboarding(*, actor: Actor, onboarding_id: uuid.UUID, form_version: int, link_url: LinkUrl) -> Onboarding:
    """Onto the roster; the worker is told. A second tap gets the same answer.

    Raises AlreadyOnRoster, OnboardingChanged, OnboardingActionNotAllowed.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        if onboarding.status == Status.ACCEPTED and onboarding.form_version == form_version:
            return onboarding
        check_not_employed(session, onboarding, onboarding.person_id)
        onboarding.apply(Action.ACCEPT)
        onboarding.check_version(form_version)
        onboarding.expires_at = now() + READING_TIME  # of the link in the SMS
        _tell(session, actor, onboarding, "onboarding.accepted", "已通过", link_url)
        note(session, actor, "onboarding.accepted", onboarding, form_version=form_version)
        return onboarding


def reject_onboarding(
    *, actor: Actor, onboarding_id: uuid.UUID, form_version: int, reason: str, link_url: LinkUrl
) -> Onboarding:
    """Back to the worker with a reason, who corrects and submits again within `CORRECTION_TIME`.

    Raises InvalidInput, OnboardingChanged, OnboardingActionNotAllowed.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    clean = " ".join(reason.split())
    if not 2 <= len(clean) <= 200:
        raise InvalidInput(fields={"reason": ["请填写 2 至 200 字的原因。"]})
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        decided = (onboarding.status, onboarding.form_version, onboarding.reason)
        if decided == (Status.REJECTED, form_version, clean):
            return onboarding
        onboarding.apply(Action.REJECT)
        onboarding.check_version(form_version)
        onboarding.reason, onboarding.expires_at = clean, now() + CORRECTION_TIME
        onboarding.set_draft(typed_part(onboarding.form))
        promise_expiry(session, onboarding)
        _tell(session, actor, onboarding, "onboarding.rejected", "需要修改", link_url)
        note(session, actor, "onboarding.rejected", onboarding, form_version=form_version)
        return onboarding


def list_corrections(session: Session, onboarding: Onboarding) -> tuple[Corrected, ...]:
    """Oldest first."""
    ids = {one.operator_account_id for one in onboarding.corrections}
    names = {one.id: one.name for one in session.scalars(select(OperatorAccount).where(OperatorAccount.id.in_(ids)))}
    return tuple(
        Corrected(
            one.field, json.loads(one.before_text), json.loads(one.after_text), names[one.operator_account_id], one.at
        )
        for one in onboarding.corrections
    )


def _correction(actor: Actor, onboarding: Onboarding, name: str, before: Any, after: Any) -> Correction:
    correction = Correction(
        id=new_id(), onboarding_id=onboarding.id, operator_account_id=actor.account_id, field=name, at=now()
    )
    correction.before_text = json.dumps(before, ensure_ascii=False)
    correction.after_text = json.dumps(after, ensure_ascii=False)
    return correction


def _tell(
    session: Session, actor: Actor, onboarding: Onboarding, kind: str, result: str, link_url: LinkUrl
) -> None:  # fmt: skip
    organisation = require_verified_organisation(session, actor).name
    link = link_url(issue_onboarding_link(session, onboarding))
    text_worker(
        session, onboarding, template="SMS_ONBOARDING_RESULT", organisation=organisation, result=result, link=link
    )
    tell_worker(session, onboarding, organisation, kind)
