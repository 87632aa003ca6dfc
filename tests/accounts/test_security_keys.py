"""Security keys: added with a fresh proof, good for one challenge each, gone when removed (A10; T-27)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.errors import (
    CodeWrong,
    SecurityKeyCeremonyOver,
    SecurityKeyCopied,
    SecurityKeyKnown,
    SecurityKeyLimit,
    SecurityKeyRefused,
    SecurityKeysNotOffered,
    SecurityKeyUnlocked,
)
from app.accounts.fresh_proof import FreshProof, request_proof_code
from app.accounts.key_ceremonies import KeyOptions, RelyingParty, relying_party_of
from app.accounts.passwords import request_password_code, set_password
from app.accounts.security_keys import (
    MOST,
    begin_key_login,
    begin_key_proof,
    begin_key_registration,
    finish_key_registration,
    list_security_keys,
    remove_security_key,
    rename_security_key,
)
from app.accounts.sessions import LoggedIn
from app.audit.models import AuditEntry
from app.core.actor import Actor
from app.core.clock import clock_at, now
from app.core.db import reading
from app.core.errors import InvalidInput, NotFound
from app.identity.errors import AgreementRequired
from app.identity.login import log_in_by_security_key
from app.notifications.service import list_messages
from tests.factories import agreements, last_code, new_employer, new_phone
from tests.support.authenticator import Authenticator
from tests.support.security_keys import PARTY, add_key, by_code

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PASSWORD = "Chang Chun 2026"


def ask(phone: str = "") -> KeyOptions:
    return begin_key_login(account_kind="operator", phone=phone, party=PARTY)


def answer(begun: KeyOptions, credential: dict[str, Any], party: RelyingParty | None = PARTY) -> LoggedIn:
    return log_in_by_security_key(
        ceremony_id=begun.ceremony_id, credential=credential, agreements=agreements(), party=party, channel="console",
        ip="127.0.0.1", device="test",
    )  # fmt: skip


def titles(actor: Actor) -> list[str]:
    return [message.title for message in list_messages(actor=actor)]


def test_a_key_logs_its_owner_in() -> None:
    employer = new_employer()
    key = add_key(employer)
    begun = ask(employer.phone)
    assert [one["id"] for one in begun.options["allowCredentials"]] == [key.id]
    opened = answer(begun, key.get(begun.options))
    assert opened.actor.account_id == employer.actor.account_id
    assert opened.actor.organisation_id is None
    (seen,) = list_security_keys(actor=employer.actor)
    assert (seen.name, seen.last_used_at is not None) == ("办公室的 UKey", True)
    assert titles(employer.actor) == ["已添加安全密钥"]
    with reading() as session:
        entries = session.scalars(select(AuditEntry.data).where(AuditEntry.action == "account.logged_in"))
        assert [entry["by"] for entry in entries] == ["security_key"]


def test_a_key_that_knows_its_owner_needs_no_phone() -> None:
    employer = new_employer()
    key, begun = add_key(employer), ask()
    assert begun.options["allowCredentials"] == []
    assert answer(begun, key.get(begun.options)).actor.account_id == employer.actor.account_id


def test_an_unknown_phone_is_answered_like_one_without_keys_and_always_the_same() -> None:
    unknown, without = new_phone(), new_employer()
    first, again, other = ask(unknown).options, ask(unknown).options, ask(without.phone).options
    assert first["allowCredentials"] == again["allowCredentials"] != other["allowCredentials"]
    for one in first["allowCredentials"] + other["allowCredentials"]:
        assert (one["type"], "transports" in one) == ("public-key", False)


def test_made_up_keys_are_as_many_and_as_long_as_real_ones() -> None:
    made_up = [ask(new_phone()).options["allowCredentials"] for _ in range(40)]
    assert {len(keys) for keys in made_up} >= {1, 2}
    lengths = {len(one["id"]) for keys in made_up for one in keys}
    assert len(lengths) > 2
    assert len(Authenticator().id) in lengths


def test_a_key_that_does_not_know_its_user_is_neither_added_nor_believed() -> None:
    employer, found = new_employer(), Authenticator(has_pin=False)
    with pytest.raises(SecurityKeyUnlocked):
        add_key(employer, key=found)
    assert list_security_keys(actor=employer.actor) == []
    with clock_at(now() + timedelta(minutes=2)):
        key = add_key(employer)
        begun = ask(employer.phone)
        assert begun.options["userVerification"] == "required"
        key.has_pin = False
        with pytest.raises(SecurityKeyUnlocked):
            answer(begun, key.get(begun.options))


def test_a_challenge_is_answered_once() -> None:
    employer = new_employer()
    key, begun = add_key(employer), ask(employer.phone)
    credential = key.get(begun.options)
    answer(begun, credential)
    with pytest.raises(SecurityKeyCeremonyOver):
        answer(begun, credential)


def test_a_wrong_answer_spends_the_challenge() -> None:
    employer = new_employer()
    key, begun = add_key(employer), ask(employer.phone)
    stranger = Authenticator(credential_id=key.credential_id)
    with pytest.raises(SecurityKeyRefused):
        answer(begun, stranger.get(begun.options))
    with pytest.raises(SecurityKeyCeremonyOver):
        answer(begun, key.get(begun.options))


def test_a_challenge_lives_two_minutes() -> None:
    employer = new_employer()
    key = add_key(employer)
    with clock_at(START):
        begun = ask(employer.phone)
    with clock_at(START + timedelta(minutes=2)), pytest.raises(SecurityKeyCeremonyOver):
        answer(begun, key.get(begun.options))


@pytest.mark.parametrize("fault", ["origin", "domain", "challenge", "nonsense", "empty"])
def test_an_answer_for_something_else_opens_nothing(fault: str) -> None:
    employer = new_employer()
    key, begun = add_key(employer), ask(employer.phone)
    options = dict(begun.options)
    if fault == "origin":
        key.origin = "http://localhost.evil.example"
    elif fault == "domain":
        options["rpId"] = "evil.example"
    elif fault == "challenge":
        options["challenge"] = ask(employer.phone).options["challenge"]
    credential: dict[str, Any] = key.get(options)
    if fault == "nonsense":
        credential["response"]["signature"] = "AAAA"
    with pytest.raises(SecurityKeyRefused):
        answer(begun, {} if fault == "empty" else credential)


def test_a_challenge_for_adding_or_proving_logs_nobody_in() -> None:
    employer = new_employer()
    key = add_key(employer)
    begun = begin_key_proof(actor=employer.actor, party=PARTY)
    with pytest.raises(SecurityKeyCeremonyOver):
        answer(begun, key.get(begun.options))


def test_a_counter_that_does_not_grow_is_refused_and_told() -> None:
    employer = new_employer()
    key = add_key(employer)
    for _ in range(2):
        begun = ask(employer.phone)
        answer(begun, key.get(begun.options))
    key.count -= 1
    begun = ask(employer.phone)
    with pytest.raises(SecurityKeyCopied):
        answer(begun, key.get(begun.options))
    assert "安全密钥可能已被复制" in titles(employer.actor)


def test_agreements_come_first() -> None:
    employer = new_employer()
    key, begun = add_key(employer), ask(employer.phone)
    with pytest.raises(AgreementRequired):
        log_in_by_security_key(
            ceremony_id=begun.ceremony_id, credential=key.get(begun.options), agreements=[], party=PARTY,
            channel="console", ip="127.0.0.1", device="test",
        )  # fmt: skip


def test_adding_needs_a_fresh_proof() -> None:
    employer = new_employer()
    with pytest.raises(InvalidInput):
        begin_key_registration(actor=employer.actor, proof=FreshProof(), party=PARTY)
    request_proof_code(actor=employer.actor)
    wrong = "000000" if last_code(employer.phone) != "000000" else "111111"
    with pytest.raises(CodeWrong):
        begin_key_registration(actor=employer.actor, proof=FreshProof(code=wrong), party=PARTY)


def test_the_password_or_a_key_is_proof_too() -> None:
    employer = new_employer()
    key = add_key(employer)
    request_password_code(actor=employer.actor)
    set_password(actor=employer.actor, password=PASSWORD, code=last_code(employer.phone, "SMS_PASSWORD"))
    begin_key_registration(actor=employer.actor, proof=FreshProof(password=PASSWORD), party=PARTY)
    begun = begin_key_proof(actor=employer.actor, party=PARTY)
    proof = FreshProof(ceremony_id=begun.ceremony_id, credential=key.get(begun.options))
    remove_security_key(
        actor=employer.actor, key_id=list_security_keys(actor=employer.actor)[0].id, proof=proof, party=PARTY
    )
    assert list_security_keys(actor=employer.actor) == []


def test_somebody_elses_key_is_no_proof() -> None:
    owner, other = new_employer(), new_employer()
    key = add_key(owner)
    add_key(other)
    begun = begin_key_proof(actor=other.actor, party=PARTY)
    with pytest.raises(SecurityKeyRefused):
        begin_key_registration(
            actor=other.actor, proof=FreshProof(ceremony_id=begun.ceremony_id, credential=key.get(begun.options)),
            party=PARTY,
        )  # fmt: skip


def test_one_key_belongs_to_one_account() -> None:
    key = add_key(new_employer())
    with pytest.raises(SecurityKeyKnown):
        add_key(new_employer(), key=key)


def test_a_challenge_is_for_the_account_that_asked() -> None:
    owner, thief = new_employer(), new_employer()
    begun = begin_key_registration(actor=owner.actor, proof=by_code(owner), party=PARTY)
    with pytest.raises(SecurityKeyCeremonyOver):
        finish_key_registration(
            actor=thief.actor, ceremony_id=begun.ceremony_id, credential=Authenticator().create(begun.options),
            name="UKey", party=PARTY,
        )  # fmt: skip


def test_keys_have_names_and_there_are_not_too_many() -> None:
    employer = new_employer()
    for number in range(MOST):
        with clock_at(START + timedelta(hours=number)):
            add_key(employer, f"第 {number} 个")
    with pytest.raises(SecurityKeyLimit):
        begin_key_registration(actor=employer.actor, proof=FreshProof(code="000000"), party=PARTY)
    first = list_security_keys(actor=employer.actor)[0]
    assert rename_security_key(actor=employer.actor, key_id=first.id, name="  家里的 ").name == "家里的"
    for bad in ("", " ", "长" * 41):
        with pytest.raises(InvalidInput):
            rename_security_key(actor=employer.actor, key_id=first.id, name=bad)


def test_a_removed_key_opens_nothing_and_others_cannot_touch_it() -> None:
    employer, other = new_employer(), new_employer()
    key = add_key(employer)
    (shown,) = list_security_keys(actor=employer.actor)
    with pytest.raises(NotFound):
        rename_security_key(actor=other.actor, key_id=shown.id, name="我的")
    with pytest.raises(NotFound):
        remove_security_key(actor=other.actor, key_id=shown.id, proof=by_code(other), party=PARTY)
    with clock_at(START + timedelta(days=400)):
        remove_security_key(actor=employer.actor, key_id=shown.id, proof=by_code(employer), party=PARTY)
    begun = ask(employer.phone)
    with pytest.raises(SecurityKeyRefused):
        answer(begun, key.get(begun.options))


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://ht.example.cn", RelyingParty("ht.example.cn", "https://ht.example.cn")),
        ("http://127.0.0.1:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("https://203.0.113.7", None),
    ],
)
def test_keys_know_us_by_our_domain(url: str, party: RelyingParty | None) -> None:
    assert relying_party_of(url) == party


def test_without_a_domain_there_are_no_keys() -> None:
    with pytest.raises(SecurityKeysNotOffered):
        begin_key_login(account_kind="operator", phone="", party=None)
