"""From a recorded act to a signed, stored and verified revision of the PDF (architecture: "A worker signs", step 4).

Nothing here holds a lock or a transaction while keys, vendors or files are at work.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.contracts.lifecycle import Status
from app.contracts.models import Contract, Party, PartyKind, SignatureAct
from app.contracts.queries import signature_acts
from app.core.crashpoints import reached
from app.core.errors import DomainError
from app.identity.models import Person
from app.organisations.models import Organisation
from app.seals.drawing import SealDrawing
from app.seals.ink import Ink
from app.seals.service import drawing_of_seal, ink_of_signature
from app.signing import appearance
from app.signing.certificates import CertificateRequest, HeldCertificate, obtain_certificate, purpose_of_act
from app.signing.models import HolderKind
from app.signing.pades import SigningIdentity, sign_field, verify
from app.signing.ports import CertificateAuthority, KeyAlgorithm, KeyStore, Subject, Timestamper
from app.signing.verification import ExpectedSignature
from app.storage.ports import BlobStore
from app.storage.service import FileDamaged, organisation_scope, read_file, write_file


class SealingNotVerified(DomainError):
    """The signed bytes did not pass the strict rule: nothing is attached, the job tries again and alarms."""

    code = "sealing_not_verified"
    http_status = 500
    message_zh = "签署结果未通过校验，平台正在自动重试。"
    message_en = "The signed document did not pass verification; the platform is retrying."


@dataclass(frozen=True, slots=True)
class SealingPorts:
    """The outside world as far as sealing needs it."""

    blobs: BlobStore
    authority: CertificateAuthority
    key_store: KeyStore
    timestamper: Timestamper
    key_algorithm: KeyAlgorithm

    def check(self, pdf: bytes, expected: Sequence[ExpectedSignature], pending: Sequence[str], sha256: str) -> bool:
        """The strict rule of the house over one revision; `pending` fields must still be unsigned."""
        report = verify(
            pdf, signing_roots=self.authority.roots(), timestamp_roots=self.timestamper.roots(),
            expected=expected, pending=pending, sha256=sha256,
        )  # fmt: skip
        return report.valid

    def stored_document_is_whole(self, contract: Contract, acts: Sequence[SignatureAct]) -> bool:
        """Whether a completed contract's stored bytes are the record's, with exactly its signatures."""
        scope = organisation_scope(contract.organisation_id)
        try:
            pdf = read_file(self.blobs, scope=scope, sha256=contract.revision_sha256 or "")
        except FileDamaged:
            return False
        expected, pending = expected_signatures(contract.parties, acts)
        return self.check(pdf, expected, pending, contract.revision_sha256 or "")


@dataclass(frozen=True, slots=True)
class SignaturePlan:
    """Everything that the next signature needs, read in one look at the database."""

    contract_id: uuid.UUID
    number: str
    scope: str
    base_sha256: str
    act_id: uuid.UUID
    field: str
    box: tuple[float, float]
    drawing: Ink | SealDrawing
    certificate: CertificateRequest
    parties: tuple[Party, ...]
    acts: tuple[SignatureAct, ...]

    @property
    def is_first(self) -> bool:
        return not any(act.sealed_at for act in self.acts)

    @property
    def is_last(self) -> bool:
        return sum(act.sealed_at is not None for act in self.acts) == len(self.parties) - 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """A revision that is stored and verified, waiting to be attached."""

    act_id: uuid.UUID
    base_sha256: str
    sha256: str
    size: int
    certificate_id: uuid.UUID
    fingerprint: str


def plan_signature(session: Session, contract_id: uuid.UUID) -> SignaturePlan | None:
    """The oldest act that is not in the PDF yet; None when there is nothing to do."""
    loaded = [selectinload(Contract.parties), selectinload(Contract.places)]
    contract = session.get_one(Contract, contract_id, options=loaded)
    acts = signature_acts(session, contract_id)
    act = next((act for act in acts if act.sealed_at is None), None)
    if act is None or contract.status not in (Status.SIGNING, Status.SEALING):
        return None
    party = next(party for party in contract.parties if party.id == act.party_id)
    return SignaturePlan(
        contract_id=contract.id, number=contract.number, scope=organisation_scope(contract.organisation_id),
        base_sha256=contract.revision_sha256 or "", act_id=act.id, field=party.field_name,
        box=_box_size(contract, party), drawing=_drawing(session, act),
        certificate=_certificate_request(session, contract, party, act),
        parties=tuple(contract.parties), acts=tuple(acts),
    )  # fmt: skip


def produce_signature(plan: SignaturePlan, ports: SealingPorts) -> Sealed:
    """Sign with the party's own certificate, time-stamp, store, read back, verify. Raises ProviderError."""
    base = read_file(ports.blobs, scope=plan.scope, sha256=plan.base_sha256)
    held = obtain_certificate(
        plan.certificate, algorithm=ports.key_algorithm, authority=ports.authority, key_store=ports.key_store
    )
    signed = sign_field(
        base, field=plan.field, identity=_identity(held, ports.key_store), timestamper=ports.timestamper,
        appearance=_appearance(plan), reason=f"签署合同 {plan.number}",
        first=plan.is_first, last=plan.is_last,
    )  # fmt: skip
    reached("seal.signed")
    sha256 = write_file(ports.blobs, scope=plan.scope, data=signed)
    reached("seal.stored")
    stored = read_file(ports.blobs, scope=plan.scope, sha256=sha256)
    expected, pending = expected_signatures(plan.parties, plan.acts, {plan.act_id: held.fingerprint})
    if not ports.check(stored, expected, pending, sha256):
        raise SealingNotVerified
    return Sealed(plan.act_id, plan.base_sha256, sha256, len(signed), held.id, held.fingerprint)


def expected_signatures(
    parties: Sequence[Party], acts: Sequence[SignatureAct], new: dict[uuid.UUID, str] | None = None
) -> tuple[list[ExpectedSignature], list[str]]:
    """Which certificate must be in which field, and which fields must still be unsigned.

    `new`: certificates of acts that are about to be attached, by act.
    """
    used = {act.party_id: (new or {}).get(act.id) or act.certificate_fingerprint for act in acts}
    expected = [
        ExpectedSignature(party.field_name, fingerprint) for party in parties if (fingerprint := used.get(party.id))
    ]
    signed = {one.field for one in expected}
    return expected, [party.field_name for party in parties if party.field_name not in signed]


def _identity(held: HeldCertificate, key_store: KeyStore) -> SigningIdentity:
    return SigningIdentity(
        chain=held.chain, algorithm=held.algorithm, sign=lambda data: key_store.sign(held.key_reference, data)
    )


def _appearance(plan: SignaturePlan) -> appearance.Appearance:
    if isinstance(plan.drawing, Ink):
        return appearance.handwriting(plan.drawing, plan.box)
    return appearance.seal(plan.drawing)


def _box_size(contract: Contract, party: Party) -> tuple[float, float]:
    """Width and height of the party's place in points."""
    place = next(place for place in contract.places if place.party_id == party.id)
    width, height = contract.pages[place.page - 1]
    return place.width * width, place.height * height


def _drawing(session: Session, act: SignatureAct) -> Ink | SealDrawing:
    if act.personal_signature_id is not None:
        return ink_of_signature(session, act.personal_signature_id)
    if act.seal_id is None:
        raise ValueError("an act has neither a handwriting nor a seal")
    return drawing_of_seal(session, act.seal_id)


def _certificate_request(session: Session, contract: Contract, party: Party, act: SignatureAct) -> CertificateRequest:
    if party.kind == PartyKind.WORKER:
        person = session.scalars(select(Person).where(Person.id == act.person_id)).one()
        return CertificateRequest(
            HolderKind.PERSON, person.id, purpose_of_act(act.id), "person-once",
            Subject(common_name=party.name, serial_number=person.id.hex)  # the name that the contract shows,
        )  # fmt: skip
    organisation = session.get_one(Organisation, contract.organisation_id)
    return CertificateRequest(
        HolderKind.ORGANISATION, organisation.id, f"seal:{act.seal_id}", "organisation",
        Subject(
            common_name=organisation.name, serial_number=organisation.id.hex, organisation=organisation.name,
            organisation_identifier=f"USCC-{organisation.uscc}",
        ),
    )  # fmt: skip
