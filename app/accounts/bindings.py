"""Outside identities of a worker's account: WeChat, Alipay, government identity, social-security card (A5, A6).

An identity belongs to one worker, a worker has one of each kind: a newer one takes the older one's place.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts.devices import end_all_sessions, end_channel_sessions
from app.accounts.errors import BindingTaken
from app.accounts.login_models import AccountBinding, BindingKind
from app.accounts.models import AccountKind, WorkerAccount
from app.accounts.ports import MiniPlatform
from app.accounts.queries import get_account
from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import in_shanghai, now
from app.core.crypto import blind_index
from app.core.db import insert_if_absent, reading, transaction
from app.core.errors import NotFound
from app.core.ids import new_id
from app.notifications.mini import revoke_grants
from app.notifications.service import post_message

NAMES = {
    BindingKind.WEIXIN: "微信",
    BindingKind.ALIPAY: "支付宝",
    BindingKind.GOV: "政务服务账号",
    BindingKind.SOCIAL_CARD: "电子社保卡",
}


@dataclass(frozen=True, slots=True)
class BindingView:
    """One binding, as its owner sees it. The identity itself is shown to nobody."""

    id: uuid.UUID
    kind: str
    bound_at: datetime


def list_bindings(*, actor: Actor) -> list[BindingView]:
    """What is bound to this account, the oldest first."""
    with reading() as session:
        rows = session.scalars(select(AccountBinding).where(*_own(actor)).order_by(AccountBinding.bound_at))
        return [_view(row) for row in rows]


def bound_subject(*, actor: Actor, kind: str) -> str:
    """The actor's own identity at a platform, for calls to that platform; "" when nothing is bound."""
    with reading() as session:
        mine = select(AccountBinding).where(*_own(actor), AccountBinding.kind == kind)
        found = session.scalar(mine.order_by(AccountBinding.bound_at.desc()).limit(1))
        return str(found.subject) if found is not None else ""


def bind_platform(*, actor: Actor, kind: str, platform: MiniPlatform, code: str) -> BindingView:
    """Bind the platform's user who is logged in there to the account that is logged in here. Repeating is no error.

    Raises PlatformCodeInvalid, PlatformUserBlocked, BindingTaken, ProviderError.
    """
    identity = platform.exchange_code(code=code)
    with transaction() as session:
        bound = bind(session, actor, kind=BindingKind(kind), app_id=platform.app_id, subject=identity.subject)
        return _view(bound)


def end_binding(*, actor: Actor, binding_id: uuid.UUID) -> None:
    """Unbind: the platform's sessions end, its messages stop. Raises NotFound."""
    with transaction() as session:
        get_account(session, actor, lock=True)
        mine = (AccountBinding.id == binding_id, *_own(actor))
        binding = session.scalar(select(AccountBinding).where(*mine).with_for_update())
        if binding is None:
            raise NotFound
        _end(session, binding)
        note_ended(session, actor, [binding])


def bind(
    session: Session, actor: Actor, *, kind: BindingKind, app_id: str, subject: str, uncertain: bool = False,
    is_new: bool = False,
) -> AccountBinding:  # fmt: skip
    """Bind a proven identity to the actor's account, in the caller's transaction. `uncertain`: see AccountBinding.

    The account's row is locked; of two accounts that want one identity the first gets it. The owner is told, unless the
    account `is_new` this very moment: a binding is a way in for ever. Raises BindingTaken.
    """
    account = get_account(session, actor, lock=True)
    holder = find_binding(session, kind=kind, app_id=app_id, subject=subject)
    if holder is not None:
        if holder.account_id != account.id:
            raise BindingTaken(platform=NAMES[kind])
        return holder
    older = _replace(session, actor, kind, app_id)
    new = AccountBinding(id=new_id(), kind=kind, app_id=app_id)
    new.subject = subject
    added = insert_if_absent(
        session, AccountBinding, id=new.id, kind=kind, app_id=app_id, account_id=account.id, bound_at=now(),
        subject_index=subject_index(subject), subject_ciphertext=new.subject_ciphertext, uncertain=uncertain,
    )  # fmt: skip
    if not added:
        raise BindingTaken(platform=NAMES[kind])
    if not is_new:
        _tell_added(session, account.id, NAMES[kind])
    note_ended(session, actor, older)
    record(session, actor, "binding.added", f"account:{account.id}", kind=kind, binding_id=new.id)
    return session.get_one(AccountBinding, new.id)


def _tell_added(session: Session, account_id: uuid.UUID, name: str) -> None:
    post_message(
        session, account_kind=AccountKind.WORKER, account_id=account_id, kind="binding.added",
        title=f"{name}已绑定",
        body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，您的账号绑定了{name}，以后可以用它登录。"
        "如非本人操作，请立即解除绑定，并检查登录设备。",
    )  # fmt: skip


def _replace(session: Session, actor: Actor, kind: str, app_id: str) -> list[AccountBinding]:
    """End the account's binding of this kind, if there is one: another takes its place."""
    same = (AccountBinding.kind == kind, AccountBinding.app_id == app_id)
    older = session.scalars(select(AccountBinding).where(*same, *_own(actor)).with_for_update()).all()
    for binding in older:
        _end(session, binding)
    return list(older)


def settle_uncertain_bindings(session: Session, actor: Actor, account_id: uuid.UUID) -> None:
    """A person was just put behind the account: what was bound by a proof that may be old ends, unless it is the very
    platform in which that person is logged in now. So does every other session: whoever came by such a proof may have
    let in another device since."""
    doubtful = (AccountBinding.account_id == account_id) & AccountBinding.uncertain
    found = session.scalars(select(AccountBinding).where(doubtful).with_for_update()).all()
    if found:
        end_all_sessions(session, account_kind=AccountKind.WORKER, account_id=account_id, but=actor.session_id)
    ended = []
    for binding in (one for one in found if one.ended_at is None):
        if binding.kind == actor.channel:
            binding.uncertain = False
        else:
            _end(session, binding)
            ended.append(binding)
    note_ended(session, actor, ended)


def end_bindings(session: Session, account_id: uuid.UUID, *, but: str = "") -> list[AccountBinding]:
    """End all bindings of an account in the caller's transaction, which ends with `note_ended`. `but`: a kind that
    stays."""
    open_ones = (AccountBinding.account_id == account_id) & AccountBinding.ended_at.is_(None)
    open_ones &= AccountBinding.kind != but
    found = session.scalars(select(AccountBinding).where(open_ones).with_for_update()).all()
    for binding in found:
        _end(session, binding)
    return list(found)


def withdraw_identity(session: Session, *, kind: str, app_id: str, subject: str, until: datetime) -> None:
    """The platform's user withdrew from our app at `until` at the latest: unbind, unless they bound it later."""
    found = find_binding(session, kind=kind, app_id=app_id, subject=subject)
    if found is None:
        return
    session.get(WorkerAccount, found.account_id, with_for_update=True)
    still = (AccountBinding.id == found.id, AccountBinding.ended_at.is_(None), AccountBinding.bound_at <= until)
    binding = session.scalar(select(AccountBinding).where(*still).with_for_update())
    if binding is not None:
        _end(session, binding)
        note_ended(session, SYSTEM, [binding])


def note_ended(session: Session, actor: Actor, bindings: Iterable[AccountBinding]) -> None:
    """For the log. Among the last things of a transaction (`app.audit.service.record`)."""
    for binding in bindings:
        record(
            session, actor, "binding.ended", f"account:{binding.account_id}", kind=binding.kind, binding_id=binding.id
        )


def find_binding(session: Session, *, kind: str, app_id: str, subject: str) -> AccountBinding | None:
    """The binding of an identity, if a worker has it."""
    is_it = (
        AccountBinding.kind == kind, AccountBinding.app_id == app_id,
        AccountBinding.subject_index == subject_index(subject), AccountBinding.ended_at.is_(None),
    )  # fmt: skip
    return session.scalar(select(AccountBinding).where(*is_it))


def find_bound_account(session: Session, *, kind: str, app_id: str, subject: str) -> WorkerAccount | None:
    """The worker's account of an identity, locked: whoever unbinds it at this moment was earlier or has to wait."""
    binding = find_binding(session, kind=kind, app_id=app_id, subject=subject)
    if binding is None:
        return None
    account = session.get(WorkerAccount, binding.account_id, with_for_update=True)
    still = find_binding(session, kind=kind, app_id=app_id, subject=subject)
    return account if still is not None and still.id == binding.id else None


def subject_index(subject: str) -> str:
    return blind_index(subject, purpose="external_subject")


def _end(session: Session, binding: AccountBinding) -> None:
    binding.ended_at, binding.subject = now(), None
    session.flush()
    revoke_grants(session, binding_id=binding.id)
    end_channel_sessions(session, account_id=binding.account_id, channel=binding.kind)
    name = NAMES[BindingKind(binding.kind)]
    post_message(
        session, account_kind=AccountKind.WORKER, account_id=binding.account_id, kind="binding.ended",
        title=f"{name}已解除绑定",
        body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，您的账号与原{name}解除了绑定，该{name}不能再登录您的账号。"
        "如非本人操作，请重新绑定，并检查登录设备。",
    )  # fmt: skip


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Only workers have bindings: an operator's id is no worker's."""
    return AccountBinding.account_id == actor.account_id, AccountBinding.ended_at.is_(None)


def _view(row: AccountBinding) -> BindingView:
    return BindingView(row.id, row.kind, row.bound_at)
