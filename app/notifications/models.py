"""Short messages on their way, and the message centre."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class SmsStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"  # the vendor did not answer: never sent again by itself
    FAILED = "failed"


class SmsMessage(Base):
    """One message to one phone. Parameters are encrypted, and wiped once it is sent or given up."""

    __tablename__ = "sms_message"
    __table_args__ = (one_of("status", SmsStatus), Index("ix_sms_message_subject", "subject", "created_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    subject: Mapped[str | None] = mapped_column(String(80))
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    template: Mapped[str] = mapped_column(String(40))
    params_ciphertext: Mapped[bytes | None]
    params = Sealed("params_ciphertext")
    status: Mapped[str] = mapped_column(String(10), default=SmsStatus.QUEUED)
    provider: Mapped[str | None] = mapped_column(String(40))
    provider_ref: Mapped[str | None] = mapped_column(String(120), index=True)
    error: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]

    def mark_sent(self, provider: str, provider_ref: str, at: datetime) -> None:
        self.status, self.provider, self.provider_ref, self.sent_at = SmsStatus.SENT, provider, provider_ref, at
        self.params = None  # a code must not outlive its sending

    def note_receipt(self, delivered: bool, at: datetime) -> None:
        if delivered:
            self.delivered_at = self.delivered_at or at
        elif self.delivered_at is None:
            self.error = "undelivered"

    def mark_failed(self, status: SmsStatus, error: str) -> None:
        self.status, self.error = status, error
        self.params = None  # it is never sent again


class Message(Base):
    """One entry in somebody's message centre (D7)."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_inbox", "account_kind", "account_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(500))
    target_kind: Mapped[str | None] = mapped_column(String(20))
    target_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class MessageGrant(Base):
    """How many messages of one template a user of a mini-program allows: each yes is one; `lasting`: until taken back.

    `binding_id`: the account's identity on that platform; this package knows no more of it.
    """

    __tablename__ = "message_grant"
    __table_args__ = (UniqueConstraint("binding_id", "template"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    binding_id: Mapped[uuid.UUID]
    template: Mapped[str] = mapped_column(String(40))
    remaining: Mapped[int] = mapped_column(default=0)
    lasting: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class MiniMessage(Base):
    """One message inside a mini-program's platform, beside the SMS. Its texts are wiped once it is sent."""

    __tablename__ = "mini_message"
    __table_args__ = (one_of("status", SmsStatus), Index("ix_mini_message_binding", "binding_id", "status"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    binding_id: Mapped[uuid.UUID]
    platform: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40))
    subject_ciphertext: Mapped[bytes | None]
    subject = Sealed("subject_ciphertext")
    data_ciphertext: Mapped[bytes | None]
    data = Sealed("data_ciphertext")
    page: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10), default=SmsStatus.QUEUED)
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def end(self, status: SmsStatus, at: datetime, error: str | None = None) -> None:
        self.status, self.ended_at, self.error = status, at, error
        self.subject = self.data = None
