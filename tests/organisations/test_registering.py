"""Registering an organisation, entering and switching, correcting its data (A8, A9, C3)."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.errors import CodeExpired, CodeWrong, SessionEnded
from app.accounts.models import AccountSession, OperatorAccount
from app.audit.models import AuditEntry
from app.audit.service import chain_of, verify_chain
from app.core.clock import clock_at, now
from app.core.db import reading, transaction
from app.core.errors import DomainError, InvalidInput, NotPermitted
from app.identity.consents import list_consents
from app.identity.errors import AgreementRequired
from app.identity.login import log_in_operator
from app.identity.texts import REGISTRATION_AGREEMENTS
from app.organisations.errors import (
    AlreadyMember,
    OrganisationAlreadyVerified,
    OrganisationNotChosen,
    OrganisationNotFound,
    UsccInvalid,
)
from app.organisations.models import Member, Organisation, Role
from app.organisations.permissions import Permission
from app.organisations.queries import get_organisation, get_organisation_name, list_my_organisations
from app.organisations.service import register_organisation, request_registration_code, update_organisation
from app.organisations.sessions import authenticate_operator, enter_organisation
from tests.factories import (
    CLIENT,
    agreements,
    last_code,
    new_employer,
    new_ip,
    new_phone,
    new_uscc,
    new_worker,
    verified_employer,
)

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def register(phone: str, **changes: object) -> object:
    values = {
        "name": "长春市启明软件技术有限公司", "uscc": new_uscc(), "kind": "enterprise", "address": "长春市朝阳区 1 号",
        "phone": phone, "agreements": agreements(*REGISTRATION_AGREEMENTS), **CLIENT,
    }  # fmt: skip
    return register_organisation(**{**values, **changes})


def test_registering_makes_organisation_account_and_administrator_and_logs_in() -> None:
    employer = new_employer("长春启明(集团)有限公司")
    actor = authenticate_operator(token=employer.token).actor
    assert actor.organisation_id == employer.organisation_id
    assert actor.permissions == frozenset(Permission)
    assert actor.person_id is None
    view = get_organisation(actor=actor)
    assert (view.name, view.uscc, view.region_code) == ("长春启明（集团）有限公司", employer.uscc, "220100")
    assert (view.province, view.status, view.is_verified) == ("吉林省", "unverified", False)
    assert get_organisation_name(organisation_id=view.id) == view.name
    given = {consent.kind for consent in list_consents(actor=actor) if consent.is_current}
    assert given == {"user_agreement", "privacy_policy", "esign_consent"}
    with reading() as session:
        own_chain = chain_of(employer.organisation_id)
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.chain == own_chain)).all() == [
            "organisation.registered"
        ]
    assert verify_chain(own_chain).first_bad is None


def test_wrong_data_is_told_before_the_code_is_spent() -> None:
    phone = new_phone()
    request_registration_code(phone=phone, ip=new_ip())
    code = last_code(phone)
    refusals: list[tuple[type[DomainError], dict[str, object]]] = [
        (UsccInvalid, {"uscc": "91220100MA00000153"}),
        (InvalidInput, {"name": ""}),
        (InvalidInput, {"kind": "charity"}),
        (AgreementRequired, {"agreements": agreements("user_agreement", "privacy_policy")}),
        (CodeWrong, {"code": f"{(int(code) + 1) % 1_000_000:06d}"}),
    ]
    for error, changes in refusals:
        with pytest.raises(error):
            register(phone, **{"code": code, **changes})
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 0
        assert session.scalar(select(func.count()).select_from(OperatorAccount)) == 0
    register(phone, code=code)


def test_a_login_code_registers_nothing() -> None:
    phone = new_phone()
    request_registration_code(phone=phone, ip=new_ip())
    with pytest.raises(CodeExpired):
        log_in_operator(phone=phone, code=last_code(phone), agreements=agreements(), **CLIENT)


def test_one_login_several_organisations() -> None:
    with clock_at(START):
        first = new_employer("长春市启明软件技术有限公司")
    with clock_at(START + timedelta(minutes=5)):
        second = new_employer("吉林省启明劳务有限公司", phone=first.phone)
        assert first.actor.account_id == second.actor.account_id
        assert [m.name for m in list_my_organisations(actor=second.actor)] == [first.organisation, second.organisation]
        switched = enter_organisation(actor=second.actor, organisation_id=first.organisation_id)
        assert switched.actor.organisation_id == first.organisation_id
        assert switched.token != second.token
        with pytest.raises(SessionEnded):  # entering makes a new session: the old token is worth nothing
            authenticate_operator(token=second.token)
        actor = authenticate_operator(token=switched.token).actor
        assert get_organisation(actor=actor).name == first.organisation


def test_the_same_organisation_is_not_registered_twice_by_one_person() -> None:
    with clock_at(START):
        employer = new_employer()
    with clock_at(START + timedelta(minutes=5)), pytest.raises(AlreadyMember) as refused:
        new_employer(uscc=employer.uscc, phone=employer.phone)
    assert refused.value.details == {"organisation_id": str(employer.organisation_id)}


def test_registering_does_not_tell_who_is_registered() -> None:
    verified = verified_employer()
    assert new_employer(uscc=verified.uscc).organisation_id != verified.organisation_id


def test_one_enters_only_where_one_is_a_member() -> None:
    mine, other = new_employer(), new_employer()
    for organisation_id in (other.organisation_id, uuid.uuid4()):
        with pytest.raises(OrganisationNotFound):
            enter_organisation(actor=mine.actor, organisation_id=organisation_id)
    worker = new_worker()
    with pytest.raises(OrganisationNotFound):
        enter_organisation(actor=worker.actor, organisation_id=mine.organisation_id)
    assert list_my_organisations(actor=worker.actor) == []
    authenticate_operator(token=mine.token)


def test_who_is_removed_is_out_at_once() -> None:
    employer = new_employer()
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.organisation_id == employer.organisation_id)).one()
        member.removed_at = now()
    actor = authenticate_operator(token=employer.token).actor
    assert (actor.organisation_id, actor.permissions) == (None, frozenset())
    assert list_my_organisations(actor=actor) == []
    with pytest.raises(OrganisationNotFound):
        enter_organisation(actor=actor, organisation_id=employer.organisation_id)
    with pytest.raises(OrganisationNotChosen):
        get_organisation(actor=actor)


def test_permissions_are_those_of_this_moment() -> None:
    employer = new_employer()
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.organisation_id == employer.organisation_id)).one()
        member.role = Role.OPERATOR
    actor = authenticate_operator(token=employer.token).actor
    assert Permission.SEND_CONTRACT in actor.permissions
    assert not actor.permissions & {Permission.MANAGE_ORGANISATION, Permission.USE_SEAL, Permission.MANAGE_SEAL}
    with pytest.raises(NotPermitted):
        update_organisation(actor=actor, name="启明有限公司", uscc=new_uscc(), kind="other", address="长春市")


def test_data_can_be_corrected_until_verified() -> None:
    employer, uscc = new_employer(), new_uscc("110105")
    view = update_organisation(
        actor=employer.actor,
        name="北京启明有限公司",
        uscc=uscc,
        kind="individual_business",
        address="北京市朝阳区 2 号",
    )
    assert (view.name, view.uscc, view.kind, view.province) == (
        "北京启明有限公司",
        uscc,
        "individual_business",
        "北京市",
    )
    verified = verified_employer()
    with pytest.raises(OrganisationAlreadyVerified):
        update_organisation(
            actor=verified.actor, name="北京启明有限公司", uscc=uscc, kind="enterprise", address="北京市朝阳区 2 号"
        )


def test_before_choosing_there_is_no_organisation() -> None:
    employer = new_employer()
    actor = replace(employer.actor, organisation_id=None, permissions=frozenset())
    with pytest.raises(OrganisationNotChosen):
        get_organisation(actor=actor)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(AccountSession)) == 1
