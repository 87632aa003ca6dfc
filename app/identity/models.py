"""Persons, consents, verifications and face checks. What is personal is encrypted; faces are never stored (B8)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import PERSONAL
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class IdType(StrEnum):
    """The document that proves who one is."""

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    PASSPORT = "passport"
    FOREIGN_PERMANENT_RESIDENT_ID = "foreign_permanent_resident_id"  # 外国人永久居留身份证


class Method(StrEnum):
    """How a person was verified (B2)."""

    PHONE = "phone"
    BANK = "bank"
    FACE = "face"
    MANUAL = "manual"


class Person(Base):
    """A real person, verified against an authority. Shared by that person's worker and operator accounts."""

    __tablename__ = "person"
    __table_args__ = (one_of("id_type", IdType), one_of("method", Method))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    id_number_ciphertext: Mapped[bytes | None]
    id_number = Sealed("id_number_ciphertext")
    id_number_index: Mapped[str] = mapped_column(String(64), unique=True)
    id_type: Mapped[str] = mapped_column(String(30), default=IdType.RESIDENT_ID)
    method: Mapped[str] = mapped_column(String(10))
    verified_at: Mapped[datetime]


class ConsentKind(StrEnum):
    USER_AGREEMENT = "user_agreement"
    PRIVACY_POLICY = "privacy_policy"
    VERIFICATION_CONSENT = "verification_consent"
    FACE_CONSENT = "face_consent"
    ESIGN_CONSENT = "esign_consent"
    CERTIFICATE_AGREEMENT = "certificate_agreement"


class Consent(Base):
    """One person's yes to one version of one text, until withdrawn (B1; PIPL 14-16, 29)."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("account_kind", PERSONAL),
        one_of("kind", ConsentKind),
        Index(
            "uq_consent_in_force",
            "account_kind",
            "account_id",
            "kind",
            "version",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(30))
    version: Mapped[str] = mapped_column(String(20))
    text_sha256: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(20))
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))


class VerificationStatus(StrEnum):
    CHECKING = "checking"  # the authority is being asked
    CODE_SENT = "code_sent"
    WAITING = "waiting"  # for the person in front of the camera
    REVIEWING = "reviewing"  # by the regulator's desk
    VERIFIED = "verified"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Verification(Base):
    """One attempt of one account to prove who is behind it: evidence of method, provider and outcome (54号 art. 7).

    What was typed in is wiped as soon as the attempt has an end; a person's is kept in `person`. A card number is
    never stored at all. `bank_phone`: the one reserved at the bank, to which the code goes. `nationality`: as written
    in the application for a review (ISO 3166-1 alpha-3). `review_reason`: a reviewer's own words.
    """

    __tablename__ = "verification"
    __table_args__ = (
        one_of("account_kind", PERSONAL),
        one_of("method", Method),
        one_of("id_type", IdType),
        one_of("status", VerificationStatus),
        Index("ix_verification_account", "account_kind", "account_id", "created_at"),
        Index("ix_verification_review", "method", "status", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    method: Mapped[str] = mapped_column(String(10))
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    id_type: Mapped[str] = mapped_column(String(30), default=IdType.RESIDENT_ID)
    id_number_ciphertext: Mapped[bytes | None]
    id_number = Sealed("id_number_ciphertext")
    bank_phone_ciphertext: Mapped[bytes | None]
    bank_phone = Sealed("bank_phone_ciphertext")
    nationality: Mapped[str | None] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(20))
    provider: Mapped[str | None] = mapped_column(String(40))
    provider_code: Mapped[str | None] = mapped_column(String(120))
    request_id: Mapped[str | None] = mapped_column(String(120))
    face_check_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("face_check.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[uuid.UUID | None]
    review_reason_ciphertext: Mapped[bytes | None]
    review_reason = Sealed("review_reason_ciphertext")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def end(self, status: VerificationStatus, at: datetime) -> None:
        """Reach a final status; what was typed in is no longer needed (PIPL 19)."""
        self.status, self.ended_at = status, at
        self.name = self.id_number = self.bank_phone = None

    def mark_code_sent(self) -> None:
        self.status = VerificationStatus.CODE_SENT


class VerificationDocument(Base):
    """A picture of a document, for a review (B4). The file goes some time after the decision, its hash stays."""

    __tablename__ = "verification_document"
    __table_args__ = (
        one_of("account_kind", PERSONAL),
        Index("ix_verification_document_account", "account_kind", "account_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID]
    verification_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("verification.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class FacePurpose(StrEnum):
    REAL_NAME = "real_name"
    INTENT = "intent"
    LOGIN = "login"
    DOWNLOAD = "download"
    OPEN = "open"
    SEAL_AUTHORISATION = "seal_authorisation"
    HAND_OVER = "hand_over"
    PHONE_CHANGE = "phone_change"
    CERTIFICATE = "certificate"


class FaceStatus(StrEnum):
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"  # the vendor could not even start it


class FaceCheck(Base):
    """One face check, bound to account, person, purpose, subject and the subject's hash; one use; expires (T-07, T-08).

    We send the name and ID number, so the vendor's verdict is about that very person; they are kept until it is there.
    `vendor`: our name of the one that was asked, such as "alipay". `elsewhere`: opened on another device than the one
    that asked; `taken_by`: hash of the secret of the browser that went on with it there. `title`, `ip`, `device`: what
    it is about and from where it was asked. `used_in`: the session that spent it. A login's check has no account yet.
    """

    __tablename__ = "face_check"
    __table_args__ = (
        one_of("account_kind", PERSONAL),
        one_of("purpose", FacePurpose),
        one_of("status", FaceStatus),
        Index("ix_face_check_account", "account_kind", "account_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(80))
    subject_sha256: Mapped[str] = mapped_column(String(64))
    vendor: Mapped[str | None] = mapped_column(String(20))
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    id_number_ciphertext: Mapped[bytes | None]
    id_number = Sealed("id_number_ciphertext")
    openid_ciphertext: Mapped[bytes | None]
    openid = Sealed("openid_ciphertext")
    provider: Mapped[str | None] = mapped_column(String(40))
    provider_ref: Mapped[str | None] = mapped_column(String(256), unique=True)
    provider_code: Mapped[str | None] = mapped_column(String(120))
    request_id: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(String(20))
    url_ciphertext: Mapped[bytes | None]
    url = Sealed("url_ciphertext")
    app_call_ciphertext: Mapped[bytes | None]
    app_call = Sealed("app_call_ciphertext")
    elsewhere: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str | None] = mapped_column(String(50))
    ip: Mapped[str | None] = mapped_column(String(45))
    device: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12), default=FaceStatus.WAITING)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_in: Mapped[uuid.UUID | None]

    def settle(self, status: FaceStatus, at: datetime) -> None:
        """Reach a final status once; the vendor's page, the personal data and what another device was told are of no
        more use (PIPL 19).
        """
        self.status = status
        self.passed_at = at if status is FaceStatus.PASSED else None
        self.url = self.app_call = self.name = self.id_number = self.openid = None
        self.title = self.ip = self.device = None


class FaceLogin(Base):
    """A login by face on its way (A3): whoever holds the ticket may open the session, once the check has passed.

    `claim`: fingerprint of the name and number that were typed; `agreed`: kind → version of the texts.
    """

    __tablename__ = "face_login"
    __table_args__ = (
        Index("ix_face_login_ip", "ip", "created_at"),
        Index("ix_face_login_claim", "claim", "created_at"),
        Index("ix_face_login_created", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_hash: Mapped[str] = mapped_column(String(64), unique=True)
    face_check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("face_check.id"))
    claim: Mapped[str] = mapped_column(String(64))
    agreed: Mapped[dict[str, Any]]
    ip: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime]
