"""Challenges for security keys and the answers to them (A10; WebAuthn Level 3, sections 7.1 and 7.2).

A challenge lives two minutes and is spent by the first answer, right or wrong. What a browser says is believed only
when the key's signature, our origin and our domain agree. A key logs in alone, so it has to know its user: by a PIN, a
finger or a face.
"""

import ipaddress
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import generate_authentication_options, options_to_json, verify_authentication_response
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from app.accounts.errors import (
    SecurityKeyCeremonyOver,
    SecurityKeyCopied,
    SecurityKeyRefused,
    SecurityKeysNotOffered,
    SecurityKeyUnlocked,
)
from app.accounts.key_models import CeremonyPurpose, SecurityKey, SecurityKeyCeremony
from app.accounts.models import AccountKind
from app.accounts.sessions import Client
from app.audit.service import record
from app.core.actor import Actor, ActorKind
from app.core.clock import in_shanghai, now
from app.core.db import reading, transaction
from app.core.ids import new_id
from app.notifications.service import post_message

LIFE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Us, as keys know us. `id`: our domain. `origin`: where our pages are."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """`options`: the JSON form of what `navigator.credentials` takes."""

    ceremony_id: uuid.UUID
    options: dict[str, Any]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A key that answered rightly, and whose it is."""

    account_id: uuid.UUID
    key_id: uuid.UUID


def relying_party_of(public_url: str) -> RelyingParty | None:
    """From PUBLIC_URL. On a developer's machine both loopback names mean `localhost`: keys know no bare addresses.

    None where keys can't work: at any other address that is no domain name.
    """
    url = urlsplit(public_url)
    host = url.hostname or ""
    try:
        if not ipaddress.ip_address(host).is_loopback:
            return None
        host = "localhost"
    except ValueError:
        pass
    port = f":{url.port}" if url.port else ""
    return RelyingParty(host, f"{url.scheme}://{host}{port}")


def offered(party: RelyingParty | None) -> RelyingParty:
    """Raises SecurityKeysNotOffered."""
    if party is None:
        raise SecurityKeysNotOffered
    return party


def open_ceremony(
    session: Session, purpose: CeremonyPurpose, kind: AccountKind, account_id: uuid.UUID | None
) -> SecurityKeyCeremony:
    """A new challenge in the caller's transaction."""
    row = SecurityKeyCeremony(
        id=new_id(), purpose=purpose, account_kind=kind, account_id=account_id, challenge=secrets.token_bytes(32),
        expires_at=now() + LIFE,
    )  # fmt: skip
    session.add(row)
    return row


def spend_ceremony(
    *, ceremony_id: uuid.UUID, purpose: CeremonyPurpose, kind: AccountKind, account_id: uuid.UUID | None
) -> bytes:
    """The challenge, which nobody can answer again. Owns its transaction. Raises SecurityKeyCeremonyOver."""
    with transaction() as session:
        row = session.get(SecurityKeyCeremony, ceremony_id, with_for_update=True)
        fits = row is not None and (row.purpose, row.account_kind, row.account_id) == (purpose, kind, account_id)
        if row is None or not fits or row.used_at is not None or row.expires_at <= now():
            raise SecurityKeyCeremonyOver
        row.used_at = now()
        return row.challenge


def ask_for_key(row: SecurityKeyCeremony, party: RelyingParty, credential_ids: Sequence[str]) -> KeyOptions:
    """What the browser needs to ask one of these keys; with none of them it asks for any that knows its owner."""
    options = generate_authentication_options(
        rp_id=party.id, challenge=row.challenge, timeout=int(LIFE.total_seconds() * 1000),
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credential_ids],
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return KeyOptions(row.id, json.loads(options_to_json(options)), row.expires_at)


def prove_key(
    *, purpose: CeremonyPurpose, kind: AccountKind, account_id: uuid.UUID | None, ceremony_id: uuid.UUID,
    credential: Mapping[str, Any], party: RelyingParty, client: Client,
) -> KeyProof:  # fmt: skip
    """Check a key's answer. `account_id`: whose key it must be, or None at login. Owns its transactions.

    Raises SecurityKeyCeremonyOver, SecurityKeyRefused, SecurityKeyUnlocked, SecurityKeyCopied.
    """
    challenge = spend_ceremony(ceremony_id=ceremony_id, purpose=purpose, kind=kind, account_id=account_id)
    with reading() as session:
        is_it = (SecurityKey.credential_id == str(credential.get("id", ""))) & (SecurityKey.account_kind == kind)
        key = session.scalar(select(SecurityKey).where(is_it))
    if key is None or account_id not in (None, key.account_id):
        raise SecurityKeyRefused
    sign_count = _verify(credential, challenge, party, key.public_key)
    if not _count(key.id, sign_count, client):
        raise SecurityKeyCopied
    return KeyProof(key.account_id, key.id)


def _verify(credential: Mapping[str, Any], challenge: bytes, party: RelyingParty, public_key: bytes) -> int:
    """The key's counter. The counter itself is compared under a lock, so none is given here."""
    try:
        answered = verify_authentication_response(
            credential=dict(credential), expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=party.origin, credential_public_key=public_key, credential_current_sign_count=0,
        )  # fmt: skip
    except Exception as error:  # whatever a made-up answer breaks in the parsers
        raise SecurityKeyRefused from error
    if not answered.user_verified:
        raise SecurityKeyUnlocked
    return answered.new_sign_count


def _count(key_id: uuid.UUID, sign_count: int, client: Client) -> bool:
    """Note the use; False when the counter did not grow, which is recorded and told to the owner.

    A key without a counter always says 0.
    """
    with transaction() as session:
        key = session.get(SecurityKey, key_id, with_for_update=True)
        if key is None:
            raise SecurityKeyRefused
        if (sign_count or key.sign_count) and sign_count <= key.sign_count:
            owner = Actor(
                kind=ActorKind(key.account_kind), account_id=key.account_id, channel=client.channel, ip=client.ip,
                device=client.device[:200],
            )  # fmt: skip
            tell(session, owner, "security_key.copied", key)
            return False
        key.sign_count, key.last_used_at = sign_count, now()
        return True


_TITLES = {
    "security_key.added": "已添加安全密钥",
    "security_key.removed": "已删除安全密钥",
    "security_key.copied": "安全密钥可能已被复制",
}


def tell(session: Session, owner: Actor, action: str, key: SecurityKey) -> None:
    """The owner learns of it, whoever did it."""
    if owner.account_id is not None:
        body = (
            f"{in_shanghai(now()):%Y-%m-%d %H:%M}，{_TITLES[action]}：{key.name}。"
            "如非本人操作，请立即用短信验证码登录，在个人中心检查安全密钥和登录设备，或联系客服。"
        )
        post_message(
            session, account_kind=str(owner.kind), account_id=owner.account_id, kind=action, title=_TITLES[action],
            body=body,
        )  # fmt: skip
    record(session, owner, action, f"account:{owner.account_id}", key_id=key.id)
