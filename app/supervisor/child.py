"""One child process: started in a group of its own, read, ended with everything that it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.supervisor.logs import RotatingLog

# Seconds before the next start after a death; the last one repeats. A child that lived for a while starts over.
BACK_OFF = (0.1, 0.5, 1, 2, 5, 10)
STABLE_AFTER = 30

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when its parent dies, even by kill -9 (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGTERM)


class Child:
    """`start`, look at `has_ended`, `read` its output, `terminate`, `kill`. The exit code stays in `exit_code`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log_directory: Path,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.exit_code: int | None = None
        self.due: float | None = None
        self.log = RotatingLog(log_directory / f"{name}.log")
        self._command = list(command)
        self._environment = dict(environment)
        self._pass_fds = tuple(pass_fds)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._deaths = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def output(self) -> int:
        """File descriptor of its standard output and error."""
        if self._process is None or self._process.stdout is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process.stdout.fileno()

    def start(self) -> None:
        parent = os.getpid()
        self.log.mark()
        self.due, self.exit_code, self._started_at = None, None, time.monotonic()
        # A group of its own: Ctrl-C in the terminal reaches the supervisor only, which ends children in order.
        # preexec_fn is safe here because the supervisor has one thread.
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            pass_fds=self._pass_fds,
            preexec_fn=lambda: end_with_parent(parent),
        )
        os.set_blocking(self.output, False)

    def read(self) -> bool:
        """Move what it printed into its log; False once nothing more will come."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self.output, 65536):
                self.log.write(chunk)
            return False
        return True

    def has_ended(self) -> bool:
        """Whether it ended just now. If so its remaining descendants are killed and it is buried."""
        if self._process is None:
            return False
        # Look without burying: the group's number stays ours until its descendants are gone.
        if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        self.kill()
        self.read()
        self.exit_code = self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        return True

    def schedule(self) -> float:
        """Plan the next start; seconds until then."""
        lived = time.monotonic() - self._started_at
        self._deaths = 0 if lived > STABLE_AFTER else self._deaths + 1
        delay = BACK_OFF[min(max(self._deaths - 1, 0), len(BACK_OFF) - 1)]
        self.due = time.monotonic() + delay
        return delay

    def terminate(self) -> None:
        """Ask it to end."""
        self.due = None
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
