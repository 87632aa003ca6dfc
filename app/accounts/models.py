"""Accounts, sessions, one-time codes and links. Secrets are stored as hashes only (T-03, T-05, T-10)."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.actor import ActorKind
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class AccountKind(StrEnum):
    WORKER = "worker"
    OPERATOR = "operator"
    REGULATOR = "regulator"

    @property
    def actor_kind(self) -> ActorKind:
        """Who acts behind such an account."""
        return ActorKind(self.value)


# Whose accounts belong to real persons, verified here, and may have a password.
PERSONAL = (AccountKind.WORKER, AccountKind.OPERATOR)


class Language(StrEnum):
    ZH_CN = "zh-CN"
    EN = "en"


class FontScale(StrEnum):
    """Size of text relative to normal (M5)."""

    NORMAL = "1"
    LARGE = "1.25"
    LARGER = "1.5"


class WorkerAccount(Base):
    """A worker's login, found by phone. `person_id` names the verified person; a person has at most one."""

    __tablename__ = "worker_account"
    __table_args__ = (one_of("language", Language), one_of("font_scale", FontScale))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(String(10), default=Language.ZH_CN)
    font_scale: Mapped[str] = mapped_column(String(5), default=FontScale.NORMAL)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    def close(self, at: datetime) -> None:
        """Another account of the same person goes on (A1); the row stays for what refers to it."""
        self.closed_at, self.phone, self.phone_index = at, None, f"closed:{self.id}"


class OperatorAccount(Base):
    """An operator's login. One login, several organisations (A9); the name is the verified one."""

    __tablename__ = "operator_account"
    __table_args__ = (one_of("language", Language),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    language: Mapped[str] = mapped_column(String(10), default=Language.ZH_CN)
    created_at: Mapped[datetime]


class RegulatorAccount(Base):
    """Somebody at the regulator's desk. Made by a command, never by registering; closed when the office ends."""

    __tablename__ = "regulator_account"
    __table_args__ = (one_of("language", Language),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    language: Mapped[str] = mapped_column(String(10), default=Language.ZH_CN)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class AccountSession(Base):
    """One logged-in device. The token's SHA-256 is kept; the CSRF token is derived from the token itself."""

    __tablename__ = "account_session"
    __table_args__ = (
        one_of("account_kind", AccountKind),
        Index("ix_account_session_account", "account_kind", "account_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(String(20))
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AccountPassword(Base):
    """The password of an account that has set one (A2): an argon2id hash with its own parameters and salt."""

    __tablename__ = "account_password"
    __table_args__ = (one_of("account_kind", PERSONAL), UniqueConstraint("account_kind", "account_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    password_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]


class PasswordGuard(Base):
    """Wrong passwords of one phone ("worker:<index>") or one address ("ip:…"), known account or not (T-03, T-27)."""

    __tablename__ = "password_guard"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    wrong: Mapped[int]
    since: Mapped[datetime]


class CodePurpose(StrEnum):
    """What a code is good for; a code of one purpose opens nothing else (T-03)."""

    LOGIN = "login"
    REGISTRATION = "registration"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # pragma: allowlist secret
    PASSWORD = "password"  # noqa: S105  # pragma: allowlist secret
    SECURITY_KEY = "security_key"
    VERIFICATION = "verification"
    INTENT = "intent"
    OLD_PHONE = "old_phone"
    NEW_PHONE = "new_phone"
    CERTIFICATE = "certificate"


class OneTimeCode(Base):
    """A 6-digit code sent by SMS. Live while `used_at` and `voided_at` are empty: one per purpose, phone, subject.

    `ip`: the network that is counted (`app.accounts.pacing.network_of`).
    """

    __tablename__ = "one_time_code"
    __table_args__ = (
        one_of("purpose", CodePurpose),
        Index(
            "uq_one_time_code_live",
            "phone_index",
            "purpose",
            "subject",
            unique=True,
            sqlite_where=text("used_at IS NULL AND voided_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND voided_at IS NULL"),
        ),
        Index("ix_one_time_code_phone", "phone_index", "created_at"),
        Index("ix_one_time_code_ip", "ip", "created_at"),
        Index("ix_one_time_code_created", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(20))
    phone_index: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(80))
    code_hmac: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    ip: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class SmsQuota(Base):
    """Nothing but a row to lock: counting the codes of one phone or one address happens one at a time (T-02)."""

    __tablename__ = "sms_quota"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)


class LinkPurpose(StrEnum):
    CONTRACT = "contract"
    ONBOARDING = "onboarding"
    AUTHORISATION = "authorisation"


class SmsLink(Base):
    """A link sent by SMS: opens one thing, for the owner of one phone, until it expires or is revoked (A7)."""

    __tablename__ = "sms_link"
    __table_args__ = (
        one_of("purpose", LinkPurpose),
        Index("ix_sms_link_target", "target_kind", "target_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    target_kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[uuid.UUID]
    phone_index: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
