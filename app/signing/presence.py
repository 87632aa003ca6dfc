"""It is this person: shown before something is handed out, by face or by a code (B6, B7).

The rules on face recognition want another way beside it, and people without a resident's card have no other. A session
that spent a proof has it for a while: browsers ask twice, and phones lose their connection.
"""

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.identity.face_checks import FaceCheckView, Faces, FaceWay, consume_face_check, start_face_check
from app.identity.models import FaceCheck, FacePurpose
from app.signing.intents import IntentRequest, consume_intent
from app.signing.models import IntentChallenge


def start_presence_check(*, actor: Actor, request: IntentRequest, way: FaceWay, faces: Faces) -> FaceCheckView:
    """Begin a face check for exactly this request; the code is `start_sms_intent`. Raises as `start_face_check`."""
    return start_face_check(
        actor=actor, purpose=FacePurpose(request.purpose), subject=request.subject,
        subject_sha256=request.document_sha256, way=way, faces=faces, title=request.title,
    )  # fmt: skip


def spend_presence(
    session: Session, *, actor: Actor, request: IntentRequest, face_check_id: uuid.UUID | None,
    intent_id: uuid.UUID | None, again_within: timedelta,
) -> bool:  # fmt: skip
    """Spend one of the two for exactly this person and request; the same session may do it again `again_within`.

    False: there is neither. Raises FaceCheckNotPassed, FaceCheckUsed, and what `consume_intent` raises.
    """
    if intent_id is not None:
        consume_intent(session, actor=actor, intent_id=intent_id, request=request, again_within=again_within)
    elif face_check_id is not None:
        consume_face_check(
            session, person_id=actor.person_id, purpose=request.purpose, subject=request.subject,
            subject_sha256=request.document_sha256, face_check_id=face_check_id, used_in=actor.session_id,
            again_within=again_within,
        )  # fmt: skip
    return intent_id is not None or face_check_id is not None


def has_spent(session: Session, *, actor: Actor, request: IntentRequest, within: timedelta) -> bool:
    """Whether this session spent a proof of this person for exactly this request, at most so long ago."""
    if actor.session_id is None:
        return False
    since = now() - within
    by_face = select(FaceCheck.id).where(
        FaceCheck.account_kind == str(actor.kind), FaceCheck.account_id == actor.account_id,
        FaceCheck.person_id == actor.person_id, FaceCheck.purpose == request.purpose,
        FaceCheck.subject == request.subject, FaceCheck.subject_sha256 == request.document_sha256,
        FaceCheck.used_in == actor.session_id, FaceCheck.used_at > since,
    )  # fmt: skip
    by_code = select(IntentChallenge.id).where(
        IntentChallenge.account_kind == str(actor.kind), IntentChallenge.account_id == actor.account_id,
        IntentChallenge.person_id == actor.person_id, IntentChallenge.purpose == request.purpose,
        IntentChallenge.subject == request.subject, IntentChallenge.document_sha256 == request.document_sha256,
        IntentChallenge.used_in == actor.session_id, IntentChallenge.used_at > since,
    )  # fmt: skip
    return any(session.scalar(one.limit(1)) is not None for one in (by_face, by_code))
