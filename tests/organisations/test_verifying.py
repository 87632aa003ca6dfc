"""Verifying an organisation by its legal representative in person; one verified tenant per code (C1, C2, T-29)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading
from app.core.errors import DomainError, InvalidInput, NotPermitted, ProviderError, ProviderUnavailable
from app.identity.errors import IdNumberInvalid, VerificationRequired
from app.organisations.errors import (
    OrganisationAlreadyVerified,
    OrganisationCheckLimit,
    OrganisationCheckRefused,
    OrganisationMismatch,
    OrganisationNoRecord,
    OrganisationNotVerified,
    OrganisationTaken,
    RepresentativeMismatch,
)
from app.organisations.models import Organisation, OrganisationCheck
from app.organisations.queries import OrganisationView, get_organisation
from app.organisations.service import require_verified_organisation, verify_organisation
from tests.factories import Employer, new_employer, new_id_number, new_uscc, verified_employer, verified_operator
from tests.fakes import FakeRegistry

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def verify(employer: Employer, registry: FakeRegistry | None = None, **changes: object) -> OrganisationView:
    values = {
        "actor": employer.actor, "name": employer.organisation, "uscc": employer.uscc, "kind": "enterprise",
        "address": "长春市朝阳区 1 号", "legal_representative": employer.name,
        "legal_representative_id_number": employer.id_number, "registry": registry or FakeRegistry(),
    }  # fmt: skip
    return verify_organisation(**{**values, **changes})


def test_the_registry_confirms_four_factors_and_the_organisation_is_verified() -> None:
    employer, registry = verified_operator(), FakeRegistry()
    view = verify(employer, registry)
    assert registry.asked == [(employer.organisation, employer.uscc, employer.name, employer.id_number)]
    assert (view.is_verified, view.status, view.legal_representative_masked) == (True, "verified", "李**")
    assert get_organisation(actor=employer.actor) == view
    with reading() as session:
        row = session.scalars(select(Organisation)).one()
        assert row.legal_representative_id == employer.id_number
        assert employer.id_number.encode() not in row.legal_representative_id_ciphertext
        assert row.verified_by == employer.actor.account_id
        check = session.scalars(select(OrganisationCheck)).one()
        assert (check.outcome, check.provider, check.request_id) == (
            "match",
            "fake_registry",
            f"request-{check.id.hex}",
        )
        assert require_verified_organisation(session, employer.actor).id == employer.organisation_id
        assert "organisation.verified" in session.scalars(select(AuditEntry.action)).all()


def test_nothing_else_works_before() -> None:
    employer = new_employer()
    with reading() as session, pytest.raises(OrganisationNotVerified):
        require_verified_organisation(session, employer.actor)


def test_the_operator_is_verified_first() -> None:
    registry = FakeRegistry()
    with pytest.raises(VerificationRequired):
        verify(replace(new_employer(), name="李国强", id_number=new_id_number()), registry)
    assert registry.asked == []


def test_only_the_legal_representative_in_person() -> None:
    employer, registry = verified_operator(), FakeRegistry()
    for changes in (
        {"legal_representative": "张伟"},
        {"legal_representative_id_number": new_id_number()},
        {"legal_representative": "张伟", "legal_representative_id_number": new_id_number()},
    ):
        with pytest.raises(RepresentativeMismatch):
            verify(employer, registry, **changes)
    assert registry.asked == []


def test_permission_comes_first() -> None:
    employer = verified_operator()
    with pytest.raises(NotPermitted):
        verify(employer, actor=replace(employer.actor, permissions=frozenset()))


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome.MISMATCH, OrganisationMismatch),
        (Outcome.NO_RECORD, OrganisationNoRecord),
        (Outcome.INVALID_INPUT, OrganisationCheckRefused),
        (Outcome.UNSUPPORTED, OrganisationCheckRefused),
        (Outcome.UNAVAILABLE, ProviderUnavailable),
        (Outcome.RATE_LIMITED, ProviderUnavailable),
    ],
)
def test_each_refusal_has_its_own_words_and_is_kept(outcome: Outcome, error: type[DomainError]) -> None:
    employer = verified_operator()
    with pytest.raises(error) as refused:
        verify(employer, FakeRegistry(outcome))
    assert refused.value.text_zh
    assert not get_organisation(actor=employer.actor).is_verified
    with reading() as session:
        assert session.scalars(select(OrganisationCheck.outcome)).one() == outcome
        assert "organisation.not_verified" in session.scalars(select(AuditEntry.action)).all()
    assert verify(employer).is_verified, "one may try again (C3)"


def test_data_typed_for_verification_replaces_what_was_registered() -> None:
    employer, uscc = verified_operator(), new_uscc("110105")
    view = verify(employer, name="北京启明(集团)有限公司", uscc=uscc, kind="other")
    assert (view.name, view.uscc, view.province, view.kind) == ("北京启明（集团）有限公司", uscc, "北京市", "other")


def test_an_outage_uses_up_no_attempt_of_the_day() -> None:
    with clock_at(START):
        employer = verified_operator()
    registry = FakeRegistry(error=ProviderError("fake_registry", "timeout"))
    for minute in range(12):
        with clock_at(START + timedelta(minutes=minute)), pytest.raises(ProviderUnavailable):
            verify(employer, registry)
    with clock_at(START + timedelta(minutes=12)):
        assert verify(employer).is_verified


def test_two_attempts_a_minute_and_ten_a_day() -> None:
    with clock_at(START):
        employer, registry = verified_operator(), FakeRegistry(Outcome.MISMATCH)
    for minute in range(5):
        with clock_at(START + timedelta(minutes=minute)):
            for _ in range(2):
                with pytest.raises(OrganisationMismatch):
                    verify(employer, registry)
            with pytest.raises(OrganisationCheckLimit):
                verify(employer, registry)
    with clock_at(START + timedelta(hours=23)), pytest.raises(OrganisationCheckLimit):
        verify(employer)
    assert len(registry.asked) == 10


def test_wrong_values_are_named_as_the_form_names_them() -> None:
    employer = verified_operator()
    with pytest.raises(IdNumberInvalid) as number:
        verify(employer, legal_representative_id_number="123")
    assert set(number.value.fields) == {"legal_representative_id_number"}
    with pytest.raises(InvalidInput) as name:
        verify(employer, legal_representative="3")
    assert set(name.value.fields) == {"legal_representative"}


def test_a_verified_organisation_is_not_verified_again() -> None:
    with pytest.raises(OrganisationAlreadyVerified):
        verify(verified_employer())


def test_a_code_has_one_verified_tenant_and_only_its_representative_learns_so() -> None:
    first = verified_employer()
    second, third = verified_operator(uscc=first.uscc), verified_operator(uscc=first.uscc, name="王小丽")
    with pytest.raises(OrganisationTaken):
        verify(second)
    with pytest.raises(OrganisationMismatch):  # the registry doesn't know her: she learns nothing else
        verify(third, FakeRegistry(Outcome.MISMATCH))
    assert not get_organisation(actor=second.actor).is_verified
    assert get_organisation(actor=first.actor).is_verified


def test_of_many_at_once_one_becomes_the_verified_tenant() -> None:
    uscc = new_uscc()
    employers = [verified_operator(uscc=uscc) for _ in range(6)]

    def attempt(employer: Employer) -> str:
        try:
            return str(verify(employer).status)
        except DomainError as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(attempt, employers))
    assert outcomes == ["organisation_taken"] * 5 + ["verified"]
    with reading() as session:
        assert [row.is_verified for row in session.scalars(select(Organisation))].count(True) == 1
