"""Organisation seals and personal signatures, as drawn. Keys and certificates live in `app.signing`."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class SealKind(StrEnum):
    CONTRACT = "contract"  # 合同专用章


class Seal(Base):
    """A round seal of an organisation (E1). What it says never changes: another name is another seal."""

    __tablename__ = "seal"
    __table_args__ = (
        one_of("kind", SealKind),
        Index("ix_seal_organisation", "organisation_id", "created_at"),
        Index(
            "uq_seal_default",
            "organisation_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    purpose_line: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    svg: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    def revoke(self, at: datetime) -> None:
        self.revoked_at, self.is_default = at, False


class PersonalSignature(Base):
    """A person's handwriting with its strokes as evidence (E3). One is current until `replaced_at`."""

    __tablename__ = "personal_signature"
    __table_args__ = (
        Index(
            "uq_personal_signature_current",
            "person_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    ink_ciphertext: Mapped[bytes | None]
    ink_text = Sealed("ink_ciphertext")
    svg_ciphertext: Mapped[bytes | None]
    svg = Sealed("svg_ciphertext")
    sha256: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
