"""Instances to measure and to demonstrate with: what runs here, or a temporary one of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
# What the shell may have set for another instance.
_FOREIGN = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SANDBOX_CREDENTIALS", "DATA_DIR")


@dataclass(frozen=True)
class Instance:
    """Addresses of platform and sandbox; `seconds`: until it was ready."""

    url: str
    sandbox_url: str
    seconds: float = 0.0


def until(ask: Callable[[], Any], seconds: float, what: str) -> Any:
    """Ask again until there is an answer. Raises TimeoutError naming what was awaited."""
    end = time.monotonic() + seconds
    wait = 0.02
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: nothing after {seconds:.0f} s")
        time.sleep(wait)
        wait = min(wait * 1.5, 0.25)


def running_instance() -> Instance | None:
    """The instance in DATA_DIR that answers, if there is one with a sandbox."""
    try:
        text = (ROOT / os.environ.get("DATA_DIR", "var") / "instance.json").read_text(encoding="utf-8")
        record = json.loads(text)
        requests.get(f"{record['url']}/healthz", timeout=2).raise_for_status()
        return Instance(record["url"], record["sandbox_url"])
    except (OSError, ValueError, KeyError, requests.RequestException):
        return None


@contextmanager
def temporary_instance(**variables: str) -> Iterator[Instance]:
    """Start everything in a directory of its own, with `variables` in its environment; stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="gongyue-") as name:
        yield from start_instance(Path(name), **variables)


def start_instance(folder: Path, **variables: str) -> Iterator[Instance]:
    """The same in a given directory, which is kept: for starting a second time."""
    inherited = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    environment = inherited | {"DATA_DIR": str(folder), "PORT": "0", "SANDBOX_PORT": "0"} | variables
    record_file = folder / "instance.json"
    record_file.unlink(missing_ok=True)
    begin = time.monotonic()
    with (folder / "supervisor.log").open("wb") as log:
        command = [sys.executable, "-m", "app.supervisor"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            record = until(lambda: _record(folder, record_file, process), START_SECONDS, "a temporary instance")
            yield Instance(record["url"], record["sandbox_url"], time.monotonic() - begin)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _record(folder: Path, path: Path, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    if process.poll() is not None:
        raise AssertionError((folder / "supervisor.log").read_text(encoding="utf-8", errors="replace")[-2000:])
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
