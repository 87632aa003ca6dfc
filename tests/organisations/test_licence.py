"""The picture of the business licence: kept encrypted, asked for before the check, kept with it (C1)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.db import reading
from app.core.errors import NotPermitted
from app.organisations.errors import (
    LicenceNotFound,
    LicenceRequired,
    OrganisationAlreadyVerified,
    OrganisationNotChosen,
)
from app.organisations.models import OrganisationCheck
from app.organisations.service import get_organisation, read_licence, save_licence, verify_organisation
from app.organisations.sessions import authenticate_operator
from app.storage.models import StoredFile
from app.storage.service import organisation_scope
from tests.factories import (
    LICENCE,
    Employer,
    consent,
    new_employer,
    new_id_number,
    verified_employer,
    verified_operator,
    verify_by_phone,
)
from tests.fakes import FakeRegistry, MemoryBlobs

pytestmark = pytest.mark.usefixtures("database")

OTHER = replace(LICENCE, data=LICENCE.data + b"\0", sha256="")


def verify(employer: Employer, name: str, number: str, registry: FakeRegistry) -> None:
    verify_organisation(
        actor=employer.actor, name=employer.organisation, uscc=employer.uscc, kind="enterprise", address="长春市 1 号",
        legal_representative=name, legal_representative_id_number=number, registry=registry,
    )  # fmt: skip


def test_it_is_stored_encrypted_in_the_organisations_scope_and_read_again() -> None:
    employer, blobs = new_employer(), MemoryBlobs()
    view = save_licence(actor=employer.actor, picture=LICENCE, blobs=blobs)
    assert view.licence_sha256 == LICENCE.sha256 == get_organisation(actor=employer.actor).licence_sha256
    (key,) = blobs.kept
    assert key.startswith(organisation_scope(employer.organisation_id))
    assert LICENCE.data not in blobs.kept[key]
    found = read_licence(actor=employer.actor, blobs=blobs)
    assert (found.data, found.media_type) == (LICENCE.data, "image/png")
    with reading() as session:
        stored = session.scalars(select(StoredFile)).one()
        assert (stored.sha256, stored.size, stored.media_type) == (LICENCE.sha256, len(LICENCE.data), "image/png")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "organisation.licence_saved")).one()
        assert entry.data == {"licence_sha256": LICENCE.sha256}


def test_a_new_one_takes_its_place_until_the_organisation_is_verified() -> None:
    employer, blobs = new_employer(), MemoryBlobs()
    save_licence(actor=employer.actor, picture=LICENCE, blobs=blobs)
    save_licence(actor=employer.actor, picture=OTHER, blobs=blobs)
    assert read_licence(actor=employer.actor, blobs=blobs).data == OTHER.data
    verified, kept = verified_employer(), MemoryBlobs()
    with pytest.raises(OrganisationAlreadyVerified):
        save_licence(actor=verified.actor, picture=OTHER, blobs=kept)
    assert kept.kept == {}
    assert get_organisation(actor=verified.actor).licence_sha256 == LICENCE.sha256


def test_without_it_the_registry_is_not_asked() -> None:
    employer, registry, number = new_employer(), FakeRegistry(), new_id_number("19780115")
    consent(employer.actor, "verification_consent")
    verify_by_phone(employer.actor, employer.phone, "李国强", number)
    verified = replace(employer, actor=authenticate_operator(token=employer.token).actor)
    with pytest.raises(LicenceRequired) as refused:
        verify(verified, "李国强", number, registry)
    assert (refused.value.code, refused.value.http_status) == ("licence_required", 422)
    assert registry.asked == []


def test_the_check_names_the_picture_that_lay_before_it() -> None:
    employer = verified_operator()
    verify(employer, employer.name, employer.id_number, FakeRegistry())
    with reading() as session:
        assert session.scalars(select(OrganisationCheck.licence_sha256)).one() == LICENCE.sha256


def test_only_who_may_manage_the_organisation_uploads_and_only_members_see() -> None:
    employer, other, blobs = new_employer(), new_employer("长春市旁观有限公司"), MemoryBlobs()
    with pytest.raises(NotPermitted):
        save_licence(actor=replace(employer.actor, permissions=frozenset()), picture=LICENCE, blobs=blobs)
    save_licence(actor=employer.actor, picture=LICENCE, blobs=blobs)
    with pytest.raises(LicenceNotFound):
        read_licence(actor=other.actor, blobs=blobs)
    with pytest.raises(OrganisationNotChosen):
        read_licence(actor=replace(employer.actor, organisation_id=None), blobs=blobs)
