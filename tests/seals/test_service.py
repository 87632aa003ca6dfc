"""Seals of an organisation and signatures of a person, as use cases (E1, E3)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.core.errors import DomainError, NotPermitted
from app.identity.errors import VerificationRequired
from app.organisations.errors import OrganisationNotVerified
from app.organisations.models import Role
from app.organisations.permissions import ROLE_PERMISSIONS
from app.seals.drawing import SealNotDrawable, draw_round_seal
from app.seals.errors import SealNotFound, SealRevoked, SignatureNotFound, TooManySeals
from app.seals.ink import Ink, InkRefused
from app.seals.models import PersonalSignature, Seal
from app.seals.service import (
    MOST_SEALS,
    create_seal,
    current_signature,
    drawing_of_seal,
    find_usable_seal,
    get_seal_image,
    ink_of_signature,
    list_seals,
    revoke_seal,
    save_signature,
    set_default_seal,
    use_signature,
)
from tests.factories import employer_with_seal, new_employer, new_worker, some_ink, verified_employer, verified_worker

pytestmark = pytest.mark.usefixtures("database")


def usable(actor: Actor, seal_id: uuid.UUID) -> Seal | None:
    with transaction() as session:
        return find_usable_seal(session, actor=actor, seal_id=seal_id)


def save(actor: Actor, ink: Ink) -> PersonalSignature:
    with transaction() as session:
        return save_signature(session, actor=actor, ink=ink)


# ── Seals ────────────────────────────────────────────────────────────────────────────────────────


def test_a_verified_organisation_makes_its_contract_seal() -> None:
    employer = verified_employer("长春市启明软件技术有限公司")
    seal = create_seal(actor=employer.actor)
    assert (seal.name, seal.purpose_line, seal.kind) == ("长春市启明软件技术有限公司", "合同专用章", "contract")
    assert seal.is_default, "the first one is the default"
    assert len(seal.code) == 13
    assert seal.code.isdigit()
    assert seal.code.startswith("99"), "not to be taken for a number given by the police"
    assert list_seals(actor=employer.actor) == [seal]
    with reading() as session:
        stored = session.get_one(Seal, seal.id)
        assert stored.svg == draw_round_seal(seal.name, seal.purpose_line, seal.code).svg
        assert drawing_of_seal(session, seal.id).svg == stored.svg
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "seal.created")).one()
        assert entry.data == {"code": seal.code, "sha256": stored.sha256}


def test_an_unverified_organisation_makes_none() -> None:
    with pytest.raises(OrganisationNotVerified):
        create_seal(actor=new_employer().actor)


def test_a_name_that_cannot_be_drawn_is_told_and_nothing_is_kept() -> None:
    employer = verified_employer("长春" + "启明" * 20 + "有限公司")
    with pytest.raises(SealNotDrawable):
        create_seal(actor=employer.actor)
    assert list_seals(actor=employer.actor) == []


def test_pictures_come_as_svg_and_png() -> None:
    employer = employer_with_seal()
    assert employer.seal_id is not None
    svg = get_seal_image(actor=employer.actor, seal_id=employer.seal_id)
    png = get_seal_image(actor=employer.actor, seal_id=employer.seal_id, format="png")
    assert svg.media_type == "image/svg+xml"
    assert svg.data.startswith(b"<svg")
    assert png.media_type == "image/png"
    assert png.data.startswith(b"\x89PNG")


def test_one_default_that_can_be_changed() -> None:
    employer = verified_employer()
    first, second = create_seal(actor=employer.actor), create_seal(actor=employer.actor)
    assert (first.is_default, second.is_default) == (True, False)
    assert first.code != second.code
    assert set_default_seal(actor=employer.actor, seal_id=second.id).is_default
    assert [(seal.id, seal.is_default) for seal in list_seals(actor=employer.actor)] == [
        (second.id, True),
        (first.id, False),
    ]


def test_a_revoked_seal_signs_nothing_and_stays_in_the_list() -> None:
    employer = verified_employer()
    first, second = create_seal(actor=employer.actor), create_seal(actor=employer.actor)
    assert usable(employer.actor, first.id) is not None
    revoked = revoke_seal(actor=employer.actor, seal_id=first.id)
    assert revoked.revoked_at is not None
    assert not revoked.is_default
    assert usable(employer.actor, first.id) is None
    assert [seal.id for seal in list_seals(actor=employer.actor)] == [second.id, first.id]
    with pytest.raises(SealRevoked):
        revoke_seal(actor=employer.actor, seal_id=first.id)
    with pytest.raises(SealRevoked):
        set_default_seal(actor=employer.actor, seal_id=first.id)
    assert create_seal(actor=employer.actor).is_default, "there was no default any more"


def test_there_are_ten_valid_seals_at_most() -> None:
    employer = verified_employer()
    seals = [create_seal(actor=employer.actor) for _ in range(MOST_SEALS)]
    with pytest.raises(TooManySeals):
        create_seal(actor=employer.actor)
    revoke_seal(actor=employer.actor, seal_id=seals[0].id)
    create_seal(actor=employer.actor)


def test_another_organisations_seal_is_not_found() -> None:
    mine, other = employer_with_seal(), employer_with_seal("吉林省启明劳务有限公司")
    assert other.seal_id is not None
    assert usable(mine.actor, other.seal_id) is None
    for use_case in (get_seal_image, set_default_seal, revoke_seal):
        with pytest.raises(SealNotFound):
            use_case(actor=mine.actor, seal_id=other.seal_id)
    assert other.seal_id not in [seal.id for seal in list_seals(actor=mine.actor)]


def test_each_use_case_asks_for_its_permission() -> None:
    employer = employer_with_seal()
    assert employer.seal_id is not None
    operator = replace(employer.actor, permissions=ROLE_PERMISSIONS[Role.OPERATOR])
    with pytest.raises(NotPermitted):
        create_seal(actor=operator)
    with pytest.raises(NotPermitted):
        list_seals(actor=operator)
    with pytest.raises(NotPermitted):
        usable(operator, employer.seal_id)
    for use_case in (get_seal_image, set_default_seal, revoke_seal):
        with pytest.raises(NotPermitted):
            use_case(actor=operator, seal_id=employer.seal_id)


def test_first_seals_made_at_once_have_one_default() -> None:
    employer = verified_employer()
    with ThreadPoolExecutor(5) as pool:
        made = list(pool.map(lambda _: create_seal(actor=employer.actor), range(5)))
    assert [seal.is_default for seal in made].count(True) == 1


# ── Personal signatures ──────────────────────────────────────────────────────────────────────────


def test_handwriting_is_kept_with_its_strokes_and_encrypted() -> None:
    worker, ink = verified_worker(), some_ink()
    saved = save(worker.actor, ink)
    assert saved.person_id == worker.actor.person_id
    assert (saved.channel, saved.device) == ("h5", "test phone")
    with reading() as session:
        stored = session.get_one(PersonalSignature, saved.id)
        assert ink_of_signature(session, saved.id) == ink
        assert b"strokes" not in stored.ink_ciphertext
        assert b"<svg" not in stored.svg_ciphertext
    shown = current_signature(actor=worker.actor)
    assert shown.id == saved.id
    assert shown.svg.startswith("<svg")


def test_the_newest_is_current_and_the_only_one_to_be_used_again() -> None:
    worker = verified_worker()
    first, second = save(worker.actor, some_ink(1)), save(worker.actor, some_ink(2))
    assert first.sha256 != second.sha256
    assert current_signature(actor=worker.actor).id == second.id
    with reading() as session:
        assert use_signature(session, actor=worker.actor, signature_id=second.id).id == second.id
        with pytest.raises(SignatureNotFound):
            use_signature(session, actor=worker.actor, signature_id=first.id)
        assert ink_of_signature(session, first.id) == some_ink(1), "what was signed with the old one stays"


def test_nobody_uses_another_ones_signature() -> None:
    worker, other = verified_worker(), verified_worker("王小丽")
    saved = save(worker.actor, some_ink())
    with reading() as session, pytest.raises(SignatureNotFound):
        use_signature(session, actor=other.actor, signature_id=saved.id)
    with pytest.raises(SignatureNotFound):
        current_signature(actor=other.actor)


def test_what_is_no_signature_is_refused_and_the_old_one_stays() -> None:
    worker = verified_worker()
    kept = save(worker.actor, some_ink())
    for ink in (Ink(360, 160, ()), Ink(360, 160, (((10, 10, 0, None),),))):
        with pytest.raises(InkRefused):
            save(worker.actor, ink)
    assert current_signature(actor=worker.actor).id == kept.id


def test_only_a_verified_person_has_a_signature() -> None:
    worker = new_worker()
    with pytest.raises(VerificationRequired):
        save(worker.actor, some_ink())
    with pytest.raises(VerificationRequired):
        current_signature(actor=worker.actor)


def test_signatures_saved_at_once_leave_one_current() -> None:
    worker = verified_worker()

    def attempt(seed: int) -> str:
        try:
            save(worker.actor, some_ink(seed))
        except DomainError as error:
            return error.code
        return "ok"

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(attempt, range(6))) == {"ok"}
    with reading() as session:
        current = PersonalSignature.replaced_at.is_(None)
        assert len(session.scalars(select(PersonalSignature).where(current)).all()) == 1
        assert len(session.scalars(select(PersonalSignature)).all()) == 6
