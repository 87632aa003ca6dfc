"""Register an organisation; correct its data while nobody has verified them (A8, C3)."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import CodePurpose, CodeSent, check_code, send_code
from app.accounts.login import find_or_open_operator, parse_phone
from app.accounts.models import AccountKind
from app.accounts.sessions import Client, LoggedIn, open_session
from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.core.ids import new_id
from app.identity.consents import Agreements, check_agreements
from app.identity.login import note_login
from app.identity.texts import REGISTRATION_AGREEMENTS
from app.organisations.errors import AlreadyMember
from app.organisations.models import Member, Organisation, OrganisationStatus, Role
from app.organisations.permissions import ROLE_PERMISSIONS, Permission
from app.organisations.profile import OrganisationProfile, parse_profile
from app.organisations.queries import OrganisationView, find_entered, organisation_view
from app.organisations.service.checking import require_open

_SUBJECT = "registration"


def request_registration_code(*, phone: str, ip: str) -> CodeSent:
    """Send a code to the future administrator. The same for every number. Raises PhoneInvalid, SmsLimitReached."""
    number = parse_phone(phone)
    with transaction() as session:
        return send_code(session, phone=number, purpose=CodePurpose.REGISTRATION, subject=_SUBJECT, ip=ip)


def register_organisation(
    *, name: str, uscc: str, kind: str, address: str, phone: str, code: str, agreements: Agreements,
    channel: str, ip: str, device: str,
) -> LoggedIn:  # fmt: skip
    """Create an organisation and its first administrator, and log in to it. Verification comes later.

    `agreements`: (kind, version) of the three texts that were ticked. Others may have registered the same
    code: who is told that, and when, is decided at verification (T-27).
    Raises InvalidInput, UsccInvalid, PhoneInvalid, AgreementRequired, TextOutdated, CodeWrong, CodeExpired,
    CodeExhausted, AlreadyMember.
    """
    profile = parse_profile(name=name, uscc=uscc, kind=kind, address=address)
    number, texts = parse_phone(phone), check_agreements(agreements, REGISTRATION_AGREEMENTS)
    check_code(phone=number, purpose=CodePurpose.REGISTRATION, subject=_SUBJECT, code=code)
    with transaction() as session:
        account, is_new = find_or_open_operator(session, number)
        _check_not_member(session, account.id, profile.uscc)
        organisation = _add(session, account.id, profile)
        opened = open_session(
            session, kind=AccountKind.OPERATOR, account_id=account.id, person_id=account.person_id,
            client=Client(channel, ip, device), organisation_id=organisation.id,
            permissions=ROLE_PERMISSIONS[Role.SUPER_ADMINISTRATOR],
        )  # fmt: skip
        note_login(session, opened, texts, is_new=is_new)
        record(
            session, opened.actor, "organisation.registered", f"organisation:{organisation.id}",
            chain=chain_of(organisation.id), uscc=profile.uscc,
        )  # fmt: skip
        return opened


def _check_not_member(session: Session, account_id: uuid.UUID, uscc: str) -> None:
    statement = (
        select(Organisation.id)
        .join(Member, Member.organisation_id == Organisation.id)
        .where(Member.operator_account_id == account_id, Member.removed_at.is_(None), Organisation.uscc == uscc)
    )
    known = session.scalar(statement.limit(1))
    if known is not None:
        raise AlreadyMember(organisation_id=str(known))


def _add(session: Session, account_id: uuid.UUID, profile: OrganisationProfile) -> Organisation:
    moment = now()
    organisation = Organisation(
        id=new_id(), status=OrganisationStatus.UNVERIFIED, created_by=account_id, created_at=moment
    )
    apply_profile(organisation, profile)
    session.add(organisation)
    session.flush()
    session.add(
        Member(
            id=new_id(), organisation_id=organisation.id, operator_account_id=account_id,
            role=Role.SUPER_ADMINISTRATOR, joined_at=moment,
        )
    )  # fmt: skip
    return organisation


def apply_profile(organisation: Organisation, profile: OrganisationProfile) -> None:
    organisation.name, organisation.uscc, organisation.kind = profile.name, profile.uscc, profile.kind
    organisation.region_code, organisation.address = profile.region_code, profile.address


def update_organisation(*, actor: Actor, name: str, uscc: str, kind: str, address: str) -> OrganisationView:
    """Correct the data, while nothing is verified (C3).

    Raises OrganisationAlreadyVerified, AuthorisationUnderWay, InvalidInput, UsccInvalid.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    profile = parse_profile(name=name, uscc=uscc, kind=kind, address=address)
    with transaction() as session:
        organisation = require_open(find_entered(session, actor, lock=True))
        apply_profile(organisation, profile)
        record(
            session, actor, "organisation.updated", f"organisation:{organisation.id}",
            chain=chain_of(organisation.id), uscc=profile.uscc,
        )  # fmt: skip
        return organisation_view(organisation)
