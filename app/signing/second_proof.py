"""Who had a PIN sets another one by a code and something more: a code alone is all that a thief of the phone needs.

Face, or, as the rules on face recognition want another way beside it, the login password (E6; T-03).
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.models import AccountKind
from app.accounts.passwords import prove_password
from app.accounts.queries import find_password
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading
from app.core.errors import InvalidInput
from app.identity.errors import FaceCheckNotPassed
from app.identity.face_checks import (
    FaceCheckView,
    Faces,
    FaceWay,
    consume_face_check,
    refresh_face_check,
    require_answer,
    start_face_check,
)
from app.identity.models import FacePurpose, FaceStatus
from app.identity.persons import require_verified_person
from app.signing.errors import CertificateRequired, PasswordTooNew
from app.signing.pins import find_own

# A code alone sets a login password too: until its owner had a day to notice, it proves nothing more.
PASSWORD_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SecondProof:
    """Beside the code, whenever there was a PIN before: a passed face check, or the login password."""

    face_check_id: uuid.UUID | None = None
    password: str = ""


def start_certificate_face_check(*, actor: Actor, way: FaceWay, faces: Faces) -> FaceCheckView:
    """Prove by face that it is oneself who sets another PIN. Raises CertificateRequired, and as `start_face_check`."""
    person_id = require_verified_person(actor)
    with reading() as session:
        own = find_own(session, person_id)
    if own is None:
        raise CertificateRequired
    return start_face_check(
        actor=actor, purpose=FacePurpose.CERTIFICATE, subject=f"person:{person_id}", subject_sha256=_of(own.pin_hash),
        way=way, faces=faces,
    )  # fmt: skip


def look_at_second(actor: Actor, phone: str, second: SecondProof, faces: Faces) -> uuid.UUID | None:
    """Before the code is spent. Returns the face check that the transaction has to spend. Raises FaceUnavailable."""
    if second.face_check_id is not None:
        check = refresh_face_check(actor=actor, face_check_id=second.face_check_id, faces=faces)
        require_answer(check)
        if check.status != FaceStatus.PASSED:
            raise FaceCheckNotPassed
        return second.face_check_id
    if not second.password:
        raise InvalidInput(fields={"proof": ["重设证书密码前，请完成刷脸，或填写登录密码。"]})
    prove_password(account_kind=AccountKind(actor.kind), phone=phone, password=second.password, ip=actor.ip)
    with reading() as session:
        stored = find_password(session, AccountKind(actor.kind), actor.account_id or uuid.UUID(int=0))
    if stored is None or stored.set_at + PASSWORD_AGE > now():
        raise PasswordTooNew
    return None


def spend_face_check(session: Session, person_id: uuid.UUID, old_hash: str, face_check_id: uuid.UUID) -> None:
    """In the transaction that replaces the PIN. Raises FaceCheckUsed, FaceCheckNotPassed."""
    consume_face_check(
        session, person_id=person_id, purpose=FacePurpose.CERTIFICATE, subject=f"person:{person_id}",
        subject_sha256=_of(old_hash), face_check_id=face_check_id,
    )  # fmt: skip


def _of(pin_hash: str) -> str:
    """What binds a face check to the PIN that it replaces."""
    return hashlib.sha256(pin_hash.encode()).hexdigest()
