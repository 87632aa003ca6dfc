"""Prove oneself once more before changing how one logs in: an open session alone is not enough (A10; T-10)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.accounts.codes import CodePurpose, CodeSent, check_code, send_code
from app.accounts.key_ceremonies import RelyingParty, offered, prove_key
from app.accounts.key_models import CeremonyPurpose
from app.accounts.models import AccountKind
from app.accounts.passwords import prove_password
from app.accounts.queries import phone_of
from app.accounts.sessions import Client
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.core.errors import InvalidInput

TEMPLATE = "SMS_SECURITY_KEY"


@dataclass(frozen=True, slots=True)
class FreshProof:
    """One of three: the password, a code sent to the own phone, or the answer of one's own security key."""

    password: str = ""
    code: str = ""
    ceremony_id: uuid.UUID | None = None
    credential: Mapping[str, Any] | None = None


def request_proof_code(*, actor: Actor) -> CodeSent:
    """Send a code to one's own phone. Raises SmsLimitReached."""
    with transaction() as session:
        return send_code(
            session, phone=phone_of(session, actor), purpose=CodePurpose.SECURITY_KEY, subject=_subject(actor),
            ip=actor.ip, template=TEMPLATE,
        )  # fmt: skip


def check_fresh_proof(*, actor: Actor, proof: FreshProof, party: RelyingParty | None) -> None:
    """Owns its transactions: a wrong try counts although the request fails. Call it first.

    Raises InvalidInput (none given), CodeWrong, CodeExpired, CodeExhausted, PasswordWrong, PasswordLocked,
    PasswordTriesExceeded, PasswordCheckBusy, and as `prove_key`.
    """
    kind = AccountKind(actor.kind)
    if proof.credential is not None and proof.ceremony_id is not None:
        prove_key(
            purpose=CeremonyPurpose.PROOF, kind=kind, account_id=actor.account_id, ceremony_id=proof.ceremony_id,
            credential=proof.credential, party=offered(party), client=Client(actor.channel, actor.ip, actor.device),
        )  # fmt: skip
        return
    with reading() as session:
        phone = phone_of(session, actor)
    if proof.code:
        check_code(phone=phone, purpose=CodePurpose.SECURITY_KEY, subject=_subject(actor), code=proof.code)
    elif proof.password and not actor.is_regulator:
        prove_password(account_kind=kind, phone=phone, password=proof.password, ip=actor.ip)
    else:
        raise InvalidInput(fields={"code": ["请填写发送到本人手机的验证码，或改用密码、安全密钥确认。"]})


def _subject(actor: Actor) -> str:
    return f"{actor.kind}:{actor.account_id}"
