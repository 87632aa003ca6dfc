"""Certificates of the parties: a person's for one act or for a year, an organisation's for one seal (I1, E6).

No vendor is called inside a transaction. A certificate is recorded with its wrapped key before it is
used, so that a crash or a time-stamping outage reuses it instead of having another one issued.
"""

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import insert_if_absent, reading, transaction
from app.core.ids import new_id
from app.signing.errors import KeyDestroyed
from app.signing.models import Certificate, HolderKind
from app.signing.ports import CertificateAuthority, KeyAlgorithm, KeyStore, Subject

_MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """For whom and what. `purpose_key` makes it one per act ("act:<id>") or per seal ("seal:<id>")."""

    holder_kind: HolderKind
    holder_id: uuid.UUID
    purpose_key: str
    profile: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate whose key can still sign. `chain`: DER, leaf first."""

    id: uuid.UUID
    chain: tuple[bytes, ...]
    fingerprint: str
    algorithm: KeyAlgorithm
    key_reference: str


def obtain_certificate(
    request: CertificateRequest, *, algorithm: KeyAlgorithm, authority: CertificateAuthority, key_store: KeyStore
) -> HeldCertificate:
    """The valid certificate for this purpose, issued now if there is none. Raises ProviderError, KeyDestroyed."""
    held = _find(request.purpose_key)
    if held is not None:
        return held
    reference = key_store.generate(algorithm)
    issued = authority.issue(
        key_store.certificate_request(reference, request.subject), profile=request.profile, reference=new_id().hex
    )
    reached("certificate.issued")
    try:
        found = _recorded(request, algorithm, reference, issued.chain, key_store)
    except KeyDestroyed:
        key_store.destroy(reference)
        raise
    if found.key_reference != reference:  # another runner was faster: its certificate is the one
        key_store.destroy(reference)
    return found


def _recorded(
    request: CertificateRequest, algorithm: KeyAlgorithm, reference: str, chain: tuple[bytes, ...], key_store: KeyStore
) -> HeldCertificate:
    """The certificate for this purpose that is on record after ours was offered."""
    not_after = x509.load_der_x509_certificate(chain[0]).not_valid_after_utc
    superseded = _record(request, algorithm, reference, chain, not_after)
    if superseded is not None:
        key_store.destroy(superseded)
    reached("certificate.recorded")
    found = _find(request.purpose_key)
    if found is None:
        raise RuntimeError("a certificate that was just issued is not usable")
    return found


def purpose_of_act(act_id: uuid.UUID) -> str:
    """The `purpose_key` of a person's certificate for one act."""
    return f"act:{act_id}"


def certificate_for_act(act_id: uuid.UUID, *, person_id: uuid.UUID, name: str) -> CertificateRequest:
    """A person's certificate for one act; `name`: as the signed document shows it."""
    subject = Subject(common_name=name, serial_number=person_id.hex)
    return CertificateRequest(HolderKind.PERSON, person_id, purpose_of_act(act_id), "person-once", subject)


def forget_keys(act_ids: Collection[uuid.UUID], key_store: KeyStore) -> None:
    """Destroy the one-time keys of acts that need no signature any more. Repeating it is harmless.

    The store first, then the row: after a crash in between the row still says which key to destroy.
    """
    destroy_keys(Certificate.purpose_key.in_([purpose_of_act(act_id) for act_id in act_ids]), key_store)


def destroy_keys(which: ColumnElement[bool], key_store: KeyStore) -> None:
    """Of these certificates, for ever; as `forget_keys`."""
    with reading() as session:
        held = select(Certificate).where(which, Certificate.key_reference.is_not(None))
        references = {row.id: row.key_reference for row in session.scalars(held)}
    for reference in references.values():
        key_store.destroy(reference or "")
    if references:
        reached("key.destroyed")
        with transaction() as session:
            gone = update(Certificate).where(Certificate.id.in_(references))
            session.execute(gone.values(key_reference=None, key_destroyed_at=now()))


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of the DER certificate, hex."""
    return hashlib.sha256(certificate).hexdigest()


def _find(purpose_key: str) -> HeldCertificate | None:
    with reading() as session:
        row = session.scalar(select(Certificate).where(Certificate.purpose_key == purpose_key))
    _refuse_ended(row)
    return None if row is None or has_run_out(row) else held_of(row)


def _refuse_ended(row: Certificate | None) -> None:
    """Keys are destroyed when nothing is left to sign: a runner that comes late gets no other certificate for it."""
    if row is not None and row.key_reference is None:
        raise KeyDestroyed


def has_run_out(row: Certificate) -> bool:
    """Or will have before a signature with it has its time-stamp."""
    return row.not_after <= now() + _MARGIN


def held_of(row: Certificate) -> HeldCertificate | None:
    """None when the key is gone."""
    if row.key_reference is None:
        return None
    return HeldCertificate(row.id, chain_of(row), row.fingerprint, KeyAlgorithm(row.algorithm), row.key_reference)


def chain_of(row: Certificate) -> tuple[bytes, ...]:
    """DER, leaf first."""
    return _split(row.chain)


def common_name_of(row: Certificate) -> str:
    """The holder's."""
    return common_name(x509.load_der_x509_certificate(chain_of(row)[0]).subject)


def common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def serial_of(row: Certificate) -> str:
    """Hexadecimal."""
    return f"{x509.load_der_x509_certificate(chain_of(row)[0]).serial_number:X}"


def is_revoked(session: Session, certificate_id: uuid.UUID) -> bool:
    """Decided under the certificate's lock: a signature that is being made now comes before or after its end."""
    held = select(Certificate.revoked_at).where(Certificate.id == certificate_id).with_for_update()
    return session.scalar(held) is not None


def _record(
    request: CertificateRequest, algorithm: KeyAlgorithm, reference: str, chain: tuple[bytes, ...], not_after: datetime
) -> str | None:
    """Returns the key of the expired certificate that this one replaces, which may go."""
    values = {
        "holder_kind": request.holder_kind, "holder_id": request.holder_id, "algorithm": algorithm,
        "key_reference": reference, "chain": _join(chain), "fingerprint": fingerprint_of(chain[0]),
        "not_after": not_after, "issued_at": now(),
    }  # fmt: skip
    superseded: str | None = None
    with transaction() as session:
        old = session.scalar(
            select(Certificate).where(Certificate.purpose_key == request.purpose_key).with_for_update()
        )
        _refuse_ended(old)
        if old is not None and has_run_out(old):
            old.purpose_key = f"{old.purpose_key}:{old.id}"  # kept for the record, no longer the current one
            superseded, old.key_reference = old.key_reference, None
            old.key_destroyed_at = now()
            session.flush()
        insert_if_absent(session, Certificate, id=new_id(), purpose_key=request.purpose_key, **values)
    return superseded


def _join(chain: tuple[bytes, ...]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in chain)


def _split(joined: bytes) -> tuple[bytes, ...]:
    parts, at = [], 0
    while at < len(joined):
        size = int.from_bytes(joined[at : at + 4], "big")
        parts.append(joined[at + 4 : at + 4 + size])
        at += 4 + size
    return tuple(parts)
