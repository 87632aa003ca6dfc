"""Takes rights away from the current process before it touches an uploaded file (T-19, T-20).

Called by `child.py`; `python -m app.templates.lockdown <limits> <command…>` restricts itself and then
becomes that command, which is how LibreOffice is started. Linux only, no root needed.
"""

import ctypes
import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

MB = 1024 * 1024
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_FORBIDDEN_EVENTS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pty.spawn",
)


@dataclass(frozen=True)
class Limits:
    """Ceilings of one process: address space and file size in bytes, CPU and wall time in seconds."""

    memory: int
    cpu: int
    wall: int
    file: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def restrict(limits: Limits) -> None:
    """Apply the limits, leave the network and die with the parent. Inherited over exec; irrevocable."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    leave_network(libc.unshare)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(0o077)
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def leave_network(unshare: Callable[[int], int]) -> bool:
    """Move to an empty network namespace; False where the kernel forbids it to this user.

    An ordinary user may only do so inside a user namespace of its own. Where even that is switched off,
    `forbid_side_effects` still stops Python code, and what needs a network was cut out of the file.
    """
    for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
        if unshare(flags) == 0:
            return True
        if ctypes.get_errno() not in (errno.EPERM, errno.EINVAL, errno.ENOSPC, errno.ENOSYS):
            break
    return False


def forbid_side_effects() -> None:
    """From now on this interpreter opens no socket and starts no process: an audit hook can't be removed."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN_EVENTS):
            raise PermissionError(f"{event} is not allowed while reading an upload")

    sys.addaudithook(refuse)


if __name__ == "__main__":
    restrict(Limits(**json.loads(sys.argv[1])))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 (what word.py asked for)
