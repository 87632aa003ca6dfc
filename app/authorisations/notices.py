"""What people are told about an authorisation letter, and by which way (D7)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import WorkerAccount
from app.authorisations.models import Authorisation
from app.identity.models import Person
from app.notifications.service import post_message, send_sms

LINK = "SMS_AUTHORISATION_LINK"
DONE = "SMS_AUTHORISATION_DONE"

_OPERATOR_TEXTS = {
    "authorisation.completed": (
        "单位认证已完成", "法定代表人已签署授权书，{organisation}认证完成，现在可以制作印章、发送合同。",
    ),
    "authorisation.refused": ("法定代表人拒绝了授权书", "{organisation}的授权书被拒绝，可查看原因，修改后重新认证。"),
    "authorisation.expired": ("授权书已过期", "法定代表人没有在期限内签署{organisation}的授权书，可重新发起。"),
    "authorisation.void": (
        "单位认证没有完成", "授权书签署期间，{organisation}已由其他管理员完成认证。请联系该管理员邀请您加入。",
    ),
}  # fmt: skip
_WORKER_TEXTS = {
    "authorisation.sent": ("有一份授权书等您签署", "{organisation}的经办人请您以法定代表人身份签署授权书。"),
    "authorisation.completed": ("授权书已签署", "{organisation}已凭您签署的授权书完成认证，可随时查看、下载。"),
    "authorisation.withdrawn": ("授权书已撤回", "{organisation}的经办人撤回了授权书，无需再处理。"),
}


def text_representative(session: Session, letter: Authorisation, template: str, *, link: str = "") -> None:
    """By SMS: the link to the phone that the operator named, everything else to whoever signed."""
    account = account_of_representative(session, letter) if not link else None
    params = {"organisation": letter.organisation_name} | ({"link": link} if link else {})
    phone = account.phone if account is not None else letter.phone
    send_sms(session, phone=phone, template=template, params=params, subject=letter.subject)


def tell_representative(session: Session, letter: Authorisation, kind: str) -> None:
    """In the message centre, if they have an account."""
    account = account_of_representative(session, letter)
    if account is None:
        return
    title, body = _WORKER_TEXTS[kind]
    post_message(
        session, account_kind="worker", account_id=account.id, kind=kind, title=title,
        body=body.format(organisation=letter.organisation_name), target=("authorisation", letter.id),
    )  # fmt: skip


def tell_operator(session: Session, letter: Authorisation, kind: str) -> None:
    """In the message centre of the operator who made the letter."""
    title, body = _OPERATOR_TEXTS[kind]
    post_message(
        session, account_kind="operator", account_id=letter.created_by, kind=kind, title=title,
        body=body.format(organisation=letter.organisation_name), target=("authorisation", letter.id),
        organisation_id=letter.organisation_id,
    )  # fmt: skip


def account_of_representative(session: Session, letter: Authorisation) -> WorkerAccount | None:
    """Of the very person, else of whoever has the phone and is nobody else."""
    person = select(Person.id).where(Person.id_number_index == letter.representative_index).scalar_subquery()
    found = session.scalar(select(WorkerAccount).where(WorkerAccount.person_id == person))
    if found is not None:
        return found
    is_open = (WorkerAccount.phone_index == letter.phone_index) & WorkerAccount.person_id.is_(None)
    return session.scalar(select(WorkerAccount).where(is_open))
