"""The runner as a process: starts, does work, stops on SIGTERM and SIGINT within ten seconds with code 0."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from app.core.db import reading, transaction
from app.notifications.models import SmsMessage
from app.notifications.service import send_sms
from tests.factories import new_phone
from tests.support.database import ROOT, Database
from tests.support.ports import free_port
from tests.support.sandbox_server import SandboxServer
from tests.support.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@contextmanager
def _runner(database: Database, data: Path, sandbox: SandboxServer, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        "PATH": os.environ["PATH"], "GONGYUE_ENV": "test", "DATABASE_URL": database.url, "DATA_DIR": str(data),
        "SANDBOX_CREDENTIALS": str(sandbox.credentials_file), "ENCRYPTION_KEYS": f"test:{_base64(b'k')}",
        "INDEX_KEY": _base64(b'i'), **more,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "app.runner"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _base64(byte: bytes) -> str:
    """The keys of the tests' own process (`encryption_keys` in conftest)."""
    return base64.b64encode(byte * 32).decode()


def _send_one() -> object:
    with transaction() as session:
        return send_sms(
            session,
            phone=new_phone(),
            template="SMS_CONTRACT_WITHDRAWN",
            params={"organisation": "某公司", "title": "合同"},
        )


def _status(sms_id: object) -> str:
    with reading() as session:
        return session.scalars(select(SmsMessage.status).where(SmsMessage.id == sms_id)).one()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_works_and_stops_when_asked(
    database: Database, tmp_path: Path, sandbox: SandboxServer, number: signal.Signals
) -> None:
    port = free_port()
    with _runner(database, tmp_path, sandbox, RUNNER_METRICS_PORT=str(port)) as process:
        sms_id = _send_one()
        eventually(lambda: _status(sms_id) == "sent", timeout=30)
        metrics = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
        assert 'gongyue_jobs_total{kind="notifications.send_sms",result="done"} 1.0' in metrics
        assert "gongyue_outbox_parked 0.0" in metrics
        started = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - started < 10


def test_its_log_holds_nothing_private(database: Database, tmp_path: Path, sandbox: SandboxServer) -> None:
    with _runner(database, tmp_path, sandbox) as process:
        sms_id = _send_one()
        eventually(lambda: _status(sms_id) == "sent", timeout=30)
        with reading() as session:
            phone = session.scalars(select(SmsMessage)).one().phone
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=10)[0].decode()
    assert "runner_started" in output
    assert phone not in output
    assert "某公司" not in output
