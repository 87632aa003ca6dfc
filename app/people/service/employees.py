"""What the employer does with people on the roster: the department, whom to address a contract to (K5, G3)."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.db import transaction
from app.organisations.permissions import Permission
from app.people.errors import NotOnRoster
from app.people.lifecycle import Status
from app.people.locked_tree import hold_department
from app.people.models import Onboarding
from app.people.notices import phone_of
from app.people.queries import lock_onboarding
from app.people.trail import note


@dataclass(frozen=True, slots=True)
class Contact:
    """Whole: the name, and the phone that the person has now (11 digits)."""

    name: str
    phone: str


def assign_department(*, actor: Actor, onboarding_id: uuid.UUID, department_id: uuid.UUID | None) -> Onboarding:
    """Put an employee into a department, or out of all. The list's order stays.

    Raises OnboardingNotFound, DepartmentNotFound, NotOnRoster.
    """
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        hold_department(session, actor, department_id)
        onboarding = _lock_employee(session, actor, onboarding_id)
        before = onboarding.department_id
        if before == department_id:
            return onboarding
        onboarding.department_id = department_id
        note(session, actor, "onboarding.department_changed", onboarding, before=before, after=department_id)
        return onboarding


def read_contact(*, actor: Actor, onboarding_id: uuid.UUID) -> Contact:
    """For a contract's draft; every look is in the log (T-25). Raises OnboardingNotFound, NotOnRoster."""
    actor.require(Permission.MANAGE_PEOPLE)
    with transaction() as session:
        onboarding = _lock_employee(session, actor, onboarding_id)
        note(session, actor, "onboarding.contact_read", onboarding)
        return Contact(onboarding.name, phone_of(session, onboarding))


def _lock_employee(session: Session, actor: Actor, onboarding_id: uuid.UUID) -> Onboarding:
    onboarding = lock_onboarding(session, actor, onboarding_id)
    if onboarding.status != Status.ACCEPTED:
        raise NotOnRoster
    return onboarding
