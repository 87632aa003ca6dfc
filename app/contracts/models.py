"""Contracts, their parties, places, revisions and acts. `Contract.apply` is the only place that sets a status."""

import json
import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contracts.errors import ActionNotAllowed, DeadlinePassed, DocumentChanged, NotYourTurn
from app.contracts.lifecycle import TRANSITIONS, Action, Status
from app.core.clock import now
from app.core.crypto import Sealed
from app.core.db import Base, one_of
from app.core.ids import new_id


class PartyKind(StrEnum):
    WORKER = "worker"
    ORGANISATION = "organisation"


class PlaceKind(StrEnum):
    SIGNATURE = "signature"
    SEAL = "seal"


class ContractKind(StrEnum):
    """What the document does between the two (G2)."""

    LABOUR_CONTRACT = "labour_contract"
    RENEWAL = "renewal"
    SUPPLEMENT = "supplement"
    TERMINATION = "termination"
    OTHER = "other"


class Contract(Base):
    """One contract between one organisation and its worker; the root that every change locks first."""

    __tablename__ = "contract"
    __table_args__ = (
        one_of("status", Status),
        one_of("kind", ContractKind),
        Index("ix_contract_list", "organisation_id", "updated_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"))
    copied_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contract.id"))
    title: Mapped[str] = mapped_column(String(50))
    kind: Mapped[str] = mapped_column(String(30), default=ContractKind.LABOUR_CONTRACT)
    status: Mapped[str] = mapped_column(String(20), default=Status.DRAFT)
    intent_methods: Mapped[list[Any]]
    open_check: Mapped[bool] = mapped_column(default=False)
    terms_ciphertext: Mapped[bytes | None]
    terms_text = Sealed("terms_ciphertext")
    filename: Mapped[str] = mapped_column(String(200))
    draft_sha256: Mapped[str] = mapped_column(String(64))
    draft_version: Mapped[int] = mapped_column(default=1)
    pages: Mapped[list[Any]]  # [[width, height] in points, …]
    warnings: Mapped[list[Any]]  # what intake noticed: [{code, zh, en}]
    text_sha256: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    revision_sha256: Mapped[str | None] = mapped_column(String(64))
    revision_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason_ciphertext: Mapped[bytes | None]
    end_reason = Sealed("end_reason_ciphertext")

    parties: Mapped[list["Party"]] = relationship(
        back_populates="contract", order_by="Party.position", lazy="raise", cascade="all, delete-orphan"
    )
    places: Mapped[list["Place"]] = relationship(
        back_populates="contract", order_by="Place.page", lazy="raise", cascade="all, delete-orphan"
    )
    copies: Mapped[list["CopyRecipient"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    def apply(self, action: Action) -> None:
        """Do what the table allows; anything else is ActionNotAllowed."""
        self.require(action)
        self.status = TRANSITIONS[action][1]
        self.updated_at = now()

    def require(self, action: Action) -> None:
        """The same refusal without the change: for steps that prepare an action."""
        if not self.allows(action):
            raise ActionNotAllowed(action=action, status=self.status)

    def allows(self, action: Action) -> bool:
        return self.status in TRANSITIONS[action][0]

    @property
    def subject(self) -> str:
        """How audit, intent and links call this contract."""
        return f"contract:{self.id}"

    @property
    def terms(self) -> dict[str, str]:
        """Key terms for the card on the phone: post, place, term, pay and so on."""
        loaded: dict[str, str] = json.loads(self.terms_text or "{}")
        return loaded

    def set_terms(self, terms: dict[str, str]) -> None:
        self.terms_text = json.dumps(terms, ensure_ascii=False, sort_keys=True)

    def party_of_kind(self, kind: PartyKind) -> "Party":
        return next(party for party in self.parties if party.kind == kind)

    def check_turn(self, party: "Party") -> None:
        """Parties act in their order (H3)."""
        if any(other.acted_at is None for other in self.parties if other.position < party.position):
            raise NotYourTurn

    def check_deadline(self) -> None:
        """The deadline counts, whether or not its job has run (H9)."""
        if self.deadline_at is not None and self.deadline_at <= now():
            raise DeadlinePassed

    def check_content(self, content_sha256: str) -> None:
        """What was shown is what is signed (T-12)."""
        if self.content_sha256 != content_sha256:
            raise DocumentChanged

    @property
    def all_acted(self) -> bool:
        return all(party.acted_at for party in self.parties)


class Party(Base):
    """One signing party. A worker is found by phone until the verified person is bound at confirmation."""

    __tablename__ = "party"
    __table_args__ = (
        one_of("kind", PartyKind),
        UniqueConstraint("contract_id", "position"),
        Index("ix_party_phone", "phone_index"),
        Index("ix_party_person", "person_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str | None] = mapped_column(String(64))
    name_index: Mapped[str | None] = mapped_column(String(64))
    organisation_id: Mapped[uuid.UUID | None]
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operator_account.id"))  # chosen in the draft
    seal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seal.id"))  # likewise; the act says which it was
    person_id: Mapped[uuid.UUID | None]
    opened_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    addresses_ciphertext: Mapped[bytes | None]
    addresses_text = Sealed("addresses_ciphertext")

    contract: Mapped[Contract] = relationship(back_populates="parties", lazy="raise")

    @property
    def addresses(self) -> dict[str, Any] | None:
        """{"habitual_residence": {"region": […], "detail": …}, "registered_residence": {…}} (H1)."""
        loaded: dict[str, Any] | None = json.loads(self.addresses_text or "null")
        return loaded

    def set_addresses(self, addresses: dict[str, Any]) -> None:
        self.addresses_text = json.dumps(addresses, ensure_ascii=False, sort_keys=True)

    @property
    def field_name(self) -> str:
        """Name of this party's signature field in the PDF."""
        return f"Party{self.position}"


class CopyRecipient(Base):
    """A person who may read the contract once it is completed (抄送方, G3)."""

    __tablename__ = "copy_recipient"
    __table_args__ = (UniqueConstraint("contract_id", "phone_index"), Index("ix_copy_recipient_phone", "phone_index"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    name_ciphertext: Mapped[bytes | None]
    name = Sealed("name_ciphertext")
    phone_ciphertext: Mapped[bytes | None]
    phone = Sealed("phone_ciphertext")
    phone_index: Mapped[str] = mapped_column(String(64))


class Place(Base):
    """Where a party signs: fractions 0..1 of a page, measured from its top left corner."""

    __tablename__ = "place"
    __table_args__ = (one_of("kind", PlaceKind), UniqueConstraint("party_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("party.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    page: Mapped[int]
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    width: Mapped[float] = mapped_column(Float)
    height: Mapped[float] = mapped_column(Float)

    contract: Mapped[Contract] = relationship(back_populates="places", lazy="raise")


class SignatureAct(Base):
    """A party signed: recorded at once, sealed into the PDF by a job. One per party, one per proof of will."""

    __tablename__ = "signature_act"
    __table_args__ = (UniqueConstraint("party_id"), UniqueConstraint("intent_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("party.id"))
    person_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID]
    intent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intent_challenge.id"))
    content_sha256: Mapped[str] = mapped_column(String(64))
    personal_signature_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("personal_signature.id"))
    seal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seal.id"))
    acted_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    certificate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate.id"))
    certificate_fingerprint: Mapped[str | None] = mapped_column(String(64))


class Revision(Base):
    """One stored state of the PDF: number 0 is the frozen content, each next one adds one signature."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("contract_id", "number"), UniqueConstraint("act_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    act_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signature_act.id"))
    created_at: Mapped[datetime]


class PageImage(Base):
    """The rendered picture of one page of one stored PDF; content-addressed like the PDF itself."""

    __tablename__ = "page_image"
    __table_args__ = (UniqueConstraint("contract_id", "pdf_sha256", "page"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    page: Mapped[int]
    image_sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))


class PageView(Base):
    """A party saw a page of the frozen content (evidence of reading; server clock)."""

    __tablename__ = "page_view"
    __table_args__ = (UniqueConstraint("party_id", "page"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"))
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("party.id"))
    page: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime]
