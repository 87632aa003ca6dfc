"""Consents: to a version, provable, withdrawn as easily as given (B1; PIPL 14-16)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import clock_at
from app.core.db import reading
from app.identity import consents as consents_module
from app.identity.consents import give_consent, list_consents, require_consent, withdraw_consent
from app.identity.errors import ConsentRequired, TextNotFound, TextOutdated
from app.identity.models import Consent, ConsentKind
from app.identity.texts import ConsentText, get_text
from tests.factories import consent, new_employer, new_worker

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
FACE = ConsentKind.FACE_CONSENT


def agreed(actor: Actor, kind: ConsentKind = FACE) -> bool:
    with reading() as session:
        try:
            require_consent(session, actor, kind)
        except ConsentRequired:
            return False
    return True


def test_consent_is_asked_for_given_and_withdrawn() -> None:
    actor = new_worker().actor
    assert not agreed(actor)
    consent(actor, FACE)
    assert agreed(actor)
    assert not agreed(actor, ConsentKind.ESIGN_CONSENT)
    withdraw_consent(actor=actor, kind=FACE)
    assert not agreed(actor)
    withdraw_consent(actor=actor, kind=FACE)
    consent(actor, FACE)
    assert agreed(actor)


def test_the_error_names_the_text_to_show() -> None:
    actor = new_worker().actor
    with reading() as session, pytest.raises(ConsentRequired) as refused:
        require_consent(session, actor, FACE)
    assert refused.value.details["kind"] == "face_consent"
    assert "人脸信息处理单独同意书" in refused.value.text_zh
    assert refused.value.http_status == 403


def test_what_was_agreed_to_can_be_proved() -> None:
    with clock_at(START):
        actor = new_worker().actor
        consent(actor, FACE)
    with clock_at(START + timedelta(days=1)):
        consent(actor, FACE)  # a second tap changes nothing
        withdraw_consent(actor=actor, kind=FACE)
    with reading() as session:
        row = session.scalars(select(Consent).where(Consent.kind == FACE)).one()
        assert (row.version, row.text_sha256) == (get_text(FACE).version, get_text(FACE).sha256)
        assert (row.given_at, row.withdrawn_at) == (START, START + timedelta(days=1))
        assert (row.ip, row.device, row.channel) == ("127.0.0.1", "test phone", "h5")


def test_consent_to_an_old_version_is_no_consent_to_the_new(monkeypatch: pytest.MonkeyPatch) -> None:
    actor, old = new_worker().actor, get_text(FACE)
    consent(actor, FACE)

    def newer(kind: str) -> ConsentText:
        return replace(old, version="2099-01") if kind == FACE else get_text(kind)

    monkeypatch.setattr(consents_module, "get_text", newer)
    assert not agreed(actor)
    with pytest.raises(TextOutdated):
        give_consent(actor=actor, kind=FACE, version=old.version)
    give_consent(actor=actor, kind=FACE, version="2099-01")
    assert agreed(actor)
    withdraw_consent(actor=actor, kind=FACE)
    with reading() as session:
        assert all(row.withdrawn_at for row in session.scalars(select(Consent).where(Consent.kind == FACE)))


def test_one_accounts_consent_is_not_anothers() -> None:
    worker, other, employer = new_worker(), new_worker(), new_employer()
    consent(worker.actor, FACE)
    assert not agreed(other.actor)
    assert not agreed(employer.actor)
    assert [view.kind for view in list_consents(actor=worker.actor)] == list(ConsentKind)
    assert {v.kind for v in list_consents(actor=worker.actor) if v.is_current} - {
        v.kind for v in list_consents(actor=other.actor) if v.is_current
    } == {"face_consent"}


def test_only_published_texts_can_be_agreed_to() -> None:
    actor = new_worker().actor
    with pytest.raises(TextNotFound):
        give_consent(actor=actor, kind="anything", version="2026-11")
    with pytest.raises(TextNotFound):
        withdraw_consent(actor=actor, kind="anything")
    with pytest.raises(TextOutdated):
        give_consent(actor=actor, kind=FACE, version="")
