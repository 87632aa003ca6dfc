"""Onboardings and corrections, encrypted where personal. Only `Onboarding.apply` sets a status."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id
from app.people.errors import InvitationOver, OnboardingActionNotAllowed, OnboardingChanged
from app.people.lifecycle import FINAL, TRANSITIONS, Action, Status

_OPEN_PHONE = text("status IN ('invited', 'filling', 'reviewing', 'rejected')")


class Onboarding(Base):
    """One invitation of one person by one organisation, up to the accepted form; the root that every change locks.

    `name`, `phone`: as the employer typed them. `person_id`: bound when the worker agrees. `department_id`: an
    employee's, once put into one. `expires_at`: until when whoever's turn it is may act. `form_version`: grows with
    every submission and correction. `notice_*`: what was agreed to. What the worker typed goes at an unhappy end, name
    and phone some time after it (PIPL 19, 47).
    """

    __tablename__ = "onboarding"
    __table_args__ = (
        one_of("status", Status),
        Index("ix_onboarding_list", "organisation_id", "updated_at", "id"),
        Index("ix_onboarding_phone", "phone_index"),
        Index("ix_onboarding_person", "person_id"),
        Index("ix_onboarding_department", "department_id"),
        Index("ix_onboarding_wipe", "status", "ended_at"),
        Index(
            "uq_onboarding_open", "organisation_id", "phone_index", unique=True,
            sqlite_where=_OPEN_PHONE, postgresql_where=_OPEN_PHONE,
        ),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    status: Mapped[str] = mapped_column(String(12), default=Status.INVITED)
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    name_index: Mapped[str | None] = mapped_column(String(64))
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("department.id"))
    draft_ciphertext: Mapped[bytes | None]
    draft_text = Sealed("draft_ciphertext")
    form_ciphertext: Mapped[bytes | None]
    form_text = Sealed("form_ciphertext")
    form_version: Mapped[int] = mapped_column(default=0)
    reason_ciphertext: Mapped[bytes | None]
    reason = Sealed("reason_ciphertext")
    notice_version: Mapped[str | None] = mapped_column(String(20))
    notice_sha256: Mapped[str | None] = mapped_column(String(64))
    agreed_at: Mapped[datetime | None]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wiped_at: Mapped[datetime | None]

    corrections: Mapped[list["Correction"]] = relationship(
        order_by="Correction.at", lazy="raise", cascade="all, delete-orphan"
    )

    def apply(self, action: Action) -> None:
        """Do what the table allows; anything else is OnboardingActionNotAllowed. An unhappy end forgets the forms."""
        if not self.allows(action):
            raise OnboardingActionNotAllowed(action=action, status=self.status)
        self.status = TRANSITIONS[action][1]
        self.updated_at = now()
        if self.status in FINAL:
            self.ended_at = self.updated_at
        if self.status in FINAL - {Status.ACCEPTED}:
            self.draft_text = self.form_text = self.reason = None
            self.corrections.clear()

    def allows(self, action: Action) -> bool:
        return self.status in TRANSITIONS[action][0]

    def check_time(self) -> None:
        """The deadline counts, whether or not its job has run."""
        if self.expires_at <= now():
            raise InvitationOver

    def check_version(self, form_version: int) -> None:
        """What was looked at is what is decided on."""
        if self.form_version != form_version:
            raise OnboardingChanged

    def forget_person(self) -> None:
        """Whom it was about, once nobody may ask any more."""
        self.name = self.phone = None
        self.name_index = self.phone_index = self.person_id = None
        self.wiped_at = now()

    @property
    def subject(self) -> str:
        """How audit, SMS and links call this onboarding."""
        return f"onboarding:{self.id}"

    @property
    def form(self) -> dict[str, Any]:
        """As submitted and corrected, the verified person included; see `app.people.forms`."""
        return _loaded(self.form_text)

    @property
    def draft(self) -> dict[str, Any]:
        """What was typed and not yet submitted."""
        return _loaded(self.draft_text)

    def set_form(self, form: Mapping[str, Any]) -> None:
        self.form_text = json.dumps(form, ensure_ascii=False, sort_keys=True)
        self.form_version += 1

    def set_draft(self, draft: Mapping[str, Any]) -> None:
        self.draft_text = json.dumps(draft, ensure_ascii=False, sort_keys=True)


class Correction(Base):
    """One field that an operator corrected in a review: who, when, from what to what (K4). `before`, `after`: JSON."""

    __tablename__ = "onboarding_correction"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    onboarding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("onboarding.id", ondelete="CASCADE"), index=True)
    operator_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    field: Mapped[str] = mapped_column(String(30))
    before_ciphertext: Mapped[bytes | None]
    before_text = Sealed("before_ciphertext")
    after_ciphertext: Mapped[bytes | None]
    after_text = Sealed("after_ciphertext")
    at: Mapped[datetime]


def _loaded(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(text or "{}")
    return loaded
