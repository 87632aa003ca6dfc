"""The sandbox of vendors as its own process, as in development."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.support.ports import free_port
from tests.support.processes import start_server
from tests.support.waiting import eventually


@dataclass(frozen=True, slots=True)
class SandboxServer:
    """`credentials_file` is what SANDBOX_CREDENTIALS names; `credentials` is its content."""

    url: str
    credentials_file: Path
    credentials: dict[str, Any]


@contextmanager
def run_sandbox(directory: Path, callback_base: str = "") -> Iterator[SandboxServer]:
    """Start the sandbox with its data in `directory`, yield it once it answers, stop it."""
    port = free_port()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--data", str(directory)]
    if callback_base:
        command += ["--callback-base", callback_base]
    directory.mkdir(parents=True, exist_ok=True)
    process = start_server(command, directory / "sandbox.log")
    credentials = directory / "credentials.json"
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(process, url, credentials, directory), timeout=30)
        yield SandboxServer(url, credentials, json.loads(credentials.read_text(encoding="utf-8")))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _answers(process: "subprocess.Popen[bytes]", url: str, credentials: Path, directory: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"the sandbox ended: {(directory / 'sandbox.log').read_text(encoding='utf-8')[-2000:]}")
    return credentials.exists() and requests.get(url, timeout=2).status_code < 500
