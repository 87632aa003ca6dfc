"""Encryption of personal data and of documents; blind indexes for look-up (B8).

Every ciphertext names its key, so that keys can be rotated: `1 | len(id) | id | nonce(12) | AES-256-GCM`.
The additional data binds a value to its table, column and row: a ciphertext moved elsewhere does not open.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.ids import new_id

_FORMAT = 1


@dataclass(frozen=True)
class Keyring:
    """Master keys of 32 bytes by id; `active` encrypts, all decrypt. `index_key` is separate on purpose."""

    active: str
    keys: dict[str, bytes]
    index_key: bytes

    def __post_init__(self) -> None:
        if self.active not in self.keys or any(len(key) != 32 for key in self.keys.values()):
            raise ValueError("encryption keys must be 32 bytes each and include the active one")
        if len(self.index_key) < 32:
            raise ValueError("the index key must have at least 32 bytes")


class CannotDecrypt(Exception):
    """Unknown key, or the ciphertext was changed or moved. Never says more."""


class _Holder:
    keyring: Keyring | None = None


def configure(keyring: Keyring) -> None:
    """Set the keys of this process, once, at start."""
    _Holder.keyring = keyring
    _cipher.cache_clear()


def _keyring() -> Keyring:
    if _Holder.keyring is None:
        raise RuntimeError("encryption keys are not configured")
    return _Holder.keyring


@lru_cache(maxsize=2048)
def _cipher(key_id: str, scope: str) -> AESGCM:
    master = _keyring().keys.get(key_id)
    if master is None:
        raise CannotDecrypt
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"gongyue:{scope}".encode()).derive(master)
    return AESGCM(derived)


def encrypt(plaintext: bytes, *, aad: str, scope: str = "column") -> bytes:
    """AES-256-GCM under the key of `scope` (a purpose, or one organisation's documents)."""
    key_id = _keyring().active
    nonce = os.urandom(12)
    header = bytes((_FORMAT, len(key_id))) + key_id.encode()
    return header + nonce + _cipher(key_id, scope).encrypt(nonce, plaintext, aad.encode())


def decrypt(ciphertext: bytes, *, aad: str, scope: str = "column") -> bytes:
    """Inverse of `encrypt`. Raises CannotDecrypt."""
    try:
        if ciphertext[0] != _FORMAT:
            raise CannotDecrypt
        end = 2 + ciphertext[1]
        key_id, nonce = ciphertext[2:end].decode(), ciphertext[end : end + 12]
        return _cipher(key_id, scope).decrypt(nonce, ciphertext[end + 12 :], aad.encode())
    except (InvalidTag, IndexError, UnicodeDecodeError, ValueError) as error:
        raise CannotDecrypt from error


def blind_index(value: str, *, purpose: str) -> str:
    """Keyed hash (64 hex digits) by which an encrypted, normalised value is found again."""
    return hmac.new(_keyring().index_key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """What is stored of a random token; a table of these opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sealed:
    """A text attribute kept encrypted in `column` of the same row.

    `phone = Sealed("phone_ciphertext")` reads and writes plain text; the row's id is part of the binding.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    def _aad(self, row: Any) -> str:
        if row.id is None:
            row.id = new_id()
        return f"{row.__tablename__}:{self.column}:{row.id}"

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: object, owner: type) -> str: ...
    def __get__(self, row: Any, owner: type) -> "str | Sealed":
        if row is None:
            return self
        stored = getattr(row, self.column)
        return "" if stored is None else decrypt(stored, aad=self._aad(row)).decode()

    def __set__(self, row: Any, value: str | None) -> None:
        setattr(row, self.column, encrypt(value.encode(), aad=self._aad(row)) if value else None)
