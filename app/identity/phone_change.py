"""Change the phone of one's own account (A1): the new one is proven by code, the old one by code."""

from sqlalchemy.exc import IntegrityError

from app.accounts.codes import CodePurpose, CodeSent, TypedCode, check_codes, send_code
from app.accounts.errors import PhoneUnchanged
from app.accounts.login import parse_phone
from app.accounts.phone_change import give_new_phone
from app.accounts.queries import get_account
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.core.errors import NotPermitted

TEMPLATE = "SMS_PHONE"


def request_new_phone_code(*, actor: Actor, phone: str) -> CodeSent:
    """Send a code to the new phone. The same answer and work whether an account has it or not (T-27).

    Raises PhoneInvalid, PhoneUnchanged, SmsLimitReached.
    """
    number = parse_phone(phone)
    with transaction() as session:
        if _own(actor, get_account(session, actor).phone) == number:
            raise PhoneUnchanged(fields={"phone": ["与当前手机号相同。"]})
        return send_code(
            session, phone=number, purpose=CodePurpose.NEW_PHONE, subject=subject_of(actor), ip=actor.ip,
            template=TEMPLATE,
        )  # fmt: skip


def request_old_phone_code(*, actor: Actor) -> CodeSent:
    """Send a code to the present phone. Raises SmsLimitReached."""
    with transaction() as session:
        phone = _own(actor, get_account(session, actor).phone)
        return send_code(
            session, phone=phone, purpose=CodePurpose.OLD_PHONE, subject=subject_of(actor), ip=actor.ip,
            template=TEMPLATE,
        )  # fmt: skip


def change_phone(*, actor: Actor, phone: str, code: str, old_code: str) -> None:
    """Change it. `code`: from the new phone; `old_code`: from the old one. Both are spent, or none.

    Other devices are logged out, links to the old phone die, the old phone is told. Raises PhoneInvalid,
    PhoneUnchanged, CodeWrong, CodeExpired, CodeExhausted, PhoneTaken, AccountMoved.
    """
    number = parse_phone(phone)
    with reading() as session:
        present = _own(actor, get_account(session, actor).phone)
    if present == number:
        raise PhoneUnchanged(fields={"phone": ["与当前手机号相同。"]})
    check_codes(
        TypedCode(number, CodePurpose.NEW_PHONE, subject_of(actor), code),
        TypedCode(present, CodePurpose.OLD_PHONE, subject_of(actor), old_code),
    )
    try:
        _change(actor, number)
    except IntegrityError:  # somebody logged in with the new phone at this very moment: their account is there now
        _change(actor, number)


def _change(actor: Actor, phone: str) -> None:
    with transaction() as session:
        give_new_phone(session, actor=actor, phone=phone)


def _own(actor: Actor, phone: str) -> str:
    """Operators' phones are changed by their organisations' administrators."""
    if not actor.is_worker:
        raise NotPermitted
    return phone


def subject_of(actor: Actor) -> str:
    """What codes and face checks for this change are good for."""
    return f"{actor.kind}:{actor.account_id}"
