"""What people are told about an onboarding, and by which way (K4, D7). Names of people go into no message."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.former_phones import find_owner
from app.accounts.links import LinkPurpose, issue_link
from app.accounts.models import WorkerAccount
from app.core.text import mask_name
from app.notifications.service import post_message, send_sms
from app.people.models import Onboarding

_WORKER_TEXTS = {
    "onboarding.invited": ("请填写入职登记", "{organisation}邀请您填写入职登记，请核对单位名称后填写。"),
    "onboarding.rejected": ("入职资料需要修改", "{organisation}退回了您的入职资料，请按原因修改后重新提交。"),
    "onboarding.accepted": ("入职资料已通过", "{organisation}已通过您的入职资料，可随时在“入职资料”中查看。"),
    "onboarding.withdrawn": ("入职邀请已撤回", "{organisation}撤回了入职邀请，您填写的内容已删除。"),
    "onboarding.expired": ("入职登记已过期", "{organisation}的入职登记已超过有效期，您填写的内容已删除。"),
}
_OPERATOR_TEXTS = {
    "onboarding.submitted": (
        "劳动者入职资料填写完成", "劳动者{name}的入职资料已填写完成，请前往“员工管理”进行审核。",
    ),
    "onboarding.declined": ("劳动者放弃了入职登记", "劳动者{name}放弃了入职登记，其填写的内容已删除。"),
    "onboarding.expired": ("入职登记已过期", "劳动者{name}的入职登记已超过有效期，可重新邀请。"),
}  # fmt: skip


def account_of(session: Session, onboarding: Onboarding) -> WorkerAccount | None:
    """The worker's: of the bound person, else of whoever had the phone when the invitation was sent."""
    if onboarding.person_id is not None:
        return session.scalar(select(WorkerAccount).where(WorkerAccount.person_id == onboarding.person_id))
    return find_owner(session, onboarding.phone_index, onboarding.invited_at)


def phone_of(session: Session, onboarding: Onboarding) -> str:
    """Where to send an SMS: the phone that the worker has now, 11 digits."""
    account = account_of(session, onboarding)
    return account.phone if account is not None else onboarding.phone


def issue_onboarding_link(session: Session, onboarding: Onboarding) -> str:
    """A token that opens this onboarding for the worker's phone until its deadline; earlier ones die."""
    return issue_link(
        session, purpose=LinkPurpose.ONBOARDING, target=("onboarding", onboarding.id),
        phone=phone_of(session, onboarding), organisation_id=onboarding.organisation_id,
        expires_at=onboarding.expires_at,
    )  # fmt: skip


def text_worker(session: Session, onboarding: Onboarding, *, template: str, **params: str) -> None:
    """By SMS to the worker's present phone."""
    phone = phone_of(session, onboarding)
    send_sms(session, phone=phone, template=template, params=params, subject=onboarding.subject)


def tell_worker(session: Session, onboarding: Onboarding, organisation: str, kind: str) -> None:
    """In the message centre of who has an account."""
    account = account_of(session, onboarding)
    if account is None:
        return
    title, body = _WORKER_TEXTS[kind]
    post_message(
        session, account_kind="worker", account_id=account.id, kind=kind, title=title,
        body=body.format(organisation=organisation), target=("onboarding", onboarding.id),
    )  # fmt: skip


def tell_operator(session: Session, onboarding: Onboarding, kind: str) -> None:
    """In the message centre of the operator who invited."""
    title, body = _OPERATOR_TEXTS[kind]
    post_message(
        session, account_kind="operator", account_id=onboarding.created_by, kind=kind, title=title,
        body=body.format(name=mask_name(onboarding.name)), target=("onboarding", onboarding.id),
        organisation_id=onboarding.organisation_id,
    )  # fmt: skip
