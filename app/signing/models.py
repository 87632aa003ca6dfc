"""Will and certificates: what proves that a party wanted this signature, and that it is that party's."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, one_of
from app.core.ids import new_id


class IntentMethod(StrEnum):
    """How a party proves will (B6)."""

    SMS = "sms"
    FACE = "face"
    PIN = "pin"


class IntentPurpose(StrEnum):
    SIGN = "sign"
    SEAL = "seal"
    DOWNLOAD = "download"
    OPEN = "open"


class IntentStatus(StrEnum):
    WAITING = "waiting"
    PROVED = "proved"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    USED = "used"


class IntentChallenge(Base):
    """Proof of will (意愿认证): bound to person, purpose, subject and document hash; one use; expires (T-08)."""

    __tablename__ = "intent_challenge"
    __table_args__ = (one_of("method", IntentMethod), one_of("purpose", IntentPurpose))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID]
    purpose: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(10))
    face_check_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(String(20))
    used_at: Mapped[datetime | None]
    used_in: Mapped[uuid.UUID | None]

    def outcome(self, moment: datetime) -> IntentStatus:
        """What people see of it at `moment`."""
        if self.used_at:
            return IntentStatus.USED
        if self.refused_at:
            return IntentStatus(self.refusal or IntentStatus.FAILED)
        if self.expires_at <= moment:
            return IntentStatus.EXPIRED
        return IntentStatus.PROVED if self.proved_at else IntentStatus.WAITING


class HolderKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Certificate(Base):
    """A certificate issued to a party, and the reference of its key while the key exists.

    A person's is made for one act, after which the key is destroyed and the reference emptied; or it is the person's
    own (`PersonalCertificate`). An organisation's belongs to one seal and is kept.
    """

    __tablename__ = "certificate"
    __table_args__ = (one_of("holder_kind", HolderKind), Index("ix_certificate_holder", "holder_kind", "holder_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    holder_kind: Mapped[str] = mapped_column(String(20))
    holder_id: Mapped[uuid.UUID]
    purpose_key: Mapped[str] = mapped_column(String(80), unique=True)
    algorithm: Mapped[str] = mapped_column(String(10))
    key_reference: Mapped[str | None] = mapped_column(Text)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    not_after: Mapped[datetime]
    issued_at: Mapped[datetime]
    key_destroyed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PersonalCertificate(Base):
    """A person's own certificate and the PIN that guards it (E6): the root that every change of either locks first.

    `certificate_id`: the present one, if there is one; `order_id`: of one that was asked for and is not there yet.
    `wrong`: tries in a row that counted against the PIN. The row stays when a certificate is revoked.
    """

    __tablename__ = "personal_certificate"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    pin_set_at: Mapped[datetime]
    wrong: Mapped[int] = mapped_column(default=0)
    certificate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate.id"))
    order_id: Mapped[uuid.UUID | None]
