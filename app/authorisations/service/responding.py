"""The legal representative reads, proves will, signs by hand, or refuses (C2, B6, E3)."""

import uuid

from sqlalchemy.orm import Session

from app.accounts.queries import phone_of
from app.audit.service import chain_of, record
from app.authorisations.errors import LetterSignatureRequired
from app.authorisations.letter import TITLE
from app.authorisations.lifecycle import Action
from app.authorisations.models import Authorisation
from app.authorisations.notices import tell_operator
from app.authorisations.queries import load_authorisation, lock_authorisation
from app.authorisations.service.ending import close
from app.core.actor import Actor
from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.identity.consents import require_consent
from app.identity.face_checks import Faces, FaceWay
from app.identity.models import ConsentKind
from app.jobs.service import enqueue
from app.seals.ink import Ink
from app.seals.signatures import save_signature
from app.signing.errors import IntentMethodNotAllowed
from app.signing.intents import (
    IntentRequest,
    IntentView,
    consume_intent,
    intent_subject,
    resend_intent_code,
    start_face_intent,
    start_sms_intent,
)
from app.signing.models import IntentMethod, IntentPurpose

# The signature has a certificate of its own: a PIN belongs to another one.
WAYS = (IntentMethod.SMS, IntentMethod.FACE)


def start_authorisation_intent(
    *, actor: Actor, authorisation_id: uuid.UUID, method: str, content_sha256: str, way: FaceWay, faces: Faces
) -> IntentView:
    """Begin to prove will for this letter (B6). Raises IntentMethodNotAllowed, and as `sign_authorisation` does."""
    with reading() as session:
        row = load_authorisation(session, actor, authorisation_id)
        _check_may_sign(session, actor, row, content_sha256)
        request, phone = _request(row), phone_of(session, actor)
    if method not in WAYS:
        raise IntentMethodNotAllowed
    if method == IntentMethod.FACE:
        return start_face_intent(actor=actor, request=request, way=way, faces=faces)
    return start_sms_intent(actor=actor, request=request, phone=phone)


def resend_authorisation_intent(*, actor: Actor, intent_id: uuid.UUID) -> IntentView:
    """Send the code again."""
    with reading() as session:
        authorisation_id = uuid.UUID(intent_subject(session, actor, intent_id).removeprefix("authorisation:"))
        request = _request(load_authorisation(session, actor, authorisation_id))
        phone = phone_of(session, actor)
    return resend_intent_code(actor=actor, intent_id=intent_id, phone=phone, request=request)


def sign_authorisation(
    *, actor: Actor, authorisation_id: uuid.UUID, challenge_id: uuid.UUID, content_sha256: str, ink: Ink | None
) -> Authorisation:
    """Sign by hand; a job seals it. A repeated submit gets the same answer and changes nothing.

    Raises AuthorisationNotFound, RepresentativeOnly, VerificationRequired, ConsentRequired, AuthorisationOver,
    AuthorisationExpired, AuthorisationChanged, LetterSignatureRequired, InkRefused, and what `consume_intent` raises.
    """
    with transaction() as session:
        row = lock_authorisation(session, actor, authorisation_id)
        if row.acted_at is not None and row.person_id == actor.person_id:
            return row  # the retry of a phone in a tunnel
        _check_may_sign(session, actor, row, content_sha256)
        if ink is None:
            raise LetterSignatureRequired
        signature = save_signature(session, actor=actor, ink=ink)
        challenge = consume_intent(session, actor=actor, intent_id=challenge_id, request=_request(row))
        row.apply(Action.SIGN)
        row.acted_at, row.person_id, row.account_id = now(), challenge.person_id, challenge.account_id
        row.intent_id, row.personal_signature_id = challenge.id, signature.id
        enqueue(session, "authorisations.seal", key=f"authorisation-seal:{row.id}", authorisation_id=str(row.id))
        reached("sign.before_commit")
        _note(
            session, actor, "authorisation.signed", row, content_sha256=row.content_sha256, intent_id=row.intent_id,
            signature_id=signature.id,
        )  # fmt: skip
        return row


def refuse_authorisation(*, actor: Actor, authorisation_id: uuid.UUID, reason: str) -> Authorisation:
    """Not with me. Raises InvalidInput, AuthorisationOver, and what reading it raises."""
    clean = " ".join(reason.split())
    if not 2 <= len(clean) <= 200:
        raise InvalidInput(fields={"reason": ["请填写 2 至 200 字的原因。"]})
    with transaction() as session:
        row = lock_authorisation(session, actor, authorisation_id)
        _require_worker(actor)
        row.apply(Action.REFUSE)
        close(session, row, clean)
        tell_operator(session, row, "authorisation.refused")
        _note(session, actor, "authorisation.refused", row)
        return row


def _check_may_sign(session: Session, actor: Actor, row: Authorisation, content_sha256: str) -> None:
    _require_worker(actor)
    row.require(Action.SIGN)
    row.check_deadline()
    row.check_content(content_sha256)
    require_consent(session, actor, ConsentKind.ESIGN_CONSENT)


def _require_worker(actor: Actor) -> None:
    """The letter's own organisation may read it, and can't answer it."""
    if not actor.is_worker:
        raise NotPermitted(permission="authorisation.sign")


def _request(row: Authorisation) -> IntentRequest:
    return IntentRequest(
        purpose=IntentPurpose.SIGN, subject=row.subject, document_sha256=row.content_sha256, title=TITLE,
        organisation=row.organisation_name,
    )  # fmt: skip


def _note(session: Session, actor: Actor, action: str, row: Authorisation, **data: object) -> None:
    record(session, actor, action, row.subject, chain=chain_of(row.organisation_id), **data)
