"""Change the phone of one's own account (A1): the new one is proven by code, the old one by code or by face."""

import uuid

from sqlalchemy.exc import IntegrityError

from app.accounts.codes import CodePurpose, CodeSent, TypedCode, check_codes, send_code
from app.accounts.errors import PhoneUnchanged
from app.accounts.login import parse_phone
from app.accounts.phone_change import give_new_phone
from app.accounts.queries import get_account
from app.core.actor import Actor
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.identity.errors import FaceCheckNotPassed
from app.identity.face_checks import (
    FaceCheckView,
    Faces,
    FaceWay,
    consume_face_check,
    refresh_face_check,
    require_answer,
    start_face_check,
)
from app.identity.models import FacePurpose, FaceStatus
from app.identity.persons import require_verified_person

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


def start_phone_face_check(*, actor: Actor, phone: str, way: FaceWay, faces: Faces) -> FaceCheckView:
    """Prove by face instead of the old phone's code, for this new phone only: a lost SIM is no lost account.

    Raises PhoneInvalid, and as `start_face_check`.
    """
    number = parse_phone(phone)
    return start_face_check(
        actor=actor, purpose=FacePurpose.PHONE_CHANGE, subject=subject_of(actor), subject_sha256=_of(number), way=way,
        faces=faces,
    )  # fmt: skip


def change_phone(
    *, actor: Actor, phone: str, code: str, old_code: str = "", face_check_id: uuid.UUID | None = None,
    faces: Faces | None = None,
) -> None:  # fmt: skip
    """Change it. `code`: from the new phone; with `old_code` from the old one, or a passed face check of `faces`.

    Other devices are logged out, links to the old phone die, the old phone is told. Raises PhoneInvalid,
    PhoneUnchanged, InvalidInput (no second proof), CodeWrong, CodeExpired, CodeExhausted, VerificationRequired,
    FaceCheckNotFound, FaceUnavailable, FaceCheckUsed, FaceCheckNotPassed, PhoneTaken, AccountMoved.
    """
    number = parse_phone(phone)
    with reading() as session:
        present = _own(actor, get_account(session, actor).phone)
    if present == number:
        raise PhoneUnchanged(fields={"phone": ["与当前手机号相同。"]})
    new_code = TypedCode(number, CodePurpose.NEW_PHONE, subject_of(actor), code)
    if old_code:
        check_codes(new_code, TypedCode(present, CodePurpose.OLD_PHONE, subject_of(actor), old_code))
        _change(actor, present, number, None)
    elif face_check_id is not None:
        _look_at_face(actor, face_check_id, faces or {})
        check_codes(new_code)
        _change(actor, present, number, face_check_id)
    else:
        raise InvalidInput(fields={"proof": ["请填写发送到原手机号的验证码，或完成刷脸。"]})


def _look_at_face(actor: Actor, face_check_id: uuid.UUID, faces: Faces) -> None:
    """Before the code is spent. Whether it is about this person and phone is looked at when the check is spent."""
    check = refresh_face_check(actor=actor, face_check_id=face_check_id, faces=faces)
    require_answer(check)
    if check.status != FaceStatus.PASSED:
        raise FaceCheckNotPassed


def _change(actor: Actor, present: str, phone: str, face_check_id: uuid.UUID | None) -> None:
    try:
        _give(actor, present, phone, face_check_id)
    except IntegrityError:  # somebody logged in with the new phone at this very moment: their account is there now
        _give(actor, present, phone, face_check_id)


def _give(actor: Actor, present: str, phone: str, face_check_id: uuid.UUID | None) -> None:
    with transaction() as session:
        if face_check_id is not None:
            consume_face_check(
                session, person_id=require_verified_person(actor), purpose=FacePurpose.PHONE_CHANGE,
                subject=subject_of(actor), subject_sha256=_of(phone), face_check_id=face_check_id,
            )  # fmt: skip
        give_new_phone(session, actor=actor, present=present, phone=phone, is_lost=face_check_id is not None)


def _of(phone: str) -> str:
    """What binds a check to this new phone without telling it."""
    return blind_index(phone, purpose="phone_change")


def _own(actor: Actor, phone: str) -> str:
    """Operators' phones are changed by their organisations' administrators."""
    if not actor.is_worker:
        raise NotPermitted
    return phone


def subject_of(actor: Actor) -> str:
    """What codes and face checks for this change are good for."""
    return f"{actor.kind}:{actor.account_id}"
