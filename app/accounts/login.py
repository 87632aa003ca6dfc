"""Ask for a login code; find or open the account of a phone (A1, A9)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import CodeSent, check_code, send_code
from app.accounts.errors import PhoneInvalid
from app.accounts.models import AccountKind, CodePurpose, OperatorAccount, RegulatorAccount, WorkerAccount
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import insert_if_absent, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.core.text import normalise_phone


def parse_phone(value: str) -> str:
    """The normalised number of 11 digits. Raises PhoneInvalid."""
    try:
        return normalise_phone(value)
    except InvalidInput as error:
        raise PhoneInvalid(fields=error.fields) from error


def request_login_code(*, account_kind: str, phone: str, ip: str) -> CodeSent:
    """Send a login code. Known and unknown numbers get the same answer and the same work (T-27).

    `account_kind`: "worker" or "operator". Raises PhoneInvalid, SmsLimitReached.
    """
    number, kind = parse_phone(phone), AccountKind(account_kind)
    with transaction() as session:
        return send_code(session, phone=number, purpose=CodePurpose.LOGIN, subject=kind, ip=ip, template="SMS_LOGIN")


def check_login_code(*, account_kind: AccountKind, phone: str, code: str) -> None:
    """Raises CodeWrong, CodeExpired, CodeExhausted. Owns its transaction."""
    check_code(phone=phone, purpose=CodePurpose.LOGIN, subject=account_kind, code=code)


def find_or_open_worker(session: Session, phone: str) -> tuple[WorkerAccount, bool]:
    """The account of a proven phone, and whether it is new: the first login registers (A1).

    Its row is locked, so that a login and a change of the phone come one after the other: an account that has just
    moved to another phone is not this one's any more, and no session opens behind the back of whoever ends them all.
    """
    account = WorkerAccount(id=new_id())
    account.phone = phone
    index = blind_index(phone, purpose="phone")
    of_phone = select(WorkerAccount).where(WorkerAccount.phone_index == index).with_for_update()
    while True:
        is_new = insert_if_absent(
            session, WorkerAccount, id=account.id, phone_index=index, phone_ciphertext=account.phone_ciphertext,
            created_at=now(),
        )  # fmt: skip
        found = session.scalar(of_phone.execution_options(populate_existing=True))
        if found is not None:  # else it moved while we waited for its row
            return found, is_new


def find_or_open_operator(session: Session, phone: str) -> tuple[OperatorAccount, bool]:
    """The same for an operator: registering or joining an organisation opens the account (A8)."""
    account = OperatorAccount(id=new_id())
    account.phone = phone
    index = blind_index(phone, purpose="phone")
    is_new = insert_if_absent(
        session, OperatorAccount, id=account.id, phone_index=index, phone_ciphertext=account.phone_ciphertext,
        created_at=now(),
    )  # fmt: skip
    return session.scalars(select(OperatorAccount).where(OperatorAccount.phone_index == index)).one(), is_new


def find_worker(session: Session, phone: str, *, lock: bool = False) -> WorkerAccount | None:
    """`lock`: one that is just moving to another phone is waited for, and not this one's any more."""
    index = blind_index(phone, purpose="phone")
    statement = select(WorkerAccount).where(WorkerAccount.phone_index == index)
    return session.scalar(statement.with_for_update() if lock else statement)


def find_operator(session: Session, phone: str, *, lock: bool = False) -> OperatorAccount | None:
    index = blind_index(phone, purpose="phone")
    statement = select(OperatorAccount).where(OperatorAccount.phone_index == index)
    return session.scalar(statement.with_for_update() if lock else statement)


def find_regulator(session: Session, phone: str) -> RegulatorAccount | None:
    """Whoever still is in office."""
    index = blind_index(phone, purpose="phone")
    own = (RegulatorAccount.phone_index == index) & RegulatorAccount.closed_at.is_(None)
    return session.scalar(select(RegulatorAccount).where(own))
