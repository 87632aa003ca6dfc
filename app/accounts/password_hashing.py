"""argon2id: how passwords are stored (A2).

Parameters: RFC 9106's second recommended option (3 passes, 64 MiB, 4 lanes), random salt of 16 bytes, tag of 32.
Each hash carries its own parameters, so raising them leaves older hashes valid. A check takes about 0.1 s and 64 MiB;
at most two run at once in a process, so that a flood of logins costs 128 MiB and not the server (T-32).
Hash and check outside of transactions.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from app.accounts.errors import PasswordCheckBusy

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16, type=Type.ID)
_SLOTS = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 10.0

# Of a random value that nobody kept. Checked where there is no password, so that the work is the same (T-27).
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$fu42EiQcbBoppvAG+80hpQ"  # pragma: allowlist secret
    "$gJjChfRyl0+L7drYZWKRehB/4CskbaPwNVy8QFFEKe0"  # pragma: allowlist secret
)


def hash_password(password: str) -> str:
    """The hash to store, parameters and salt included. Raises PasswordCheckBusy."""
    with _slot():
        return _HASHER.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether `password` has this hash. None costs the same time and is never right. Raises PasswordCheckBusy."""
    with _slot():
        try:
            _HASHER.verify(stored or NOBODYS_HASH, password)
        except VerifyMismatchError:
            return False
    return stored is not None


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_WAIT_SECONDS):
        raise PasswordCheckBusy(retry_after=5)
    try:
        yield
    finally:
        _SLOTS.release()
