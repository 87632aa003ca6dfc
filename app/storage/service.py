"""Content-addressed documents: bytes first, then the row that names them (T-34, T-37).

`scope` is whose documents they are (`organisation_scope(id)`, `account_scope(kind, id)`); each has an encryption key
of its own.
"""

import hashlib
import uuid
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.crypto import CannotDecrypt, decrypt, encrypt
from app.core.db import insert_if_absent, reading
from app.core.errors import DomainError
from app.core.ids import new_id
from app.storage.models import StoredFile
from app.storage.ports import BlobStore

ORPHAN_AGE = timedelta(hours=24)


class FileDamaged(DomainError):
    """The stored bytes are missing or not what the record says. A wrong file is never handed out."""

    code = "file_integrity"
    http_status = 500
    message_zh = "文件完整性校验未通过，平台已停止提供该文件并通知运维人员，请联系客服。"
    message_en = "The stored file failed its integrity check and is withheld. Please contact support."


def organisation_scope(organisation_id: uuid.UUID) -> str:
    return f"org-{organisation_id}"


def account_scope(kind: str, account_id: uuid.UUID | None) -> str:
    """Of what one person uploads for themselves."""
    return f"{kind}-{account_id}"


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_file(blobs: BlobStore, *, scope: str, data: bytes) -> str:
    """Encrypt, store durably, return the SHA-256 of the plain bytes. Not inside a transaction."""
    digest = sha256_of(data)
    key = _key(scope, digest)
    blobs.put(key, encrypt(data, aad=key, scope=f"file:{scope}"))
    return digest


def record_file(session: Session, *, scope: str, sha256: str, size: int, media_type: str) -> None:
    """Name bytes that `write_file` stored. Repeating it is harmless."""
    insert_if_absent(
        session, StoredFile, id=new_id(), scope=scope, sha256=sha256, size=size, media_type=media_type, created_at=now()
    )


def forget_files(session: Session, *, scope: str, files: Collection[str]) -> None:
    """No longer name these bytes; the caller knows that nobody else does."""
    session.execute(delete(StoredFile).where(StoredFile.scope == scope, StoredFile.sha256.in_(files)))


def read_file(blobs: BlobStore, *, scope: str, sha256: str) -> bytes:
    """The bytes, decrypted and checked against their hash. Raises FileDamaged, ProviderError."""
    key = _key(scope, sha256)
    try:
        data = decrypt(blobs.get(key), aad=key, scope=f"file:{scope}")
    except (KeyError, CannotDecrypt) as error:
        raise FileDamaged(scope=scope, sha256=sha256) from error
    if sha256_of(data) != sha256:
        raise FileDamaged(scope=scope, sha256=sha256)
    return data


def remove_orphans(blobs: BlobStore) -> int:
    """Delete bytes that no row names after a day: a commit that never came. Returns how many."""
    removed = 0
    for key in blobs.list_before(now() - ORPHAN_AGE):
        scope, _, digest = key.split("/")
        with reading() as session:
            known = session.scalar(select(StoredFile.id).where(StoredFile.scope == scope, StoredFile.sha256 == digest))
        if known is None:
            blobs.delete(key)
            removed += 1
    return removed


def _key(scope: str, sha256: str) -> str:
    return f"{scope}/{sha256[:2]}/{sha256}"
