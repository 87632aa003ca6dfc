"""Who lost the phone proves who they are and goes on with the old account (B5)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.errors import AccountMoved, SessionEnded
from app.accounts.sessions import LoggedIn, authenticate_worker
from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.errors import DomainError
from app.core.text import mask_phone
from app.identity.code_verification import confirm_verification_code
from app.identity.consents import list_consents
from app.identity.errors import ClaimProofWanted, VerificationNotFound, VerificationOver
from app.identity.face_checks import FaceWay
from app.identity.face_verification import get_verification, start_face_verification
from app.identity.persons import get_profile
from app.identity.phone_verification import start_phone_verification
from app.identity.recovery import claim_account
from app.identity.verification_views import OlderAccount, VerificationView
from tests.factories import CLIENT, Worker, consent, last_code, new_id_number, new_worker, verified_worker
from tests.fakes import FakeCarrier, FakeFace

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def prove(worker: Worker, id_number: str, outcome: Outcome = Outcome.MATCH) -> VerificationView:
    faces = {"alipay": FakeFace(outcome)}
    consent(worker.actor, "verification_consent", "face_consent")
    started = start_face_verification(
        actor=worker.actor, name="张伟", id_number=id_number, way=FaceWay(""), faces=faces
    )
    return get_verification(actor=worker.actor, verification_id=started.id, faces=faces)


def claim(worker: Worker, proven: VerificationView) -> LoggedIn:
    return claim_account(actor=worker.actor, verification_id=proven.id, **CLIENT)


def test_the_older_account_goes_on_with_the_new_phone() -> None:
    older, newer = verified_worker(), new_worker()
    proven = prove(newer, older.id_number)
    assert proven.claim == OlderAccount(mask_phone(older.phone), proof_wanted=False)
    assert get_profile(actor=newer.actor).person is None, "nothing changes before it is claimed"
    opened = claim(newer, proven)
    assert (opened.actor.account_id, opened.actor.person_id) == (older.actor.account_id, older.actor.person_id)
    profile = get_profile(actor=authenticate_worker(token=opened.token).actor)
    assert profile.phone_masked == f"{newer.phone[:3]}****{newer.phone[-4:]}"
    assert {text.kind for text in list_consents(actor=opened.actor) if text.is_current} >= {"esign_consent"}
    for token in (older.token, newer.token):
        with pytest.raises(SessionEnded):
            authenticate_worker(token=token)


def test_a_carriers_word_alone_moves_no_account() -> None:
    """The number may be in the name of a relative, or have been handed on; another proof from the same phone does."""
    older, newer = verified_worker(), new_worker()
    before = get_profile(actor=older.actor).person
    consent(newer.actor, "verification_consent")
    started = start_phone_verification(
        actor=newer.actor, name="张伟", id_number=older.id_number, carrier=FakeCarrier()
    )  # fmt: skip
    by_phone = confirm_verification_code(
        actor=newer.actor, verification_id=started.id, code=last_code(newer.phone, "SMS_VERIFY")
    )
    assert by_phone.claim == OlderAccount(mask_phone(older.phone), proof_wanted=True)
    with pytest.raises(ClaimProofWanted):
        claim(newer, by_phone)
    assert authenticate_worker(token=older.token).actor.account_id == older.actor.account_id
    assert get_profile(actor=older.actor).person == before, "how the owner was proven stays"
    opened = claim(newer, prove(newer, older.id_number))
    assert opened.actor.account_id == older.actor.account_id
    after = get_profile(actor=opened.actor).person
    assert after is not None
    assert after.method == "face"


def test_a_claim_is_made_once() -> None:
    older, newer = verified_worker(), new_worker()
    proven = prove(newer, older.id_number)
    claim(newer, proven)
    with pytest.raises(DomainError):
        claim(newer, proven)


def test_nothing_is_claimed_without_the_proof() -> None:
    older, newer = verified_worker(), new_worker()
    with pytest.raises(VerificationOver):
        claim(newer, prove(newer, older.id_number, Outcome.MISMATCH))
    with pytest.raises(VerificationNotFound):
        claim(new_worker(), prove(newer, older.id_number))
    own = new_worker()
    with pytest.raises(VerificationOver):
        claim(own, prove(own, new_id_number()))
    assert authenticate_worker(token=older.token).actor.account_id == older.actor.account_id


def test_a_proof_grows_old() -> None:
    with clock_at(START):
        older, newer = verified_worker(), new_worker()
        proven = prove(newer, older.id_number)
    with clock_at(START + timedelta(minutes=30)):
        assert get_verification(actor=newer.actor, verification_id=proven.id, faces={}).claim is None
        with pytest.raises(VerificationOver):
            claim(newer, proven)


def test_of_two_new_phones_the_first_to_claim_wins() -> None:
    older, second, third = verified_worker(), new_worker(), new_worker()
    proofs = [prove(worker, older.id_number) for worker in (second, third)]
    claim(second, proofs[0])
    with pytest.raises(AccountMoved):
        claim(third, proofs[1])
