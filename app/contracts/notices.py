"""What people are told about a contract, and by which way (G6, H10, D7)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.mini_messages import notify_in_mini_programs
from app.accounts.models import WorkerAccount
from app.contracts.models import Contract, CopyRecipient, PartyKind
from app.contracts.reach import account_of_worker, phone_of_worker
from app.notifications.service import post_message, send_sms

_WORKER_TEXTS = {
    "SMS_CONTRACT_LINK": ("contract.sent", "有一份合同等您确认", "{organisation}向您发送了《{title}》，请阅读并确认。"),
    "SMS_CONTRACT_DONE": ("contract.completed", "合同已完成签署", "《{title}》双方均已签署，可随时免费查看、下载。"),
    "SMS_CONTRACT_COPY": ("contract.copied", "有一份合同抄送给您", "{organisation}将已签署完成的《{title}》抄送给您。"),
    "SMS_CONTRACT_WITHDRAWN": ("contract.withdrawn", "合同已撤回", "{organisation}撤回了《{title}》，无需再处理。"),
    "SMS_CONTRACT_URGE": ("contract.urged", "用人单位提醒您办理合同", "{organisation}提醒您尽快办理《{title}》。"),
    "SMS_CONTRACT_EXPIRED": (
        "contract.expired", "合同已过期", "《{title}》超过签署截止时间，不能再签署；如需继续，请联系{organisation}。",
    ),
}  # fmt: skip
# An urging is the same message once more: it uses what was allowed for that.
_MINI_TEMPLATES = {"SMS_CONTRACT_URGE": "CONTRACT_LINK"}
_OPERATOR_TEXTS = {
    "contract.confirmed": ("劳动者已确认合同", "《{title}》已由劳动者阅读确认，等待其签署。"),
    "contract.seal_due": ("合同等待单位盖章", "劳动者已签署《{title}》，请盖章完成签订。"),
    "contract.completed": ("合同已完成签署", "《{title}》双方均已签署，可查看、下载。"),
    "contract.terminated": ("劳动者终止了合同", "《{title}》已被劳动者终止，可在合同详情中查看原因。"),
    "contract.expired": ("合同已过期", "《{title}》超过签署截止时间，已告知劳动者，可复制后重新发送。"),
}


def tell_worker(session: Session, contract: Contract, organisation: str, *, template: str, link: str = "") -> None:
    """By SMS to the worker's present phone, in the message centre, and in a mini-program where that was allowed."""
    text_worker(session, contract, organisation, template=template, link=link)
    _tell_account(session, contract, organisation, template, account_of_worker(session, contract))


def text_worker(session: Session, contract: Contract, organisation: str, *, template: str, link: str = "") -> None:
    """By SMS only."""
    params = {"organisation": organisation, "title": contract.title} | ({"link": link} if link else {})
    phone = phone_of_worker(session, contract)
    send_sms(session, phone=phone, template=template, params=params, subject=contract.subject)


def tell_worker_expired(session: Session, contract: Contract, organisation: str) -> None:
    """In the message centre. By SMS only to who had begun with it: others need not be bothered any more (H9)."""
    worker, template = contract.party_of_kind(PartyKind.WORKER), "SMS_CONTRACT_EXPIRED"
    if worker.opened_at or worker.confirmed_at:
        text_worker(session, contract, organisation, template=template)
    _tell_account(session, contract, organisation, template, account_of_worker(session, contract))


def tell_copy_recipient(
    session: Session, contract: Contract, organisation: str, recipient: CopyRecipient, link: str
) -> None:
    """By SMS, and by the same other ways to whoever logs in with that phone."""
    params = {"organisation": organisation, "title": contract.title, "link": link}
    send_sms(
        session, phone=recipient.phone, template="SMS_CONTRACT_COPY", params=params, subject=contract.subject
    )  # fmt: skip
    is_theirs = WorkerAccount.phone_index == recipient.phone_index
    account = session.scalar(select(WorkerAccount).where(is_theirs))
    _tell_account(session, contract, organisation, "SMS_CONTRACT_COPY", account)


def _tell_account(
    session: Session, contract: Contract, organisation: str, template: str, account: WorkerAccount | None
) -> None:
    if account is None:
        return
    kind, title, body = _WORKER_TEXTS[template]
    post_message(
        session, account_kind="worker", account_id=account.id, kind=kind, title=title,
        body=body.format(organisation=organisation, title=contract.title), target=("contract", contract.id),
    )  # fmt: skip
    notify_in_mini_programs(
        session, account_id=account.id, template=_MINI_TEMPLATES.get(template, template.removeprefix("SMS_")),
        data={"organisation": organisation, "title": contract.title}, page=f"pages/contract/index?id={contract.id}",
    )  # fmt: skip


def tell_operator(session: Session, contract: Contract, kind: str) -> None:
    """In the message centres of the operator who made the contract, and of the one who seals it."""
    title, body = _OPERATOR_TEXTS[kind]
    sealer = contract.party_of_kind(PartyKind.ORGANISATION).operator_id
    for account_id in sorted({contract.created_by, sealer or contract.created_by}):
        post_message(
            session, account_kind="operator", account_id=account_id, kind=kind, title=title,
            body=body.format(title=contract.title), target=("contract", contract.id),
            organisation_id=contract.organisation_id,
        )  # fmt: skip
