"""Verification by people: pictures, a reviewer who is somebody else, a result that can be acted on (B4)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import RegulatorAccount
from app.accounts.sessions import authenticate_worker
from app.audit.models import AuditEntry
from app.core.actor import Actor, ActorKind
from app.core.clock import clock_at, now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import DomainError, InvalidInput, NotPermitted
from app.core.ids import new_id
from app.core.text import mask_phone
from app.identity.bank_verification import start_bank_verification
from app.identity.code_verification import confirm_verification_code
from app.identity.consents import withdraw_consent
from app.identity.errors import (
    ConsentRequired,
    DocumentNotSupported,
    DocumentsRequired,
    OwnReview,
    ReviewDocumentNotFound,
    ReviewNotFound,
    ReviewOver,
    VerificationLimit,
)
from app.identity.face_verification import get_current_verification, get_verification
from app.identity.manual_verification import (
    UPLOADS_PER_DAY,
    forget_review_documents,
    save_document,
    start_manual_verification,
)
from app.identity.models import Person, VerificationDocument
from app.identity.persons import get_profile
from app.identity.recovery import claim_account
from app.identity.reviews import approve_review, get_review, list_reviews, read_review_document, reject_review
from app.identity.verification_cleanup import forget_stale_claims
from app.identity.verification_views import OlderAccount, VerificationView
from app.notifications.models import SmsMessage
from app.notifications.service import list_messages
from app.storage.models import StoredFile
from tests.factories import (
    CLIENT,
    LICENCE,
    Worker,
    consent,
    last_code,
    new_phone,
    new_worker,
    verified_worker,
    verify_by_phone,
)
from tests.fakes import FakeBank, MemoryBlobs

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def reviewer(phone: str = "") -> Actor:
    account, phone = RegulatorAccount(id=new_id(), created_at=now()), phone or new_phone()
    account.phone, account.name, account.phone_index = phone, "王科长", blind_index(phone, purpose="phone")
    with transaction() as session:
        session.add(account)
    return Actor(kind=ActorKind.REGULATOR, account_id=account.id, channel="desk")


def applicant(phone: str = "") -> Worker:
    worker = new_worker(phone)
    consent(worker.actor, "verification_consent")
    return worker


def upload(worker: Worker, blobs: MemoryBlobs | None = None) -> uuid.UUID:
    return save_document(actor=worker.actor, picture=LICENCE, blobs=blobs if blobs is not None else MemoryBlobs())


def apply(worker: Worker, blobs: MemoryBlobs | None = None, **changes: Any) -> VerificationView:
    typed = {"name": "JOHN SMITH", "id_type": "passport", "id_number": "E1234567", "nationality": "gbr"} | changes
    documents = typed.pop("document_ids", None) or [upload(worker, blobs)]
    return start_manual_verification(actor=worker.actor, document_ids=documents, **typed)


def look(worker: Worker, started: VerificationView) -> VerificationView:
    return get_verification(actor=worker.actor, verification_id=started.id, faces={})


def test_approved_means_verified_and_the_applicant_is_told() -> None:
    worker, desk, blobs = applicant(), reviewer(), MemoryBlobs()
    started = apply(worker, blobs)
    assert started.status == "reviewing"
    current = get_current_verification(actor=worker.actor, faces={})
    assert current is not None
    assert current.id == started.id
    [card] = list_reviews(actor=desk)
    assert (card.name_masked, card.id_type, card.nationality) == ("J*********", "passport", "GBR")
    shown = get_review(actor=desk, review_id=started.id)
    assert (shown.name, shown.id_number, shown.is_own) == ("JOHN SMITH", "E1234567", False)
    picture = read_review_document(actor=desk, document_id=shown.documents[0].id, blobs=blobs)
    assert (picture.data, picture.media_type) == (LICENCE.data, "image/png")
    approved = approve_review(actor=desk, review_id=started.id)
    assert (approved.card.status, approved.name, approved.id_number) == ("verified", "J*********", "E*****67")
    assert approve_review(actor=desk, review_id=started.id).card.status == "verified", "repeating changes nothing"
    actor = authenticate_worker(token=worker.token).actor
    person = get_profile(actor=actor).person
    assert person is not None
    assert (person.name, person.method, person.id_type) == ("JOHN SMITH", "manual", "passport")
    assert [message.title for message in list_messages(actor=actor)] == ["实名认证审核通过"]
    with reading() as session:
        sms = [found for found in session.scalars(select(SmsMessage)) if found.template == "SMS_REVIEW"]
        actions = set(session.scalars(select(AuditEntry.action)))
    assert [found.phone for found in sms] == [worker.phone]
    assert {"identity.review_opened", "identity.review_document_read", "identity.reviewed"} <= actions
    assert list_reviews(actor=desk) == []
    assert [card.id for card in list_reviews(actor=desk, waiting=False)] == [started.id]


def test_refused_says_why_and_lets_one_try_again() -> None:
    worker, desk = applicant(), reviewer()
    started = apply(worker)
    for reason in ("", " ", "x", "长" * 201):
        with pytest.raises(InvalidInput):
            reject_review(actor=desk, review_id=started.id, reason=reason)
    refused = reject_review(actor=desk, review_id=started.id, reason="照片不清楚，请重新拍摄资料页")
    assert (refused.card.status, refused.name, refused.id_number) == ("failed", None, None)
    seen = look(worker, started)
    assert (seen.status, seen.review_reason) == ("failed", "照片不清楚，请重新拍摄资料页")
    assert "照片不清楚" in list_messages(actor=worker.actor)[0].body
    with reading() as session:
        [entry] = session.scalars(select(AuditEntry.data).where(AuditEntry.action == "identity.reviewed"))
    assert "照片" not in str(entry), "a reviewer may have named somebody, and the log forgets nothing"
    assert entry["reason_index"]
    with pytest.raises(ReviewOver):
        approve_review(actor=desk, review_id=started.id)
    assert apply(worker).status == "reviewing"


def test_only_the_desk_reviews() -> None:
    worker = applicant()
    started = apply(worker)
    for stranger in (worker.actor, verified_worker().actor, Actor(kind=ActorKind.OPERATOR, account_id=new_id())):
        for act in (approve_review, get_review):
            with pytest.raises(NotPermitted):
                act(actor=stranger, review_id=started.id)
        with pytest.raises(NotPermitted):
            reject_review(actor=stranger, review_id=started.id, reason="不行不行")
        with pytest.raises(NotPermitted):
            list_reviews(actor=stranger)
        with pytest.raises(NotPermitted):
            read_review_document(actor=stranger, document_id=new_id(), blobs=MemoryBlobs())
    assert look(worker, started).status == "reviewing"


def test_nobody_reviews_their_own_application() -> None:
    worker = applicant()
    desk, started = reviewer(worker.phone), apply(worker)
    assert get_review(actor=desk, review_id=started.id).is_own
    with pytest.raises(OwnReview):
        approve_review(actor=desk, review_id=started.id)
    with pytest.raises(OwnReview):
        reject_review(actor=desk, review_id=started.id, reason="自己的申请")


def test_nor_from_another_phone() -> None:
    own = applicant()
    approve_review(actor=reviewer(), review_id=apply(own).id)
    desk, elsewhere, stranger = reviewer(own.phone), apply(applicant()), apply(applicant(), id_number="E7654321")
    with pytest.raises(OwnReview):
        approve_review(actor=desk, review_id=elsewhere.id)
    assert [get_review(actor=desk, review_id=one.id).is_own for one in (elsewhere, stranger)] == [True, False]
    approve_review(actor=reviewer(), review_id=elsewhere.id)
    assert get_review(actor=desk, review_id=elsewhere.id).is_own, "afterwards, too"


def test_two_reviewers_at_once_decide_once() -> None:
    worker = applicant()
    started, desks = apply(worker), [reviewer() for _ in range(4)]

    def decide(place: int) -> str:
        try:
            if place % 2:
                return reject_review(actor=desks[place], review_id=started.id, reason="资料不全").card.status
            return approve_review(actor=desks[place], review_id=started.id).card.status
        except DomainError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(decide, range(4)))
    assert outcomes[:3] == ["review_over"] * 3 or outcomes[1:] == ["review_over"] * 3
    assert len(list_messages(actor=worker.actor)) == 1


def test_what_is_needed_for_an_application() -> None:
    worker = applicant()
    for changes, error in (
        ({"nationality": ""}, InvalidInput),
        ({"nationality": "UK"}, InvalidInput),
        ({"id_type": "resident_id", "id_number": "220100199003071013"}, DocumentNotSupported),
        ({"document_ids": [new_id()]}, DocumentsRequired),
        ({"document_ids": [upload(applicant())]}, DocumentsRequired),
        ({"document_ids": [upload(worker) for _ in range(5)]}, DocumentsRequired),
    ):
        with pytest.raises(error):
            apply(worker, **changes)
    used = upload(worker)
    assert apply(worker, document_ids=[used], id_type="taiwan_permit", id_number="12345678", nationality="")
    with pytest.raises(DocumentsRequired):
        apply(worker, document_ids=[used])
    with pytest.raises(ConsentRequired):
        upload(new_worker())


def test_uploads_and_applications_are_limited() -> None:
    worker = applicant()
    for _ in range(UPLOADS_PER_DAY):
        last = upload(worker)
    with pytest.raises(VerificationLimit):
        upload(worker)
    for _ in range(2):
        with pytest.raises(DocumentsRequired):
            apply(worker, document_ids=[new_id()])
    assert apply(worker, document_ids=[last]).status == "reviewing"


def test_three_applications_a_day() -> None:
    with clock_at(START):
        worker = applicant()
    for minute in (1, 2, 3):
        with clock_at(START + timedelta(minutes=minute)):
            apply(worker)
    with clock_at(START + timedelta(minutes=5)), pytest.raises(VerificationLimit):
        apply(worker)


def test_who_was_verified_otherwise_meanwhile_stays_that_person() -> None:
    worker, desk = applicant(), reviewer()
    started = apply(worker)
    verify_by_phone(worker.actor, worker.phone, "张伟", "220100199003071013")
    assert approve_review(actor=desk, review_id=started.id).card.status == "failed"
    person = get_profile(actor=authenticate_worker(token=worker.token).actor).person
    assert person is not None
    assert person.name == "张伟"
    with reading() as session:
        assert [found.name for found in session.scalars(select(Person))] == ["张伟"], "of the other nothing is left"


def test_who_has_an_older_account_may_claim_it_for_days() -> None:
    older, newer, desk = applicant(), applicant(), reviewer()
    approve_review(actor=desk, review_id=apply(older).id)
    with clock_at(START):
        newer = applicant()
        started = apply(newer)
        assert get_review(actor=desk, review_id=started.id).older_phone_masked == mask_phone(older.phone)
        approve_review(actor=desk, review_id=started.id)
    assert "有人申请找回您的账号" in [message.title for message in list_messages(actor=older.actor)]
    with clock_at(START + timedelta(days=6)):
        assert look(newer, started).claim == OlderAccount(mask_phone(older.phone), proof_wanted=False)
    with clock_at(START + timedelta(days=7)):
        assert look(newer, started).claim is None


def test_an_application_can_be_taken_back_and_expires() -> None:
    worker, desk = applicant(), reviewer()
    started = apply(worker)
    withdraw_consent(actor=worker.actor, kind="verification_consent")
    assert look(worker, started).status == "cancelled"
    with pytest.raises(ReviewOver):
        approve_review(actor=desk, review_id=started.id)
    with clock_at(START):
        late = applicant()
        waiting = apply(late)
    with clock_at(START + timedelta(days=30)):
        assert list_reviews(actor=desk) == []
        with pytest.raises(ReviewOver):
            approve_review(actor=desk, review_id=waiting.id)
        assert forget_stale_claims() == 1
        assert look(late, waiting).status == "expired"
        assert [message.title for message in list_messages(actor=late.actor)] == ["实名认证审核超时"]


def test_pictures_go_with_the_consent() -> None:
    worker, desk, blobs = applicant(), reviewer(), MemoryBlobs()
    started = apply(worker, blobs)
    [document] = get_review(actor=desk, review_id=started.id).documents
    withdraw_consent(actor=worker.actor, kind="verification_consent")
    with pytest.raises(ReviewDocumentNotFound):
        read_review_document(actor=desk, document_id=document.id, blobs=blobs)
    assert forget_review_documents() == 1
    with reading() as session:
        assert session.scalars(select(StoredFile)).all() == []


def test_an_account_that_was_given_up_meanwhile_is_nobodys() -> None:
    older, newer, desk = verified_worker(), new_worker(), reviewer()
    consent(newer.actor, "verification_consent")
    with clock_at(START):
        approved = apply(newer, document_ids=[upload(newer)])
    with clock_at(START + timedelta(hours=1)):
        refused = apply(newer, id_number="E7654321")
    by_bank = start_bank_verification(
        actor=newer.actor, name=older.name, id_number=older.id_number, card_number="6299000000000000903",
        bank_phone=newer.phone, bank=FakeBank(),
    )  # fmt: skip
    confirm_verification_code(actor=newer.actor, verification_id=by_bank.id, code=last_code(newer.phone, "SMS_VERIFY"))
    claim_account(actor=newer.actor, verification_id=by_bank.id, **CLIENT)
    assert get_review(actor=desk, review_id=approved.id).phone_masked == "****"
    assert approve_review(actor=desk, review_id=approved.id).card.status == "failed"
    assert reject_review(actor=desk, review_id=refused.id, reason="账号已停用").card.status == "failed"
    with reading() as session:
        assert [sms for sms in session.scalars(select(SmsMessage)) if sms.template == "SMS_REVIEW"] == []


def test_lists_go_on_where_they_stopped() -> None:
    desk, started = reviewer(), []
    for minute in range(5):
        with clock_at(START + timedelta(minutes=minute)):
            started.append(apply(applicant()).id)
    with clock_at(START + timedelta(hours=1)):
        first = list_reviews(actor=desk, limit=2)
        assert [card.id for card in first] == started[:2]
        assert [card.id for card in list_reviews(actor=desk, before=first[-1].id)] == started[2:]
        for review_id in started:
            reject_review(actor=desk, review_id=review_id, reason="资料不全")
        decided = list_reviews(actor=desk, waiting=False, limit=3)
        rest = list_reviews(actor=desk, waiting=False, before=decided[-1].id)
        assert {card.id for card in (*decided, *rest)} == set(started)
        assert len(decided) + len(rest) == 5


def test_pictures_go_some_time_after_the_decision_and_hashes_stay() -> None:
    desk, blobs = reviewer(), MemoryBlobs()
    with clock_at(START):
        worker = applicant()
        started = apply(worker, blobs)
        kept = apply(applicant(), blobs)
        upload(worker, blobs)
        reject_review(actor=desk, review_id=started.id, reason="资料不全")
    with clock_at(START + timedelta(days=2)):
        assert forget_review_documents() == 1, "the one that was never used"
        document = get_review(actor=desk, review_id=started.id).documents[0]
        assert document.is_kept
        assert read_review_document(actor=desk, document_id=document.id, blobs=blobs).data == LICENCE.data
    with clock_at(START + timedelta(days=29)):
        assert forget_review_documents() == 0
    with clock_at(START + timedelta(days=30)):
        assert forget_review_documents() == 1
        document = get_review(actor=desk, review_id=started.id).documents[0]
        assert (document.is_kept, document.sha256) == (False, LICENCE.sha256)
        with pytest.raises(ReviewDocumentNotFound):
            read_review_document(actor=desk, document_id=document.id, blobs=blobs)
    with reading() as session:
        assert len(session.scalars(select(StoredFile)).all()) == 1, "that of the application that waits"
        waiting = select(VerificationDocument).where(VerificationDocument.verification_id == kept.id)
        assert session.scalars(waiting).one().deleted_at is None


def test_what_is_not_there_is_not_found() -> None:
    desk = reviewer()
    with pytest.raises(ReviewNotFound):
        get_review(actor=desk, review_id=new_id())
    with pytest.raises(ReviewDocumentNotFound):
        read_review_document(actor=desk, document_id=upload(applicant()), blobs=MemoryBlobs())
