"""A person's own certificate and its PIN: activate, change, forget, renew, revoke (E6; T-03)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.accounts.errors import CodeExpired, CodeWrong, PasswordWrong
from app.accounts.passwords import request_password_code, set_password
from app.audit.models import AuditEntry
from app.core.checks import Outcome
from app.core.db import reading
from app.core.errors import DomainError, InvalidInput
from app.identity.errors import (
    ConsentRequired,
    FaceCheckNotPassed,
    FaceCheckUsed,
    FaceUnavailable,
    VerificationRequired,
)
from app.identity.models import IdType, Person
from app.jobs.models import Job
from app.notifications.service import list_messages
from app.signing.certificate_jobs import issue_certificate, request_of
from app.signing.certificates import obtain_certificate
from app.signing.errors import (
    CertificateNotDue,
    CertificateRequired,
    PasswordTooNew,
    PinJustChanged,
    PinLocked,
    PinRefused,
    PinWrong,
)
from app.signing.models import Certificate, PersonalCertificate
from app.signing.personal_certificates import (
    activate_certificate,
    change_pin,
    get_own_certificate,
    renew_certificate,
    revoke_certificate,
)
from app.signing.pin_policy import parse_new_pin
from app.signing.pins import TRIES, prove_pin
from app.signing.second_proof import SecondProof, start_certificate_face_check
from tests.accounts.password_world import GOOD, cheap_hashes
from tests.contracts.conftest import one_page_pdf
from tests.contracts.pin_world import OTHER, PIN, activate, code_for
from tests.contracts.world import NO_FACE, World, world
from tests.factories import (
    Worker,
    consent,
    last_code,
    new_employer,
    new_worker,
    verified_worker,
    verify_by_phone,
)
from tests.fakes import FakeFace

__all__ = ["cheap_hashes", "one_page_pdf", "world"]

pytestmark = pytest.mark.usefixtures("cheap_hashes")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def status(person: Worker) -> str:
    return get_own_certificate(actor=person.actor).status


def own_row() -> PersonalCertificate:
    with reading() as session:
        return session.scalars(select(PersonalCertificate)).one()


def logged(*actions: str) -> list[AuditEntry]:
    with reading() as session:
        found = select(AuditEntry).where(AuditEntry.action.startswith("certificate.")).order_by(AuditEntry.number)
        return [entry for entry in session.scalars(found) if not actions or entry.action in actions]


class TestPolicy:
    @pytest.mark.parametrize(
        "pin",
        [
            "12345", "1234567", "12345a", "", "１２３４５６", "111111", "123456", "654321", "890123", "210987",
            "121212", "123123", "123321", "110011", "520131", "147258",
            "900307", "199003", "070390", "030790", "307002",
            "391234", "345678",
        ],
    )  # fmt: skip
    def test_what_a_pin_may_not_be(self, pin: str) -> None:
        person = Person(id_type=IdType.RESIDENT_ID)
        person.name, person.id_number = "张伟", "220100199003070020"
        with pytest.raises(PinRefused) as refused:
            parse_new_pin(pin, person=person, phone="13912345678")
        assert list(refused.value.fields) == ["pin"]

    def test_full_width_digits_are_digits(self) -> None:
        person = Person(id_type=IdType.PASSPORT)
        person.name, person.id_number = "JOHN DOE", "E12345678"
        assert parse_new_pin("８０４９１７", person=person, phone="13912345678") == PIN
        with pytest.raises(PinRefused):
            parse_new_pin("345678", person=person, phone="13800000000")


@ON_SQLITE
def test_a_verified_person_agrees_types_a_code_and_has_a_certificate(world: World) -> None:
    with pytest.raises(VerificationRequired):
        get_own_certificate(actor=new_worker().actor)
    worker = verified_worker()
    assert get_own_certificate(actor=worker.actor).had_pin is False
    with pytest.raises(ConsentRequired):
        activate_certificate(actor=worker.actor, pin=PIN, code="000000")
    consent(worker.actor, "certificate_agreement")
    with pytest.raises(PinRefused):
        activate_certificate(actor=worker.actor, pin="123456", code=code_for(worker))
    code = last_code(worker.phone, "SMS_CERTIFICATE")
    with pytest.raises(CodeWrong):
        activate_certificate(actor=worker.actor, pin=PIN, code=f"{(int(code) + 1) % 1_000_000:06d}")
    assert activate_certificate(actor=worker.actor, pin=PIN, code=code).status == "issuing"
    world.settle()
    view = get_own_certificate(actor=worker.actor)
    assert (view.status, view.renewable, view.pin_locked) == ("active", False, False)
    assert view.details is not None
    assert (view.details.subject, view.details.issuer) == ("张*", "测试根证书")
    assert [message.title for message in list_messages(actor=worker.actor)] == ["数字证书已生效", "证书密码已设置"]
    world.check()


@ON_SQLITE
def test_a_code_lives_five_minutes_and_only_for_this(world: World) -> None:
    worker = verified_worker()
    consent(worker.actor, "certificate_agreement")
    code = code_for(worker)
    world.pass_time(minutes=5, seconds=1)
    with pytest.raises(CodeExpired):
        activate_certificate(actor=worker.actor, pin=PIN, code=code)
    request_password_code(actor=worker.actor)
    with pytest.raises(CodeExpired):
        activate_certificate(actor=worker.actor, pin=PIN, code=last_code(worker.phone, "SMS_PASSWORD"))


@ON_SQLITE
def test_only_a_keyed_hash_is_kept_and_each_try_is_on_the_log(world: World) -> None:
    worker = verified_worker()
    activate(world, worker)
    assert own_row().pin_hash.startswith("$argon2id$")
    with pytest.raises(PinWrong):
        prove_pin(actor=worker.actor, pin=OTHER, about="test")
    prove_pin(actor=worker.actor, pin=PIN, about="test")
    assert [(entry.action, entry.data["attempts_left"]) for entry in logged() if "about" in entry.data] == [
        ("certificate.pin_wrong", 4), ("certificate.pin_right", 5),
    ]  # fmt: skip
    told = str([(entry.data, entry.subject) for entry in logged()])
    assert PIN not in told
    assert OTHER not in told


@ON_SQLITE
def test_five_wrong_tries_lock_until_a_new_pin_is_set(world: World) -> None:
    worker = verified_worker()
    activate(world, worker)
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(PinWrong) as wrong:
            prove_pin(actor=worker.actor, pin=OTHER, about="test")
        assert wrong.value.details == {"attempts_left": left}
    for pin in (OTHER, PIN):
        with pytest.raises(PinLocked):
            prove_pin(actor=worker.actor, pin=pin, about="test")
    world.pass_time(days=2)
    with pytest.raises(PinLocked):
        change_pin(actor=worker.actor, pin=OTHER, current_pin=PIN)
    assert list_messages(actor=worker.actor)[0].title == "证书密码已锁定"
    assert get_own_certificate(actor=worker.actor).pin_locked
    activate(world, worker, OTHER, by_face(world, worker))
    prove_pin(actor=worker.actor, pin=OTHER, about="test")
    assert (status(worker), own_row().wrong) == ("active", 0)
    assert world.authority.issued == ["person"], "the certificate stayed"


@ON_SQLITE
def test_its_person_is_told_whichever_account_tried(world: World) -> None:
    """Who made the SIM card anew opens an operator's account with it, in the name of whom it belongs to."""
    worker, thief = verified_worker(), new_employer()
    activate(world, worker)
    consent(thief.actor, "verification_consent")
    verify_by_phone(thief.actor, thief.phone, worker.name, worker.id_number)
    there = replace(thief.actor, person_id=worker.actor.person_id)
    for _ in range(TRIES):
        with pytest.raises((PinWrong, PinLocked)):
            prove_pin(actor=there, pin=OTHER, about="guess")
    for account in (worker.actor, there):
        assert list_messages(actor=account)[0].title == "证书密码已锁定"


def by_face(world: World, worker: Worker) -> SecondProof:
    check = start_certificate_face_check(actor=worker.actor, way=NO_FACE, faces=world.providers.faces)
    return SecondProof(face_check_id=check.id)


@ON_SQLITE
def test_who_had_a_pin_needs_a_second_proof(world: World) -> None:
    worker = verified_worker()
    with pytest.raises(CertificateRequired):
        by_face(world, worker)
    activate(world, worker)
    world.pass_time(seconds=61)
    code = code_for(worker)

    def reset(second: SecondProof | None, pin: str = OTHER) -> None:
        activate_certificate(actor=worker.actor, pin=pin, code=code, second=second, faces=world.providers.faces)

    with pytest.raises(InvalidInput) as missing:
        reset(None)
    assert list(missing.value.fields) == ["proof"]
    stranger = verified_worker("王芳")
    activate(world, stranger)
    with pytest.raises(DomainError):
        reset(by_face(world, stranger))
    face = by_face(world, worker)
    with pytest.raises(FaceUnavailable):
        activate_certificate(
            actor=worker.actor, pin=OTHER, code=code, second=face, faces={"alipay": FakeFace(Outcome.UNAVAILABLE)}
        )
    reset(face)
    world.pass_time(seconds=61)
    code = code_for(worker)
    with pytest.raises((FaceCheckUsed, FaceCheckNotPassed)):
        reset(face, PIN)
    prove_pin(actor=worker.actor, pin=OTHER, about="test")


@ON_SQLITE
def test_a_login_password_is_a_second_proof_once_it_is_a_day_old(world: World) -> None:
    """A code alone sets one, so a fresh one would prove nothing more."""
    worker = verified_worker()
    activate(world, worker)
    request_password_code(actor=worker.actor)
    set_password(actor=worker.actor, password=GOOD, code=last_code(worker.phone, "SMS_PASSWORD"))
    world.pass_time(seconds=61)
    values = {"actor": worker.actor, "pin": OTHER, "code": code_for(worker)}
    with pytest.raises(PasswordTooNew):
        activate_certificate(second=SecondProof(password=GOOD), **values)
    world.pass_time(hours=24)
    values["code"] = code_for(worker)
    with pytest.raises(PasswordWrong):
        activate_certificate(second=SecondProof(password="another one 1"), **values)
    activate_certificate(second=SecondProof(password=GOOD), **values)
    prove_pin(actor=worker.actor, pin=OTHER, about="test")


@ON_SQLITE
def test_changing_asks_for_the_old_pin(world: World) -> None:
    worker = verified_worker()
    with pytest.raises(CertificateRequired):
        change_pin(actor=worker.actor, pin=OTHER, current_pin=PIN)
    activate(world, worker)
    with pytest.raises(PinRefused):
        change_pin(actor=worker.actor, pin="111111", current_pin=PIN)
    with pytest.raises(PinRefused):
        change_pin(actor=worker.actor, pin=PIN, current_pin=PIN)
    with pytest.raises(PinWrong):
        change_pin(actor=worker.actor, pin=OTHER, current_pin="713582")
    change_pin(actor=worker.actor, pin=OTHER, current_pin=PIN)
    with pytest.raises(PinWrong):
        prove_pin(actor=worker.actor, pin=PIN, about="test")
    prove_pin(actor=worker.actor, pin=OTHER, about="test")


@ON_SQLITE
def test_renewing_before_and_after_the_end(world: World) -> None:
    worker = verified_worker()
    world.authority.days = 40
    activate(world, worker)
    with pytest.raises(CertificateNotDue):
        renew_certificate(actor=worker.actor, pin=PIN)
    world.pass_time(days=11)
    with pytest.raises(PinWrong):
        renew_certificate(actor=worker.actor, pin=OTHER)
    for _ in range(2):  # a second tap asks for nothing more
        view = renew_certificate(actor=worker.actor, pin=PIN)
        assert (view.status, view.renewing) == ("active", True)
    world.settle()
    world.check()
    assert world.authority.issued == ["person"] * 2
    world.pass_time(days=41)
    world.settle()
    assert status(worker) == "expired"
    with reading() as session:
        assert not [row.id for row in session.scalars(select(Certificate)) if row.key_reference], "ended keys are gone"
    renew_certificate(actor=worker.actor, pin=PIN)
    world.settle()
    assert status(worker) == "active"


@ON_SQLITE
def test_revoking_ends_it_at_once_and_it_can_be_activated_anew(world: World) -> None:
    worker = verified_worker()
    assert revoke_certificate(actor=worker.actor).status == "none"
    activate(world, worker)
    for _ in range(2):
        assert revoke_certificate(actor=worker.actor).status == "revoked"
    world.settle()
    world.check()
    with pytest.raises(CertificateRequired):
        renew_certificate(actor=worker.actor, pin=PIN)
    assert len(logged("certificate.revoked")) == 1
    ended = get_own_certificate(actor=worker.actor).details
    world.pass_time(seconds=61)
    second, code = by_face(world, worker), code_for(worker)
    activate_certificate(actor=worker.actor, pin=PIN, code=code, second=second, faces=world.providers.faces)
    assert revoke_certificate(actor=worker.actor).details == ended, "an order was cancelled, nothing revoked anew"
    world.settle()
    activate(world, worker, OTHER, by_face(world, worker))
    assert status(worker) == "active"
    world.check()


@ON_SQLITE
def test_a_certificate_that_comes_after_its_order_was_cancelled_is_never_used(world: World) -> None:
    worker = verified_worker()
    consent(worker.actor, "certificate_agreement")
    activate_certificate(actor=worker.actor, pin=PIN, code=code_for(worker))
    world.authority.meanwhile = lambda: revoke_certificate(actor=worker.actor)
    world.settle()
    assert (status(worker), own_row().order_id) == ("none", None)
    world.check()


@ON_SQLITE
def test_a_key_that_was_made_before_a_power_cut_goes_when_its_order_was_cancelled(world: World) -> None:
    worker = verified_worker()
    consent(worker.actor, "certificate_agreement")
    activate_certificate(actor=worker.actor, pin=PIN, code=code_for(worker))
    order = own_row().order_id
    assert order is not None
    with reading() as session:
        person = session.scalars(select(Person)).one()
    ports = world.ports
    obtain_certificate(
        request_of(order, person), algorithm=ports.key_algorithm, authority=ports.authority, key_store=ports.key_store
    )
    revoke_certificate(actor=worker.actor)
    world.settle()
    with reading() as session:
        [left] = session.scalars(select(Certificate))
    assert left.revoked_at is not None
    assert left.key_reference is None
    world.check()


@ON_POSTGRES
def test_a_hundred_guesses_at_once_get_five_looks(world: World) -> None:
    worker = verified_worker()
    activate(world, worker)

    def guess(number: int) -> str:
        try:
            prove_pin(actor=worker.actor, pin=f"{number:06d}", about="guess")
        except (PinWrong, PinLocked) as refused:
            return refused.code
        return "right"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(20)))
    assert answers.count("pin_wrong") <= TRIES - 1
    assert len(logged("certificate.pin_wrong")) == TRIES
    with pytest.raises(PinLocked):
        prove_pin(actor=worker.actor, pin=PIN, about="guess")


@ON_POSTGRES
def test_of_two_activations_at_once_one_counts(world: World) -> None:
    worker = verified_worker()
    consent(worker.actor, "certificate_agreement")
    code = code_for(worker)

    def attempt(pin: str) -> str:
        try:
            activate_certificate(actor=worker.actor, pin=pin, code=code)
        except (CodeExpired, PinJustChanged, InvalidInput):
            return ""
        return pin

    with ThreadPoolExecutor(2) as pool:
        (won,) = [pin for pin in pool.map(attempt, (PIN, OTHER)) if pin]
    world.settle()
    prove_pin(actor=worker.actor, pin=won, about="test")
    assert world.authority.issued == ["person"]
    with reading() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "signing.issue_certificate"))
    ports = world.ports
    issue_certificate(  # the job again, as after a crash
        **job.payload, algorithm=ports.key_algorithm, authority=ports.authority, key_store=ports.key_store
    )
    world.check()
    assert world.authority.issued == ["person"]
