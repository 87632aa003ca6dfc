"""Operators' sessions: who is asking, in which organisation, with which permissions (A9, D2)."""

import uuid

from sqlalchemy import and_, select

from app.accounts.devices import end_own_session
from app.accounts.errors import SessionEnded
from app.accounts.models import AccountKind, AccountSession, OperatorAccount
from app.accounts.queries import get_account
from app.accounts.sessions import AuthenticatedSession, Client, LoggedIn, actor_of, admit, is_live, open_session
from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.organisations.errors import OrganisationNotFound
from app.organisations.models import Member
from app.organisations.permissions import ROLE_PERMISSIONS


def authenticate_operator(*, token: str, ip: str = "", device: str = "", touch: bool = True) -> AuthenticatedSession:
    """The operator behind a token, with the permissions of this very moment. One query. Raises SessionEnded.

    Removed members keep their login but are in no organisation any more.
    """
    membership = and_(
        Member.operator_account_id == AccountSession.account_id,
        Member.organisation_id == AccountSession.organisation_id,
        Member.removed_at.is_(None),
    )
    statement = (
        select(AccountSession, OperatorAccount.person_id, OperatorAccount.language, Member.role)
        .join(OperatorAccount, OperatorAccount.id == AccountSession.account_id)
        .outerjoin(Member, membership)
        .where(*is_live(token, AccountKind.OPERATOR))
    )
    with reading() as session:
        found = session.execute(statement).one_or_none()
    if found is None:
        raise SessionEnded
    row, person_id, language, role = found
    actor = actor_of(
        row, Client(row.channel, ip, device), person_id=person_id,
        organisation_id=row.organisation_id if role else None,
        permissions=ROLE_PERMISSIONS[role] if role else frozenset(),
    )  # fmt: skip
    return admit(row, actor, token=token, language=language, touch=touch)


def enter_organisation(*, actor: Actor, organisation_id: uuid.UUID) -> LoggedIn:
    """Enter, or switch to, an organisation where one is a member; the session's token is new (T-10).

    Raises OrganisationNotFound.
    """
    with transaction() as session:
        statement = select(Member.role).where(
            Member.operator_account_id == actor.account_id,
            Member.organisation_id == organisation_id,
            Member.removed_at.is_(None),
        )
        role = session.scalar(statement) if actor.is_operator else None
        if role is None:
            raise OrganisationNotFound
        account = get_account(session, actor)
        end_own_session(session, actor)
        opened = open_session(
            session, kind=AccountKind.OPERATOR, account_id=account.id, person_id=account.person_id,
            client=Client(actor.channel, actor.ip, actor.device), organisation_id=organisation_id,
            permissions=ROLE_PERMISSIONS[role],
        )  # fmt: skip
        record(
            session, opened.actor, "organisation.entered", f"organisation:{organisation_id}",
            chain=chain_of(organisation_id), session_id=opened.actor.session_id,
        )  # fmt: skip
        return opened
