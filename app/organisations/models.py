"""Employing organisations, their members, and the attempts to verify them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.checks import CheckResult
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class OrganisationKind(StrEnum):
    ENTERPRISE = "enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"  # 个体工商户
    OTHER = "other"


class OrganisationStatus(StrEnum):
    UNVERIFIED = "unverified"
    VERIFIED = "verified"


class Organisation(Base):
    """A tenant. At most one verified tenant per unified social credit code (T-29)."""

    __tablename__ = "organisation"
    __table_args__ = (
        one_of("kind", OrganisationKind),
        one_of("status", OrganisationStatus),
        Index(
            "uq_organisation_verified_uscc",
            "uscc",
            unique=True,
            sqlite_where=text("status = 'verified'"),
            postgresql_where=text("status = 'verified'"),
        ),
        Index("ix_organisation_uscc", "uscc"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100))
    uscc: Mapped[str] = mapped_column(String(18))
    kind: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(String(200))
    legal_representative_ciphertext: Mapped[bytes | None]
    legal_representative = Sealed("legal_representative_ciphertext")
    legal_representative_id_ciphertext: Mapped[bytes | None]
    legal_representative_id = Sealed("legal_representative_id_ciphertext")
    legal_representative_id_type: Mapped[str | None] = mapped_column(String(30))
    authorisation_id: Mapped[uuid.UUID | None]  # the letter under way: what it says stays until it has an end
    licence_sha256: Mapped[str | None] = mapped_column(String(64))
    licence_media_type: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12), default=OrganisationStatus.UNVERIFIED)
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operator_account.id"))
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    created_at: Mapped[datetime]

    @property
    def is_verified(self) -> bool:
        return self.status == OrganisationStatus.VERIFIED

    def mark_verified(self, by: uuid.UUID | None, at: datetime) -> None:
        self.status, self.verified_by, self.verified_at = OrganisationStatus.VERIFIED, by, at


class Role(StrEnum):
    SUPER_ADMINISTRATOR = "super_administrator"
    OPERATOR = "operator"


class Member(Base):
    """An operator's place in an organisation, until removed."""

    __tablename__ = "member"
    __table_args__ = (one_of("role", Role), UniqueConstraint("operator_account_id", "organisation_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    operator_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    role: Mapped[str] = mapped_column(String(20))
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class OrganisationCheck(Base):
    """One question to the business registry and its answer: evidence, and what the limits count (C1, C2)."""

    __tablename__ = "organisation_check"
    __table_args__ = (Index("ix_organisation_check_organisation", "organisation_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    operator_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    uscc: Mapped[str] = mapped_column(String(18))
    licence_sha256: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str | None] = mapped_column(String(20))
    provider: Mapped[str | None] = mapped_column(String(40))
    provider_code: Mapped[str | None] = mapped_column(String(120))
    request_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    def answer(self, result: CheckResult, at: datetime) -> None:
        self.outcome, self.provider, self.answered_at = result.outcome, result.provider, at
        self.provider_code, self.request_id = result.provider_code[:120], result.request_id[:120]
