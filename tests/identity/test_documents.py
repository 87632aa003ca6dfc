"""Documents: what their numbers look like, and which way takes which; whoever is refused learns where to go (B2)."""

from datetime import date

import pytest

from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput
from app.core.text import mask_id_number
from app.identity.documents import ACCEPTED, Document, check_accepted, parse_document
from app.identity.errors import DocumentNotSupported, DocumentNumberInvalid, IdNumberInvalid, TooYoung
from app.identity.models import IdType, Method
from app.identity.persons import parse_claim
from tests.factories import new_id_number

WORKER = Actor(kind=ActorKind.WORKER)


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("hk_macao_permit", " h1234 5678 ", "H12345678"),
        ("hk_macao_permit", "Ｍ1234567801", "M1234567801"),
        ("taiwan_permit", "12345678", "12345678"),
        ("taiwan_permit", "1234567890", "1234567890"),
        ("passport", "e-1234567", "E1234567"),
        ("passport", "AB123", "AB123"),
        ("foreign_permanent_resident_id", "usa310080010101", "USA310080010101"),
        ("foreign_permanent_resident_id", "911124198108030024", "911124198108030024"),
    ],
)
def test_numbers_are_normalised(kind: str, typed: str, number: str) -> None:
    assert parse_document(kind, typed) == Document(IdType(kind), number)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("hk_macao_permit", "A12345678"),
        ("hk_macao_permit", "H1234567"),
        ("hk_macao_permit", "H123456789"),
        ("taiwan_permit", "1234567"),
        ("taiwan_permit", "123456789"),
        ("passport", "A123"),
        ("passport", "A" * 18),
        ("passport", "护照1234567"),
        ("foreign_permanent_resident_id", "USA31008001010"),
        ("foreign_permanent_resident_id", "911124198108030025"),
    ],
)
def test_wrong_numbers_are_refused_at_their_field(kind: str, typed: str) -> None:
    with pytest.raises(DocumentNumberInvalid) as refused:
        parse_document(kind, typed)
    assert "id_number" in refused.value.fields
    assert typed not in refused.value.text_zh


def test_a_residents_number_has_its_own_error() -> None:
    with pytest.raises(IdNumberInvalid):
        parse_document("resident_id", "220100199003071014")
    with pytest.raises(InvalidInput) as refused:
        parse_document("driving_licence", "1")
    assert "id_type" in refused.value.fields


@pytest.mark.parametrize(
    ("method", "kind", "way"),
    [
        (Method.PHONE, IdType.PASSPORT, "银行卡认证或人工审核"),
        (Method.FACE, IdType.TAIWAN_PERMIT, "银行卡认证或人工审核"),
        (Method.BANK, IdType.FOREIGN_PERMANENT_RESIDENT_ID, "人工审核"),
        (Method.MANUAL, IdType.RESIDENT_ID, "手机号认证或银行卡认证或人脸认证"),
    ],
)
def test_who_is_refused_learns_which_way_to_go(method: Method, kind: IdType, way: str) -> None:
    with pytest.raises(DocumentNotSupported) as refused:
        check_accepted(method, kind)
    assert f"请改用{way}" in refused.value.text_zh


def test_every_document_has_a_way_and_nobody_depends_on_a_face() -> None:
    for kind in IdType:
        assert {method for method, kinds in ACCEPTED.items() if kind in kinds} - {Method.FACE}


def test_the_age_is_asked_of_numbers_that_tell_it() -> None:
    with pytest.raises(TooYoung):
        parse_claim(WORKER, "张伟", new_id_number("20150101"))
    assert Document(IdType.FOREIGN_PERMANENT_RESIDENT_ID, "911124198108030024").born == date(1981, 8, 3)
    assert Document(IdType.PASSPORT, "123456199001011234").born is None, "digits of a passport are no date"
    assert parse_claim(WORKER, "LI MING", "E1234567", "passport", Method.BANK).id_number == "E1234567"


def test_a_permit_that_was_issued_again_is_the_same_persons() -> None:
    permit, again = (Document(IdType.HK_MACAO_PERMIT, number) for number in ("H12345678", "H1234567802"))
    assert permit.index("陳大文") == again.index("陳大文")
    taiwan, old = (Document(IdType.TAIWAN_PERMIT, number) for number in ("12345678", "1234567801"))
    assert taiwan.index("林美") == old.index("林美")
    assert permit.index("陳大文") != Document(IdType.HK_MACAO_PERMIT, "M12345678").index("陳大文")


def test_passports_of_two_states_with_one_number_are_two_people() -> None:
    passport = Document(IdType.PASSPORT, "E1234567")
    assert passport.index("LI MING") == passport.index("Li Ming")
    assert passport.index("LI MING") != passport.index("JOHN SMITH")
    assert passport.index("LI MING") != Document(IdType.HK_MACAO_PERMIT, "E1234567").index("LI MING")


def test_other_numbers_are_masked_too() -> None:
    assert mask_id_number("E1234567") == "E*****67"
    assert mask_id_number("AB123") == "****"
