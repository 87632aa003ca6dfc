"""Security keys (UKey) beside login by code: add, name, remove, ask for one at login (A10).

The keys are today's standard, WebAuthn: no driver, no vendor, nothing secret on our side. The last key may go: the
code by SMS opens an operator's account always, a regulator's as long as it has no key.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.accounts.errors import SecurityKeyKnown, SecurityKeyLimit, SecurityKeyRefused, SecurityKeyUnlocked
from app.accounts.fresh_proof import FreshProof, check_fresh_proof
from app.accounts.key_ceremonies import (
    KeyOptions,
    RelyingParty,
    ask_for_key,
    offered,
    open_ceremony,
    spend_ceremony,
    tell,
)
from app.accounts.key_models import CeremonyPurpose, SecurityKey
from app.accounts.login import find_operator, find_regulator, parse_phone
from app.accounts.models import AccountKind
from app.accounts.queries import phone_of
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import insert_if_absent, reading, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.ids import new_id
from app.core.text import mask_phone

MOST = 10
_NAME = 40
_HOW_MANY, _LENGTHS = (1, 1, 1, 1, 1, 2, 2, 3), (16, 20, 32, 32, 48, 64, 64, 96)


@dataclass(frozen=True, slots=True)
class SecurityKeyView:
    """One key, as its owner sees it."""

    id: uuid.UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


def list_security_keys(*, actor: Actor) -> list[SecurityKeyView]:
    """The oldest first."""
    with reading() as session:
        rows = session.scalars(select(SecurityKey).where(*_own(actor)).order_by(SecurityKey.created_at, SecurityKey.id))
        return [_view(row) for row in rows]


def begin_key_registration(*, actor: Actor, proof: FreshProof, party: RelyingParty | None) -> KeyOptions:
    """What the browser needs to make a new key; keys that were added already are left out.

    Raises SecurityKeysNotOffered, SecurityKeyLimit, and as `check_fresh_proof`.
    """
    site = offered(party)
    with reading() as session:
        _check_number(session, actor)
    check_fresh_proof(actor=actor, proof=proof, party=party)
    with transaction() as session:
        row = open_ceremony(session, CeremonyPurpose.REGISTRATION, AccountKind(actor.kind), actor.account_id)
        name = mask_phone(phone_of(session, actor))
        known = session.scalars(select(SecurityKey.credential_id).where(*_own(actor)))
        options = generate_registration_options(
            rp_id=site.id, rp_name="工约 Gongyue", user_id=f"{actor.kind}:{actor.account_id}".encode(), user_name=name,
            user_display_name=name, challenge=row.challenge, timeout=120_000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        )  # fmt: skip
        return KeyOptions(row.id, json.loads(options_to_json(options)), row.expires_at)


def finish_key_registration(
    *, actor: Actor, ceremony_id: uuid.UUID, credential: Mapping[str, Any], name: str, party: RelyingParty | None
) -> SecurityKeyView:
    """Add the key that the browser made. Raises InvalidInput (name), SecurityKeysNotOffered, SecurityKeyCeremonyOver,
    SecurityKeyRefused, SecurityKeyUnlocked, SecurityKeyKnown, SecurityKeyLimit.
    """
    site, called = offered(party), _parse_name(name)
    challenge = spend_ceremony(
        ceremony_id=ceremony_id, purpose=CeremonyPurpose.REGISTRATION, kind=AccountKind(actor.kind),
        account_id=actor.account_id,
    )  # fmt: skip
    made = _verify(credential, challenge, site)
    with transaction() as session:
        key_id, credential_id = new_id(), bytes_to_base64url(made.credential_id)
        is_new = insert_if_absent(
            session, SecurityKey, id=key_id, account_kind=str(actor.kind), account_id=actor.account_id,
            credential_id=credential_id, public_key=made.credential_public_key, sign_count=made.sign_count, name=called,
            created_at=now(),
        )  # fmt: skip
        if not is_new:
            raise SecurityKeyKnown
        _check_number(session, actor, most=MOST + 1)
        key = session.scalars(select(SecurityKey).where(SecurityKey.id == key_id)).one()
        tell(session, actor, "security_key.added", key)
        return _view(key)


def rename_security_key(*, actor: Actor, key_id: uuid.UUID, name: str) -> SecurityKeyView:
    """Raises NotFound, InvalidInput."""
    called = _parse_name(name)
    with transaction() as session:
        key = _find(session, actor, key_id)
        key.name = called
        return _view(key)


def get_security_key(*, actor: Actor, key_id: uuid.UUID) -> SecurityKeyView:
    """Raises NotFound."""
    with reading() as session:
        return _view(_find(session, actor, key_id, lock=False))


def remove_security_key(*, actor: Actor, key_id: uuid.UUID, proof: FreshProof, party: RelyingParty | None) -> None:
    """It opens nothing any more. Raises NotFound, and as `check_fresh_proof`."""
    get_security_key(actor=actor, key_id=key_id)
    check_fresh_proof(actor=actor, proof=proof, party=party)
    with transaction() as session:
        key = _find(session, actor, key_id)
        tell(session, actor, "security_key.removed", key)
        session.delete(key)


def begin_key_proof(*, actor: Actor, party: RelyingParty | None) -> KeyOptions:
    """Ask for one of one's own keys, as a fresh proof. Raises SecurityKeysNotOffered."""
    site = offered(party)
    with transaction() as session:
        known = session.scalars(select(SecurityKey.credential_id).where(*_own(actor))).all()
        row = open_ceremony(session, CeremonyPurpose.PROOF, AccountKind(actor.kind), actor.account_id)
        return ask_for_key(row, site, known)


def begin_key_login(*, account_kind: str, phone: str, party: RelyingParty | None) -> KeyOptions:
    """Ask for a key at login: one of this phone's, or, without a phone, any that knows its owner itself.

    A phone without keys, or of nobody, gets made-up keys that are always the same for it, so that the answer tells
    nothing (T-27; WebAuthn Level 3, section 14.6.2). Raises SecurityKeysNotOffered, PhoneInvalid.
    """
    site, kind = offered(party), AccountKind(account_kind)
    number = parse_phone(phone) if phone.strip() else ""
    with transaction() as session:
        known = _keys_of(session, kind, number) or _decoys(kind, number) if number else []
        row = open_ceremony(session, CeremonyPurpose.LOGIN, kind, None)
        return ask_for_key(row, site, known)


def _keys_of(session: Session, kind: AccountKind, phone: str) -> list[str]:
    account = find_regulator(session, phone) if kind is AccountKind.REGULATOR else find_operator(session, phone)
    owner = account.id if account is not None else uuid.UUID(int=0)
    mine = (SecurityKey.account_kind == kind) & (SecurityKey.account_id == owner)
    return list(session.scalars(select(SecurityKey.credential_id).where(mine).order_by(SecurityKey.created_at)))


def _decoys(kind: AccountKind, phone: str) -> list[str]:
    """One made-up key mostly, now and then more; as long as real ones are: vendors take 16 to 96 bytes."""
    first = _noise(kind, phone, 0)
    return [bytes_to_base64url(_made_up(kind, phone, number)) for number in range(1, _HOW_MANY[first[0] % 8] + 1)]


def _made_up(kind: AccountKind, phone: str, number: int) -> bytes:
    noise = b"".join(_noise(kind, phone, 10 * number + part) for part in range(4))
    return noise[1 : 1 + _LENGTHS[noise[0] % 8]]


def _noise(kind: AccountKind, phone: str, part: int) -> bytes:
    return bytes.fromhex(blind_index(f"{kind}:{phone}:{part}", purpose="security-key-decoy"))


def _verify(credential: Mapping[str, Any], challenge: bytes, party: RelyingParty) -> VerifiedRegistration:
    try:
        made = verify_registration_response(
            credential=dict(credential), expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=party.origin,
        )  # fmt: skip
    except Exception as error:  # whatever a made-up answer breaks in the parsers
        raise SecurityKeyRefused from error
    if not made.user_verified:
        raise SecurityKeyUnlocked
    return made


def _check_number(session: Session, actor: Actor, most: int = MOST) -> None:
    """Raises SecurityKeyLimit."""
    if (session.scalar(select(func.count()).where(*_own(actor))) or 0) >= most:
        raise SecurityKeyLimit(limit=MOST)


def _parse_name(name: str) -> str:
    called = " ".join(name.split())
    if not 1 <= len(called) <= _NAME or not called.isprintable():
        raise InvalidInput(fields={"name": ["请给安全密钥起一个名称，最多 40 个字。"]})
    return called


def _find(session: Session, actor: Actor, key_id: uuid.UUID, *, lock: bool = True) -> SecurityKey:
    statement = select(SecurityKey).where(SecurityKey.id == key_id, *_own(actor))
    key = session.scalar(statement.with_for_update() if lock else statement)
    if key is None:
        raise NotFound
    return key


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return SecurityKey.account_kind == str(actor.kind), SecurityKey.account_id == actor.account_id


def _view(key: SecurityKey) -> SecurityKeyView:
    return SecurityKeyView(key.id, key.name, key.created_at, key.last_used_at)
