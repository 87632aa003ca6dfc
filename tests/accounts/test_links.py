"""Links in SMS open one thing for the owner of one phone, and tell nothing (A7; T-05, T-06)."""

import uuid
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.errors import LinkExpired, LinkForOtherPhone, LinkNotFound
from app.accounts.links import LinkPreview, LinkPurpose, Target, claim_link, issue_link, preview_link, revoke_links
from app.accounts.models import SmsLink
from app.core.clock import clock_at
from app.core.db import reading, transaction
from tests.factories import new_phone, new_worker

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CONTRACT, ORGANISATION = uuid.uuid4(), uuid.uuid4()


def issue(phone: str, target: uuid.UUID = CONTRACT) -> str:
    with transaction() as session:
        return issue_link(
            session, purpose=LinkPurpose.CONTRACT, target=("contract", target), phone=phone,
            organisation_id=ORGANISATION, expires_at=START + timedelta(days=30),
        )  # fmt: skip


def test_a_link_leads_the_owner_of_the_phone_to_its_target_again_and_again() -> None:
    with clock_at(START):
        worker = new_worker()
        token = issue(worker.phone)
        for _ in range(2):
            assert claim_link(actor=worker.actor, token=token) == Target("contract", CONTRACT)


def test_before_login_a_link_tells_only_the_sender_and_the_purpose() -> None:
    with clock_at(START):
        assert preview_link(token=issue(new_phone())) == LinkPreview(
            "contract", ORGANISATION, START + timedelta(days=30)
        )
    assert {field.name for field in fields(LinkPreview)} == {"purpose", "organisation_id", "expires_at"}


def test_the_first_look_is_remembered() -> None:
    with clock_at(START):
        token = issue(new_phone())
    for minutes in (5, 9):
        with clock_at(START + timedelta(minutes=minutes)):
            preview_link(token=token)
    with reading() as session:
        assert session.scalars(select(SmsLink.opened_at)).one() == START + timedelta(minutes=5)


def test_somebody_else_gets_nowhere_with_a_forwarded_link() -> None:
    with clock_at(START):
        token = issue(new_phone())
        with pytest.raises(LinkForOtherPhone) as refused:
            claim_link(actor=new_worker().actor, token=token)
    assert refused.value.http_status == 403


def test_a_token_has_256_bits_and_only_its_hash_is_stored() -> None:
    with clock_at(START):
        token = issue(new_phone())
    assert len(token) >= 43
    with reading() as session:
        stored = session.scalars(select(SmsLink)).one()
        assert token not in str(vars(stored))
    with pytest.raises(LinkNotFound):
        preview_link(token=stored.token_hash)


def test_an_old_link_is_dead() -> None:
    with clock_at(START):
        worker = new_worker()
        token = issue(worker.phone)
    with clock_at(START + timedelta(days=30)):
        with pytest.raises(LinkExpired):
            preview_link(token=token)
        with pytest.raises(LinkExpired):
            claim_link(actor=worker.actor, token=token)


def test_withdrawing_kills_the_link_and_sending_again_replaces_it() -> None:
    with clock_at(START):
        worker = new_worker()
        first, other = issue(worker.phone), issue(worker.phone, uuid.uuid4())
        second = issue(worker.phone)
        with pytest.raises(LinkExpired):
            claim_link(actor=worker.actor, token=first)
        assert claim_link(actor=worker.actor, token=second).id == CONTRACT
        with transaction() as session:
            revoke_links(session, target=("contract", CONTRACT))
        with pytest.raises(LinkExpired):
            preview_link(token=second)
        preview_link(token=other)


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "é"])
def test_an_unknown_link_is_not_found(token: str) -> None:
    with pytest.raises(LinkNotFound):
        preview_link(token=token)
