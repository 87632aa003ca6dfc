"""What the worker does: agree, fill in, submit, decline (K3); read one's own data later (K7)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.links import revoke_links
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.identity.persons import get_person, require_verified_person
from app.organisations.queries import organisation_name
from app.people.errors import InvitationNameMismatch, NoticeOutdated
from app.people.forms import keep_draft, masked, parse_form, sex_of, typed_part
from app.people.lifecycle import OPEN, Action, Status
from app.people.models import Onboarding
from app.people.notice import Notice, notice_for
from app.people.notices import phone_of, tell_operator
from app.people.queries import check_not_employed, load_onboarding, lock_onboarding
from app.people.service.inviting import promise_expiry
from app.people.service.reviewing import REVIEW_TIME, Corrected, list_corrections
from app.people.trail import note


@dataclass(frozen=True, slots=True)
class OwnOnboarding:
    """All that the worker's page shows. `verified`: what comes from the verification, masked; `form`: as submitted
    and corrected, masked; `draft`: what was typed so far."""

    onboarding: Onboarding
    organisation: str
    notice: Notice
    verified: dict[str, Any]
    form: dict[str, Any]
    draft: dict[str, Any]
    corrections: tuple[Corrected, ...]


def get_own_onboarding(*, actor: Actor, onboarding_id: uuid.UUID) -> OwnOnboarding:
    """Raises OnboardingNotFound, VerificationRequired, InvitationNameMismatch."""
    with reading() as session:
        onboarding = load_onboarding(session, actor, onboarding_id)
        _check_reader(session, actor, onboarding)
        organisation = organisation_name(session, onboarding.organisation_id)
        verified = _verified(session, actor, onboarding)
        corrections = list_corrections(session, onboarding)
    form, notice = onboarding.form, notice_for(organisation)
    draft = onboarding.draft or typed_part(form)
    return OwnOnboarding(onboarding, organisation, notice, verified, masked(form), draft, corrections)


def agree_to_onboarding(*, actor: Actor, onboarding_id: uuid.UUID, notice_sha256: str) -> Onboarding:
    """The employer is the right one, and the notice was read. Binds the verified person; repeating changes nothing.

    Raises OnboardingNotFound, VerificationRequired, InvitationNameMismatch, InvitationOver, NoticeOutdated,
    AlreadyOnRoster, OnboardingActionNotAllowed.
    """
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        _check_reader(session, actor, onboarding)
        if onboarding.status == Status.FILLING:
            return onboarding
        onboarding.apply(Action.AGREE)
        onboarding.check_time()
        notice = notice_for(organisation_name(session, onboarding.organisation_id))
        if notice.sha256 != notice_sha256:
            raise NoticeOutdated
        check_not_employed(session, onboarding, actor.person_id)
        onboarding.person_id, onboarding.agreed_at = actor.person_id, now()
        onboarding.notice_version, onboarding.notice_sha256 = notice.version, notice.sha256
        note(
            session, actor, "onboarding.agreed", onboarding, person_id=actor.person_id,
            notice_version=notice.version, notice_sha256=notice.sha256,
        )  # fmt: skip
        return onboarding


def save_onboarding_draft(*, actor: Actor, onboarding_id: uuid.UUID, typed: Mapping[str, Any]) -> Onboarding:
    """What was typed so far replaces what was typed before. Raises OnboardingActionNotAllowed, InvitationOver."""
    require_verified_person(actor)
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        onboarding.apply(Action.SAVE)
        onboarding.check_time()
        onboarding.set_draft(keep_draft(typed))
        return onboarding


def submit_onboarding(*, actor: Actor, onboarding_id: uuid.UUID, typed: Mapping[str, Any]) -> Onboarding:
    """Everything, for a review. A second tap gets the same answer; the employer is told once (D7).

    Raises InvalidInput naming every wrong field, OnboardingActionNotAllowed, InvitationOver.
    """
    person_id = require_verified_person(actor)
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        form = parse_form(typed, get_person(session, person_id), phone_of(session, onboarding))
        if onboarding.status == Status.REVIEWING and onboarding.form == form:
            return onboarding
        onboarding.apply(Action.SUBMIT)
        onboarding.check_time()
        onboarding.set_form(form)
        onboarding.draft_text = onboarding.reason = None
        onboarding.submitted_at, onboarding.expires_at = now(), now() + REVIEW_TIME
        revoke_links(session, target=("onboarding", onboarding.id))
        promise_expiry(session, onboarding)
        tell_operator(session, onboarding, "onboarding.submitted")
        note(session, actor, "onboarding.submitted", onboarding, form_version=onboarding.form_version)
        return onboarding


def decline_onboarding(*, actor: Actor, onboarding_id: uuid.UUID) -> Onboarding:
    """Not with me: ends the onboarding before it is accepted and deletes what was typed (PIPL 15, 47).

    Nobody has to be verified to say no. Repeating changes nothing. Raises OnboardingActionNotAllowed.
    """
    with transaction() as session:
        onboarding = lock_onboarding(session, actor, onboarding_id)
        if onboarding.status == Status.DECLINED:
            return onboarding
        onboarding.apply(Action.DECLINE)
        revoke_links(session, target=("onboarding", onboarding.id))
        tell_operator(session, onboarding, "onboarding.declined")
        note(session, actor, "onboarding.declined", onboarding)
        return onboarding


def _check_reader(session: Session, actor: Actor, onboarding: Onboarding) -> None:
    """Verified, and under the name that the invitation is addressed to; bound once, a later name closes nothing."""
    person = get_person(session, require_verified_person(actor))
    if onboarding.person_id is None and onboarding.status in OPEN and person.name != onboarding.name:
        raise InvitationNameMismatch


def _verified(session: Session, actor: Actor, onboarding: Onboarding) -> dict[str, Any]:
    person = get_person(session, require_verified_person(actor))
    own = {"name": person.name, "id_type": person.id_type, "id_number": person.id_number}
    return masked(own | {"phone": phone_of(session, onboarding)}) | {"sex": sex_of(person)}
