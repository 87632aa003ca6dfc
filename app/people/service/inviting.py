"""Inviting one person by SMS, sending the link again, withdrawing (K2)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.links import revoke_links
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.core.text import normalise_name, normalise_phone
from app.jobs.service import enqueue
from app.notifications.queries import SmsView, list_sms
from app.notifications.reminding import TooSoonToRemind, next_reminder
from app.organisations.permissions import Permission
from app.organisations.queries import find_entered
from app.organisations.service import require_verified_organisation
from app.people.errors import AlreadyInvited, AlreadyOnRoster, NobodyToInvite
from app.people.lifecycle import OPEN, WAITING_FOR_WORKER, Action, Status
from app.people.models import Onboarding
from app.people.notices import issue_onboarding_link, tell_worker, text_worker
from app.people.queries import load_onboarding, lock_onboarding
from app.people.trail import note

LONGEST_DAYS = 30
_DAY = timedelta(days=1)
LinkUrl = Callable[[str], str]


def invite_worker(*, actor: Actor, name: str, phone: str, days: int, link_url: LinkUrl) -> Onboarding:
    """Ask one person for their data, by SMS with a link that is good for `days` days (1 to 30).

    Raises InvalidInput, AlreadyInvited, AlreadyOnRoster, TooSoonToRemind (this phone had a link a moment ago).
    """
    actor.require(Permission.MANAGE_PEOPLE)
    clean_name, clean_phone = _checked(name, phone, days)
    with transaction() as session:
        organisation = require_verified_organisation(session, actor)
        find_entered(session, actor, lock=True)  # two colleagues invite the same person once
        onboarding = _new(actor, organisation.id, clean_name, clean_phone, now() + timedelta(days=days))
        _check_new(session, onboarding)
        session.add(onboarding)
        session.flush()
        _send_link(session, onboarding, organisation.name, link_url)
        tell_worker(session, onboarding, organisation.name, "onboarding.invited")
        promise_expiry(session, onboarding)
        note(session, actor, "onboarding.invited", onboarding, days=days)
        return onboarding


def resend_invitation(*, actor: Actor, onboarding_id: uuid.UUID, link_url: LinkUrl) -> Onboarding:
    """A new link by SMS; the old one dies. Raises NobodyToInvite, TooSoonToRemind."""
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        organisation = require_verified_organisation(session, actor)
        next_at = _resend_at(session, onboarding)
        if next_at is None:
            raise NobodyToInvite
        if next_at > now():
            raise TooSoonToRemind(next_at=next_at)
        _send_link(session, onboarding, organisation.name, link_url)
        note(session, actor, "onboarding.link_resent", onboarding)
        return onboarding


def withdraw_invitation(*, actor: Actor, onboarding_id: uuid.UUID) -> Onboarding:
    """End an onboarding that is under way; what the worker typed is deleted. Against a submission, the row decides."""
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        organisation = require_verified_organisation(session, actor)
        if onboarding.status == Status.WITHDRAWN:
            return onboarding
        had_begun = onboarding.status != Status.INVITED
        onboarding.apply(Action.WITHDRAW)
        revoke_links(session, target=("onboarding", onboarding.id))
        if had_begun:  # others need not be bothered with a second SMS
            text_worker(
                session, onboarding, template="SMS_ONBOARDING_ENDED", organisation=organisation.name, result="已撤回"
            )
        tell_worker(session, onboarding, organisation.name, "onboarding.withdrawn")
        note(session, actor, "onboarding.withdrawn", onboarding)
        return onboarding


@dataclass(frozen=True, slots=True)
class Reminding:
    """`last_sms`: to the worker, whatever it said. `resend_at`: None while there is nothing for the worker to do."""

    last_sms: SmsView | None
    resend_at: datetime | None

    @property
    def may_resend(self) -> bool:
        return self.resend_at is not None and self.resend_at <= now()


def get_reminding(*, actor: Actor, onboarding_id: uuid.UUID) -> Reminding:
    """How the last SMS arrived, and from when the link may be sent again. Raises OnboardingNotFound."""
    actor.require(Permission.MANAGE_PEOPLE)
    with reading() as session:
        onboarding = load_onboarding(session, actor, onboarding_id)
        sent = list_sms(session, onboarding.subject)
        return Reminding(sent[0] if sent else None, _resend_at(session, onboarding))


def promise_expiry(session: Session, onboarding: Onboarding) -> None:
    """The job for the deadline that holds now; one for an earlier deadline finds that it moved."""
    key = f"onboarding-expiry:{onboarding.id}:{onboarding.expires_at.isoformat()}"
    run_at, key_id = onboarding.expires_at, str(onboarding.id)
    enqueue(session, "people.expire_onboarding", key=key, run_at=run_at, onboarding_id=key_id)


def _checked(name: str, phone: str, days: int) -> tuple[str, str]:
    clean, wrong = ["", ""], dict[str, list[str]]()
    for place, (check, value) in enumerate(((normalise_name, name), (normalise_phone, phone))):
        try:
            clean[place] = check(value)
        except InvalidInput as error:
            wrong |= error.fields
    if not 1 <= days <= LONGEST_DAYS:
        wrong["days"] = ["有效期为 1 至 30 天。"]
    if wrong:
        raise InvalidInput(fields=wrong)
    return clean[0], clean[1]


def _new(actor: Actor, organisation_id: uuid.UUID, name: str, phone: str, expires_at: datetime) -> Onboarding:
    moment = now()
    onboarding = Onboarding(
        id=new_id(), organisation_id=organisation_id, created_by=actor.account_id, status=Status.INVITED,
        name_index=blind_index(name, purpose="party.name"), phone_index=blind_index(phone, purpose="phone"),
        invited_at=moment, updated_at=moment, expires_at=expires_at, form_version=0, corrections=[],
    )  # fmt: skip
    onboarding.name, onboarding.phone = name, phone
    return onboarding


def _check_new(session: Session, new: Onboarding) -> None:
    """Of this phone here: none is under way, none is on the roster under this name, and no SMS was sent just now."""
    same = (Onboarding.organisation_id == new.organisation_id) & (Onboarding.phone_index == new.phone_index)
    found = session.scalars(select(Onboarding).where(same)).all()
    if any(one.status in OPEN for one in found):
        raise AlreadyInvited
    if any(one.status == Status.ACCEPTED and one.name_index == new.name_index for one in found):
        raise AlreadyOnRoster
    recent = [one for one in found if one.invited_at > now() - _DAY]
    times = [sms.created_at for one in recent for sms in list_sms(session, one.subject)]
    next_at = next_reminder(sorted(times, reverse=True)) if times else now()
    if next_at > now():
        raise TooSoonToRemind(next_at=next_at)


def _resend_at(session: Session, onboarding: Onboarding) -> datetime | None:
    if onboarding.status not in WAITING_FOR_WORKER or onboarding.expires_at <= now():
        return None
    return next_reminder([sms.created_at for sms in list_sms(session, onboarding.subject)] or [onboarding.invited_at])


def _send_link(session: Session, onboarding: Onboarding, organisation: str, link_url: LinkUrl) -> None:
    link = link_url(issue_onboarding_link(session, onboarding))
    text_worker(session, onboarding, template="SMS_ONBOARDING_LINK", organisation=organisation, link=link)
