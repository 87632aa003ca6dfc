"""Who may do what for an organisation (D2)."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import OperatorAccount
from app.core.text import mask_phone
from app.organisations.models import Member
from app.organisations.permissions import ROLE_PERMISSIONS, Permission


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member, as colleagues see them; `name`: the verified one."""

    account_id: uuid.UUID
    name: str
    phone_masked: str


def members_who_may(session: Session, organisation_id: uuid.UUID, permission: Permission) -> list[MemberView]:
    """The verified members with this permission, who joined first at the top."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    statement = (
        select(OperatorAccount)
        .join(Member, Member.operator_account_id == OperatorAccount.id)
        .where(Member.organisation_id == organisation_id, Member.role.in_(roles), Member.removed_at.is_(None))
        .where(OperatorAccount.person_id.is_not(None))
        .order_by(Member.joined_at, Member.id)
    )
    return [_view(account) for account in session.scalars(statement)]


def member_view(session: Session, account_id: uuid.UUID) -> MemberView:
    """Somebody who did something for the organisation, also after they left it."""
    return _view(session.get_one(OperatorAccount, account_id))


def _view(account: OperatorAccount) -> MemberView:
    return MemberView(account.id, account.name or "", mask_phone(account.phone))
