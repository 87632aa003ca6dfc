"""Starts a restricted process, gives it one message and takes one back. Always ends: killed by group."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import structlog

from app.templates import wire
from app.templates.errors import REFUSALS, DocumentRefused, FileDamaged, FileTooComplex, IntakeBusy
from app.templates.lockdown import MB, Limits

log = structlog.get_logger()

# Measured: 250 MB of address space are enough for 25 scanned pages (15 MB). Four times that, since pdfium
# silently leaves out a picture for which it has no memory.
PARSER_LIMITS = Limits(memory=1024 * MB, cpu=20, wall=30, file=256 * MB)
_PROJECT = Path(__file__).resolve().parents[2]
_SLOTS = threading.BoundedSemaphore(2)
_WAIT_FOR_SLOT = 30.0
_KILLED_BY_LIMIT = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ, -signal.SIGABRT)


def call_child(operation: str, data: bytes, **arguments: Any) -> wire.Message:
    """Run one operation of `child.py` on `data`; return its head and blobs.

    Raises the refusal that the child named, FileTooComplex when a limit ended it, FileDamaged when it crashed.
    """
    command = [*python_module("app.templates.child"), operation, PARSER_LIMITS.to_json()]
    with workspace() as folder, tempfile.TemporaryFile() as answer:
        code = run_restricted(command, folder, PARSER_LIMITS.wall, request=wire.pack(arguments, [data]), answer=answer)
        if code != 0:
            log.warning("intake_child_ended", operation=operation, exit_code=code, upload_bytes=len(data))
        if code is None or code in _KILLED_BY_LIMIT:
            raise FileTooComplex
        answer.seek(0)
        return _read_answer(code, answer.read(PARSER_LIMITS.file + 1))


def _read_answer(code: int, data: bytes) -> wire.Message:
    try:
        head, blobs = wire.unpack(data)
    except (ValueError, RecursionError) as error:
        raise FileDamaged from error
    if "error" in head:
        raise _refusal(head)
    if code != 0:
        raise FileDamaged
    return head, blobs


def _refusal(head: dict[str, Any]) -> DocumentRefused:
    try:
        return REFUSALS[head["error"]](**head["details"])
    except (KeyError, TypeError):  # not what our code writes: something else speaks for the child
        return FileDamaged()


@contextmanager
def workspace() -> Iterator[Path]:
    """An empty private folder of one call, and one of the few slots of this process. Raises IntakeBusy."""
    if not _SLOTS.acquire(timeout=_WAIT_FOR_SLOT):
        raise IntakeBusy
    try:
        with tempfile.TemporaryDirectory(prefix="intake-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    finally:
        _SLOTS.release()


def run_restricted(
    command: Sequence[str],
    folder: Path,
    wall: int,
    *,
    request: bytes = b"",
    answer: IO[bytes] | int = subprocess.DEVNULL,
    environment: dict[str, str] | None = None,
) -> int | None:
    """Run `command` in `folder` with next to no environment; return its exit code, None after `wall` seconds.

    Standard input and output are files, not pipes: no deadlock, and RLIMIT_FSIZE bounds the answer.
    """
    with tempfile.TemporaryFile() as source:
        source.write(request)
        source.seek(0)
        process = subprocess.Popen(  # noqa: S603 (a command of our own; the upload is only its input)
            command,
            cwd=folder,
            env=_environment(folder) | (environment or {}),
            stdin=source,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        ended = _ends_within(process.pid, wall)
        # The whole session: LibreOffice leaves helpers behind when only its first process is killed. The
        # process is not reaped yet, so its number still is its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        return code if ended else None


def _ends_within(process_id: int, seconds: float) -> bool:
    """Wait for a child without reaping it."""
    descriptor = os.pidfd_open(process_id)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def python_module(name: str) -> list[str]:
    """The command that runs a module of this product: `-P` keeps the working folder out of the import path."""
    return [sys.executable, "-s", "-P", "-m", name]


def _environment(folder: Path) -> dict[str, str]:
    """No secrets, no proxies, nothing of the parent but the way to the programs."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(_PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
    }
