"""Security keys (UKey) of operators and regulators, and the challenges that they answer (A10; WebAuthn Level 3)."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import AccountKind
from app.core.db import Base, one_of
from app.core.ids import new_id

KEY_KINDS = (AccountKind.OPERATOR, AccountKind.REGULATOR)


class SecurityKey(Base):
    """One key of one account. `credential_id` is the authenticator's, base64url; `sign_count` only ever grows."""

    __tablename__ = "security_key"
    __table_args__ = (
        one_of("account_kind", KEY_KINDS),
        Index("ix_security_key_account", "account_kind", "account_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class CeremonyPurpose(StrEnum):
    """What a challenge is good for; an answer to one purpose opens nothing else."""

    REGISTRATION = "registration"
    LOGIN = "login"
    PROOF = "proof"


class SecurityKeyCeremony(Base):
    """One challenge: for one purpose and, except at login, one account; one answer, right or wrong, ends it."""

    __tablename__ = "security_key_ceremony"
    __table_args__ = (
        one_of("purpose", CeremonyPurpose),
        one_of("account_kind", KEY_KINDS),
        Index("ix_security_key_ceremony_expires", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(12))
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID | None]
    challenge: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
