"""Which messages a worker allows in a mini-program, and sending them there beside the SMS (A6, D7)."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.bindings import find_binding
from app.accounts.errors import NotBound, TemplateUnknown
from app.accounts.login_models import AccountBinding, BindingKind
from app.core.actor import Actor
from app.core.db import transaction
from app.notifications.mini import add_grant, queue_mini_message, revoke_grants
from app.notifications.ports import MiniMessenger

_PLATFORMS = (BindingKind.WEIXIN, BindingKind.ALIPAY)


def note_subscription(
    *, actor: Actor, platform: str, app_id: str, messenger: MiniMessenger, template: str, accepted: bool
) -> None:
    """What the user just answered in the mini-program. `template`: the platform's own template id.

    It is the platform that refuses what was never allowed, so a wrong answer only costs one vain attempt.
    Raises NotBound, TemplateUnknown.
    """
    name, lasting = _our_name(messenger, template)
    with transaction() as session:
        mine = (AccountBinding.account_id == actor.account_id, AccountBinding.ended_at.is_(None))
        of_platform = (AccountBinding.kind == platform, AccountBinding.app_id == app_id)
        binding_id = session.scalar(select(AccountBinding.id).where(*mine, *of_platform))
        if binding_id is None:
            raise NotBound
        _note(session, binding_id, name, lasting=lasting, accepted=accepted)


def note_platform_event(
    *, platform: str, app_id: str, messenger: MiniMessenger, subject: str, template: str | None, accepted: bool
) -> bool:
    """The same as told by the platform's own push. `template` None: about all of them (employment relation ended).

    False when the user is not (or no longer) one of ours, or the template is not; repeating a no changes nothing.
    """
    with transaction() as session:
        binding = find_binding(session, kind=platform, app_id=app_id, subject=subject)
        if binding is None:
            return False
        if template is None:
            for name in messenger.employee_templates:
                _note(session, binding.id, name, lasting=True, accepted=accepted)
            return True
        try:
            name, lasting = _our_name(messenger, template)
        except TemplateUnknown:
            return False
        _note(session, binding.id, name, lasting=lasting, accepted=accepted)
        return True


def notify_in_mini_programs(
    session: Session, *, account_id: uuid.UUID, template: str, data: Mapping[str, str], page: str
) -> None:
    """Promise the message on every platform where the worker allowed it, in the caller's transaction."""
    mine = (AccountBinding.account_id == account_id, AccountBinding.ended_at.is_(None))
    bound = select(AccountBinding).where(*mine, AccountBinding.kind.in_(_PLATFORMS)).order_by(AccountBinding.kind)
    for binding in session.scalars(bound).all():
        queue_mini_message(
            session, binding_id=binding.id, platform=binding.kind, subject=binding.subject, template=template,
            data=data, page=page,
        )  # fmt: skip


def _our_name(messenger: MiniMessenger, template: str) -> tuple[str, bool]:
    for names, lasting in ((messenger.subscribe_templates, False), (messenger.employee_templates, True)):
        for name, platform_id in names.items():
            if platform_id == template:
                return name, lasting
    raise TemplateUnknown


def _note(session: Session, binding_id: uuid.UUID, name: str, *, lasting: bool, accepted: bool) -> None:
    """A no to one-time messages leaves what was allowed before: the user merely gave no further one."""
    if accepted:
        add_grant(session, binding_id=binding_id, template=name, lasting=lasting)
    elif lasting:
        revoke_grants(session, binding_id=binding_id, template=name)
