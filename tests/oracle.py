"""`assert_world()`: what must be true of the whole platform after any race, fault or crash.

Called by every test that disturbs something. It reads the database and the stored bytes only,
never a use case, so that it can't agree with a bug.
"""

import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.audit.models import AuditEntry
from app.audit.service import verify_all_chains
from app.authorisations.letter import FIELD
from app.authorisations.lifecycle import Status as LetterStatus
from app.authorisations.models import Authorisation
from app.contracts.lifecycle import Status
from app.contracts.models import Contract, Party, Revision, SignatureAct
from app.contracts.sealing import stored_document_is_whole
from app.core.clock import now
from app.core.db import reading
from app.identity.models import FaceCheck
from app.jobs.models import Job
from app.notifications.models import SmsMessage
from app.organisations.models import Organisation
from app.signing.models import (
    Certificate,
    HolderKind,
    IntentChallenge,
    IntentMethod,
    IntentPurpose,
    PersonalCertificate,
)
from app.signing.sealing import SealingPorts
from app.signing.verification import ExpectedSignature
from app.storage.models import StoredFile
from app.storage.service import organisation_scope, read_file

_AUDIT_OF_STATUS = {
    Status.CONFIRMING: "contract.sent",
    Status.SIGNING: "contract.confirmed",
    Status.SEALING: "contract.signed",
    Status.COMPLETED: "contract.completed",
    Status.WITHDRAWN: "contract.withdrawn",
    Status.TERMINATED: "contract.terminated",
    Status.EXPIRED: "contract.expired",
}


def assert_world(ports: SealingPorts, *, settled: bool = True) -> None:
    """Check every contract, proof of will, job and stored file. `settled`: no work may be left over."""
    with reading() as session:
        for contract in session.scalars(select(Contract).options(selectinload(Contract.parties))):
            _assert_contract(session, contract, ports, settled)
        for letter in session.scalars(select(Authorisation)):
            _assert_letter(session, letter, ports, settled)
        _assert_single_use(session)
        _assert_keys(session, settled)
        _assert_jobs(session, settled)
        _assert_messages(session)
        _assert_files(session, ports)
    assert [report for report in verify_all_chains() if report.first_bad is not None] == []


def _assert_contract(session: Session, contract: Contract, ports: SealingPorts, settled: bool) -> None:
    parties = session.scalars(select(Party).where(Party.contract_id == contract.id).order_by(Party.position)).all()
    acts = session.scalars(select(SignatureAct).where(SignatureAct.contract_id == contract.id)).all()
    revisions = session.scalars(
        select(Revision).where(Revision.contract_id == contract.id).order_by(Revision.number)
    ).all()
    actions = Counter(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == contract.subject)).all())
    _assert_audited(contract, actions, acts)
    _assert_acts(contract, parties, acts)
    _assert_revisions(contract, acts, revisions)
    if contract.status == Status.COMPLETED:
        assert all(party.acted_at and party.sealed_at for party in parties)
        assert len(acts) == len(parties)
        assert stored_document_is_whole(contract, acts, ports), "the stored PDF is not what the record says"
    elif settled:
        assert contract.status != Status.SEALING, "a contract is stuck while sealing"
    if settled and contract.status in (Status.SIGNING, Status.COMPLETED):
        assert all(act.sealed_at for act in acts), "a recorded act was never attached"


def _assert_letter(session: Session, letter: Authorisation, ports: SealingPorts, settled: bool) -> None:
    organisation = session.get_one(Organisation, letter.organisation_id)
    is_open = letter.status in (LetterStatus.WAITING, LetterStatus.SEALING)
    assert (organisation.authorisation_id == letter.id) is is_open, "an organisation waits for what has an end"
    assert not (settled and letter.status == LetterStatus.SEALING), "a letter is stuck while sealing"
    assert bool(letter.acted_at) is (letter.status in (LetterStatus.SEALING, LetterStatus.SIGNED, LetterStatus.VOID))
    if letter.status == LetterStatus.SIGNED:
        signed = ExpectedSignature(FIELD, letter.certificate_fingerprint or "")
        scope = organisation_scope(letter.organisation_id)
        assert ports.check_stored(scope, letter.revision_sha256 or "", [signed])
        assert organisation.is_verified
        assert organisation.legal_representative_id == letter.representative_id


def _assert_audited(contract: Contract, actions: Counter[str], acts: Sequence[SignatureAct]) -> None:
    expected = _AUDIT_OF_STATUS.get(Status(contract.status))
    assert expected is None or actions[expected] >= 1, f"{contract.status} without {expected} in the log"
    assert actions["contract.signed"] == len(acts)
    ends = ("contract.completed", "contract.withdrawn", "contract.terminated", "contract.expired")
    assert sum(actions[end] for end in ends) <= 1, "a contract ended more than once"


def _assert_acts(contract: Contract, parties: Sequence[Party], acts: Sequence[SignatureAct]) -> None:
    assert len({act.party_id for act in acts}) == len(acts), "a party signed twice"
    assert {party.id for party in parties if party.acted_at} == {act.party_id for act in acts}
    assert all(act.content_sha256 == contract.content_sha256 for act in acts), "signed is not what was frozen"
    if contract.status == Status.DRAFT:
        assert not acts


def _assert_revisions(contract: Contract, acts: Sequence[SignatureAct], revisions: Sequence[Revision]) -> None:
    if contract.content_sha256 is None:
        assert not revisions
        return
    assert [revision.number for revision in revisions] == list(range(len(revisions)))
    assert revisions[0].sha256 == contract.content_sha256, "the frozen content changed"
    assert (revisions[-1].number, revisions[-1].sha256) == (contract.revision_number, contract.revision_sha256)
    assert {revision.act_id for revision in revisions[1:]} == {act.id for act in acts if act.sealed_at}


def _assert_single_use(session: Session) -> None:
    signed = Authorisation.acted_at.is_not(None)
    letters = session.scalars(select(Authorisation).where(signed)).all()
    acts = [*session.scalars(select(SignatureAct)), *letters]
    assert len({act.intent_id for act in acts}) == len(acts), "one proof of will served twice"
    for act in acts:
        intent = session.get_one(IntentChallenge, act.intent_id)
        assert intent.used_at
        assert intent.proved_at
        assert intent.document_sha256 == act.content_sha256
        assert (intent.person_id, intent.account_id) == (act.person_id, act.account_id)
        if intent.face_check_id:
            check = session.get_one(FaceCheck, intent.face_check_id)
            assert check.used_at
            assert check.subject == intent.subject
    to_sign = IntentChallenge.purpose != IntentPurpose.DOWNLOAD
    used = session.scalar(select(func.count()).where(IntentChallenge.used_at.is_not(None), to_sign))
    assert used == len(acts), "a proof of will was spent without an act"
    for act in acts:
        if act.sealed_at and act.personal_signature_id:
            certificate = session.get_one(Certificate, act.certificate_id)
            assert certificate.holder_kind == HolderKind.PERSON
            assert certificate.holder_id == act.person_id, "signed with another person's certificate"
            assert certificate.revoked_at is None or certificate.revoked_at >= act.sealed_at, "signed when revoked"
            by_pin = session.get_one(IntentChallenge, act.intent_id).method == IntentMethod.PIN
            assert by_pin or certificate.purpose_key == f"act:{act.id}", "one's own certificate signed without its PIN"


def _assert_keys(session: Session, settled: bool) -> None:
    """A person's key is made for one act and destroyed after it, whoever died in between; or it is the person's own."""
    own = select(PersonalCertificate.certificate_id).where(PersonalCertificate.certificate_id.is_not(None))
    held = select(func.count()).where(
        Certificate.holder_kind == HolderKind.PERSON, Certificate.key_reference.is_not(None)
    )
    assert not settled or session.scalar(held.where(Certificate.id.not_in(own))) == 0, "a key outlived its use"
    assert not settled or session.scalar(held.where(Certificate.revoked_at.is_not(None))) == 0, "a revoked key is kept"


def _assert_jobs(session: Session, settled: bool) -> None:
    if settled:
        due = select(Job.kind).where(Job.done_at.is_(None), Job.parked_at.is_(None), Job.run_at <= now())
        assert [kind for kind in session.scalars(due) if kind.startswith(("contracts.seal", "notifications."))] == []
    assert session.scalar(select(func.count()).where(Job.kind == "contracts.seal", Job.parked_at.is_not(None))) == 0


def _assert_messages(session: Session) -> None:
    """Each notice about a contract went out once: one link per sending, one "done" per completion."""
    done: Counter[str] = Counter()
    for sms in session.scalars(select(SmsMessage).where(SmsMessage.template == "SMS_CONTRACT_DONE")):
        if sms.params:
            done[json.loads(sms.params).get("link", str(sms.id))] += 1
    assert not [link for link, count in done.items() if count > 1]
    completed = session.scalar(select(func.count()).where(Contract.status == Status.COMPLETED)) or 0
    told = session.scalar(select(func.count()).where(SmsMessage.template == "SMS_CONTRACT_DONE")) or 0
    assert told == completed, "a completion was told not exactly once"


def _assert_files(session: Session, ports: SealingPorts) -> None:
    for stored in session.scalars(select(StoredFile)):
        assert len(read_file(ports.blobs, scope=stored.scope, sha256=stored.sha256)) == stored.size
    recorded = set(session.execute(select(StoredFile.scope, StoredFile.sha256)).all())
    for contract in session.scalars(select(Contract)):
        scope = organisation_scope(contract.organisation_id)
        for sha256 in {contract.draft_sha256, contract.text_sha256, contract.content_sha256, contract.revision_sha256}:
            assert sha256 is None or (scope, sha256) in recorded, "a row names a file that was never stored"
