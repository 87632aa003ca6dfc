"""From a contract's recorded acts to the next revision of its PDF; `app.signing.sealing` does the work."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.contracts.lifecycle import Status
from app.contracts.models import Contract, Party, PartyKind, SignatureAct
from app.contracts.queries import signature_acts
from app.identity.models import Person
from app.organisations.models import Organisation
from app.seals.drawing import SealDrawing
from app.seals.ink import Ink
from app.seals.service import drawing_of_seal, ink_of_signature
from app.signing import appearance
from app.signing.certificates import CertificateRequest, HeldCertificate, certificate_for_act
from app.signing.models import HolderKind, IntentChallenge, IntentMethod
from app.signing.pins import find_own_certificate
from app.signing.ports import Subject
from app.signing.sealing import SealingPorts, SignatureOrder, SignedRevision, sign_stored
from app.signing.verification import ExpectedSignature
from app.storage.service import organisation_scope


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
    own: HeldCertificate | None
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
    revision: SignedRevision


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
        certificate=_certificate_request(session, contract, party, act), own=_own_certificate(session, party, act),
        parties=tuple(contract.parties), acts=tuple(acts),
    )  # fmt: skip


def produce_signature(plan: SignaturePlan, ports: SealingPorts) -> Sealed:
    """The next act, in the PDF. Raises ProviderError, SealingNotVerified."""
    order = SignatureOrder(
        scope=plan.scope, base_sha256=plan.base_sha256, field=plan.field, appearance=_appearance(plan),
        certificate=plan.certificate, reason=f"签署合同 {plan.number}", first=plan.is_first, last=plan.is_last,
        own=plan.own,
    )  # fmt: skip
    signed = sign_stored(
        order, lambda fingerprint: expected_signatures(plan.parties, plan.acts, {plan.act_id: fingerprint}), ports
    )
    return Sealed(plan.act_id, plan.base_sha256, signed)


def stored_document_is_whole(contract: Contract, acts: Sequence[SignatureAct], ports: SealingPorts) -> bool:
    """Whether a completed contract's stored bytes are the record's, with exactly its signatures."""
    expected, pending = expected_signatures(contract.parties, acts)
    scope = organisation_scope(contract.organisation_id)
    return ports.check_stored(scope, contract.revision_sha256 or "", expected, pending)


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


def _own_certificate(session: Session, party: Party, act: SignatureAct) -> HeldCertificate | None:
    """The person's own, if its PIN proved their will and it holds, under the contract's name; else one for this act."""
    if party.kind != PartyKind.WORKER or session.get_one(IntentChallenge, act.intent_id).method != IntentMethod.PIN:
        return None
    return find_own_certificate(session, act.person_id, party.name)


def _certificate_request(session: Session, contract: Contract, party: Party, act: SignatureAct) -> CertificateRequest:
    if party.kind == PartyKind.WORKER:
        person = session.scalars(select(Person).where(Person.id == act.person_id)).one()
        return certificate_for_act(act.id, person_id=person.id, name=party.name)  # the name that the contract shows
    organisation = session.get_one(Organisation, contract.organisation_id)
    return CertificateRequest(
        HolderKind.ORGANISATION, organisation.id, f"seal:{act.seal_id}", "organisation",
        Subject(
            common_name=organisation.name, serial_number=organisation.id.hex, organisation=organisation.name,
            organisation_identifier=f"USCC-{organisation.uscc}",
        ),
    )  # fmt: skip
