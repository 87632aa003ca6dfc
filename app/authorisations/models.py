"""Authorisation letters. `Authorisation.apply` is the only place that sets a status."""

import uuid
from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.authorisations.errors import AuthorisationChanged, AuthorisationExpired, AuthorisationOver
from app.authorisations.lifecycle import TRANSITIONS, Action, Status
from app.core.clock import now
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id
from app.identity.models import IdType
from app.identity.persons import Claim

_OPEN = "status IN ('waiting', 'sealing')"


class Authorisation(Base):
    """One letter to one legal representative, with what it says; the root that every change locks first.

    It is signed once, so its id stands for the act too. `content_sha256`: the frozen PDF; `revision_sha256`: the
    signed one. `created_by`: the operator whom it authorises.
    """

    __tablename__ = "authorisation"
    __table_args__ = (
        one_of("status", Status),
        one_of("representative_id_type", IdType),
        UniqueConstraint("intent_id"),
        Index("ix_authorisation_organisation", "organisation_id", "created_at"),
        Index("ix_authorisation_phone", "phone_index"),
        Index("ix_authorisation_representative", "representative_index"),
        Index(
            "uq_authorisation_open", "organisation_id", unique=True, sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation_check.id"))
    status: Mapped[str] = mapped_column(String(12), default=Status.WAITING)
    organisation_name: Mapped[str] = mapped_column(String(100))
    uscc: Mapped[str] = mapped_column(String(18))
    representative_ciphertext: Mapped[bytes | None]
    representative = Sealed("representative_ciphertext")
    representative_id_type: Mapped[str] = mapped_column(String(30))
    representative_id_ciphertext: Mapped[bytes | None]
    representative_id = Sealed("representative_id_ciphertext")
    representative_index: Mapped[str] = mapped_column(String(64))
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    text_sha256: Mapped[str] = mapped_column(String(64))
    picture_sha256: Mapped[str] = mapped_column(String(64))
    place_top: Mapped[float] = mapped_column(Float)  # of the signature, as a fraction of the page
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason_ciphertext: Mapped[bytes | None]
    end_reason = Sealed("end_reason_ciphertext")
    person_id: Mapped[uuid.UUID | None]
    account_id: Mapped[uuid.UUID | None]
    intent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("intent_challenge.id"))
    personal_signature_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("personal_signature.id"))
    acted_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    revision_sha256: Mapped[str | None] = mapped_column(String(64))
    signed_picture_sha256: Mapped[str | None] = mapped_column(String(64))
    certificate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate.id"))
    certificate_fingerprint: Mapped[str | None] = mapped_column(String(64))

    def apply(self, action: Action) -> None:
        """Do what the table allows; anything else is AuthorisationOver."""
        self.require(action)
        self.status = TRANSITIONS[action][1]
        self.updated_at = now()

    def require(self, action: Action) -> None:
        if not self.allows(action):
            raise AuthorisationOver(action=action, status=self.status)

    def allows(self, action: Action) -> bool:
        return self.status in TRANSITIONS[action][0]

    def check_deadline(self) -> None:
        """The deadline counts, whether or not its job has run."""
        if self.deadline_at <= now():
            raise AuthorisationExpired

    def check_content(self, content_sha256: str) -> None:
        """What was shown is what is signed (T-12)."""
        if self.content_sha256 != content_sha256:
            raise AuthorisationChanged

    @property
    def subject(self) -> str:
        """How audit, intent and SMS call this letter."""
        return f"authorisation:{self.id}"

    @property
    def waits(self) -> bool:
        """Whether the representative may still sign."""
        return self.status == Status.WAITING and self.deadline_at > now()

    @property
    def claim(self) -> Claim:
        """Who has to sign."""
        return Claim(self.representative, self.representative_id, IdType(self.representative_id_type))
