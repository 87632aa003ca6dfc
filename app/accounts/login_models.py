"""Logins that begin on one screen and end on another, and the outside identities of an account (A4–A6).

Tickets, scan tokens and states are stored as hashes only; what must be sent again is sealed.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import PERSONAL
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class QrStatus(StrEnum):
    WAITING = "waiting"
    SCANNED = "scanned"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    USED = "used"


class QrLogin(Base):
    """A login asked for by a PC (which keeps the ticket), to be confirmed by a phone (which reads the scan token)."""

    __tablename__ = "qr_login"
    __table_args__ = (
        one_of("account_kind", PERSONAL),
        one_of("status", QrStatus),
        Index("ix_qr_login_ip", "ip", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    ticket_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scan_hash: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(10), default=QrStatus.WAITING)
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[uuid.UUID | None]
    scanned_in: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    def scan(self, account_id: uuid.UUID, session_id: uuid.UUID) -> None:
        """The first to scan it is the only one who may decide."""
        self.status, self.account_id, self.scanned_in = QrStatus.SCANNED, account_id, session_id

    def decide(self, status: QrStatus, at: datetime) -> None:
        self.status, self.decided_at = status, at

    def use(self) -> None:
        self.status = QrStatus.USED


class BindingKind(StrEnum):
    WEIXIN = "weixin"
    ALIPAY = "alipay"
    GOV = "gov"
    SOCIAL_CARD = "social_card"


class AccountBinding(Base):
    """An outside identity of one worker's account: one worker per identity, one identity per kind and worker (A6)."""

    __tablename__ = "account_binding"
    __table_args__ = (
        one_of("kind", BindingKind),
        Index(
            "uq_account_binding_subject",
            "kind",
            "app_id",
            "subject_index",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_account_binding_account",
            "account_id",
            "kind",
            "app_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(20))
    app_id: Mapped[str] = mapped_column(String(64))
    subject_index: Mapped[str] = mapped_column(String(64))
    subject_ciphertext: Mapped[bytes | None]
    subject = Sealed("subject_ciphertext")
    # The platform's proof of the phone may have been an old one; good enough until a person stands behind the account.
    uncertain: Mapped[bool] = mapped_column(default=False)
    bound_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ExternalStatus(StrEnum):
    WAITING = "waiting"  # for the person at the identity provider
    EXCHANGING = "exchanging"  # the state is spent, the provider is being asked
    ASKING = "asking"  # proven on a phone; the person is asked whether the PC may log in
    PROVEN = "proven"
    REFUSED = "refused"
    USED = "used"


class ExternalLogin(Base):
    """One login by an outside identity, from its start to the session. Whoever holds the ticket may end it."""

    __tablename__ = "external_login"
    __table_args__ = (
        one_of("kind", BindingKind),
        one_of("status", ExternalStatus),
        Index("ix_external_login_ip", "ip", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    app_id: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(12))
    ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    state_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    nonce_ciphertext: Mapped[bytes | None]
    nonce = Sealed("nonce_ciphertext")
    verifier_ciphertext: Mapped[bytes | None]
    verifier = Sealed("verifier_ciphertext")
    subject_index: Mapped[str | None] = mapped_column(String(64))
    subject_ciphertext: Mapped[bytes | None]
    subject = Sealed("subject_ciphertext")
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    def spend_state(self) -> None:
        self.status = ExternalStatus.EXCHANGING

    def note_identity(self, status: ExternalStatus, subject: str, subject_index: str, phone: str) -> None:
        """The provider has told who it is; its secrets are of no more use."""
        self.status, self.subject, self.subject_index, self.phone = status, subject, subject_index, phone
        self.nonce = self.verifier = None

    def note_decision(self, status: ExternalStatus) -> None:
        self.status = status

    def close(self, status: ExternalStatus) -> None:
        """Used or refused: what was learned is in the binding, or of no more use (PIPL 19)."""
        self.status = status
        self.nonce = self.verifier = self.subject = self.phone = None


class ReceivedEvent(Base):
    """One event that a platform pushed to us, kept so that a repetition changes nothing. Whose it is, is wiped."""

    __tablename__ = "platform_event"
    __table_args__ = (UniqueConstraint("platform", "event_key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    platform: Mapped[str] = mapped_column(String(20))
    app_id: Mapped[str] = mapped_column(String(64))
    event_key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(30))
    subject_ciphertext: Mapped[bytes | None]
    subject = Sealed("subject_ciphertext")
    templates: Mapped[list[Any]]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]

    def finish(self, at: datetime) -> None:
        self.handled_at, self.subject = at, None


class FormerPhone(Base):
    """A number that an account had until it changed: what was sent to it before stays this account's."""

    __tablename__ = "former_phone"
    __table_args__ = (UniqueConstraint("account_id", "phone_index", "until"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[uuid.UUID]
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    until: Mapped[datetime]
