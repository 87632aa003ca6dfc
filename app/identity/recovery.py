"""Who lost the phone of their account proves who they are with a new one, and goes on with the old account (B5)."""

import uuid

from app.accounts.models import AccountKind
from app.accounts.phone_change import move_person
from app.accounts.sessions import Client, LoggedIn, open_session
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.identity.errors import ClaimProofWanted, VerificationOver
from app.identity.login import note_login
from app.identity.models import VerificationStatus
from app.identity.persons import find_holder, get_person
from app.identity.verifications import claim_life, find_own, proves_person


def claim_account(*, actor: Actor, verification_id: uuid.UUID, channel: str, ip: str, device: str) -> LoggedIn:
    """Log in to the older account of the person whom this attempt proved; its phone becomes the present one.

    Contracts, signatures and consents stay with it; the present account closes, all earlier sessions of both end, the
    old number and the message centre are told. Raises VerificationNotFound, VerificationOver (nothing to claim, too
    late), ClaimProofWanted (the carrier's word alone), AccountMoved.
    """
    with transaction() as session:
        verification = find_own(session, actor, verification_id, lock=True)
        proved_at, person_id = verification.ended_at, verification.person_id
        if verification.status != VerificationStatus.VERIFIED or proved_at is None or person_id is None:
            raise VerificationOver
        holder = find_holder(session, actor, person_id)
        if not actor.is_worker or holder is None or holder.id == actor.account_id:
            raise VerificationOver
        if proved_at + claim_life(verification) <= now() or actor.account_id is None:
            raise VerificationOver
        if not proves_person(verification):
            raise ClaimProofWanted
        older = move_person(
            session, actor=actor, from_account_id=actor.account_id, to_account_id=holder.id, proved_at=proved_at
        )
        person = get_person(session, person_id)
        person.method, person.verified_at = verification.method, proved_at
        opened = open_session(
            session, kind=AccountKind.WORKER, account_id=older.id, person_id=person_id,
            client=Client(channel, ip, device),
        )  # fmt: skip
        note_login(session, opened, [], is_new=False, by=f"claim:{verification.id}")
        return opened
