"""Certificates as their owners see them: a person's own, and those of an organisation's seals (E6)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading
from app.core.text import mask_name
from app.organisations.permissions import Permission
from app.signing.certificates import chain_of, common_name, has_run_out, serial_of
from app.signing.models import Certificate, HolderKind
from app.signing.pins import TRIES, find_own

RENEWABLE = timedelta(days=30)
_CURRENT = 2  # parts of "seal:<id>"; what was replaced has its own id behind


class CertificateStatus(StrEnum):
    NONE = "none"
    ISSUING = "issuing"
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class CertificateDetails:
    """`serial`: hex. `subject`: the holder's name, a person's masked. `issuer`: the authority's common name."""

    serial: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class CertificateView:
    """`had_pin`: setting a PIN needs a second proof. `renewable`: now; `renewing`: another one is on its way."""

    status: CertificateStatus
    had_pin: bool = False
    pin_locked: bool = False
    renewable: bool = False
    renewing: bool = False
    details: CertificateDetails | None = None


def view_certificate(session: Session, person_id: uuid.UUID) -> CertificateView:
    own = find_own(session, person_id)
    if own is None:
        return CertificateView(CertificateStatus.NONE)
    present = session.get(Certificate, own.certificate_id) if own.certificate_id else None
    status = _status(present, ordered=own.order_id is not None)
    due = present is not None and present.not_after - RENEWABLE <= now()
    return CertificateView(
        status=status, had_pin=True, pin_locked=own.wrong >= TRIES,
        renewable=due and own.order_id is None and status in (CertificateStatus.ACTIVE, CertificateStatus.EXPIRED),
        renewing=own.order_id is not None, details=_details(present) if present else None,
    )  # fmt: skip


def list_seal_certificates(*, actor: Actor) -> dict[uuid.UUID, CertificateDetails]:
    """By seal, the present certificate with which the entered organisation signs; none before a seal's first use."""
    actor.require(Permission.USE_SEAL)
    of_seals = select(Certificate).where(
        Certificate.holder_kind == HolderKind.ORGANISATION, Certificate.holder_id == actor.organisation_id
    )
    with reading() as session:
        keys = [(row.purpose_key.split(":"), row) for row in session.scalars(of_seals)]
    return {uuid.UUID(key[1]): _details(row) for key, row in keys if len(key) == _CURRENT}


def _status(present: Certificate | None, *, ordered: bool) -> CertificateStatus:
    if present is not None and present.revoked_at is None and not has_run_out(present):
        return CertificateStatus.ACTIVE
    if ordered:
        return CertificateStatus.ISSUING
    if present is None:
        return CertificateStatus.NONE
    return CertificateStatus.REVOKED if present.revoked_at else CertificateStatus.EXPIRED


def _details(row: Certificate) -> CertificateDetails:
    leaf = x509.load_der_x509_certificate(chain_of(row)[0])
    name = common_name(leaf.subject)
    return CertificateDetails(
        serial=serial_of(row), subject=mask_name(name) if row.holder_kind == HolderKind.PERSON else name,
        issuer=common_name(leaf.issuer), not_before=leaf.not_valid_before_utc, not_after=row.not_after,
        revoked_at=row.revoked_at,
    )  # fmt: skip
