"""Guessing, from several processes at once (T-03, T-27)."""

import subprocess
import sys
from collections import Counter

import pytest

from app.accounts.errors import CodeExhausted
from app.accounts.login import request_login_code
from app.identity.login import log_in_worker
from tests.factories import CLIENT, agreements, last_code, new_ip, new_phone
from tests.support.database import ROOT, Database


def test_a_code_stops_at_the_fifth_try_over_all_processes(database: Database) -> None:
    phone = new_phone()
    request_login_code(account_kind="worker", phone=phone, ip=new_ip())
    code = int(last_code(phone))
    command = [sys.executable, "-m", "tests.accounts.guess", database.url, phone]
    started = [
        subprocess.Popen(
            [*command, str(code + 1 + 10 * number), "4"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for number in range(3)
    ]  # fmt: skip
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = Counter(line for process in started for line in process.communicate(timeout=60)[0].split())
    assert said == {"code_wrong": 4, "code_exhausted": 8}
    with pytest.raises(CodeExhausted):
        log_in_worker(phone=phone, code=f"{code:06d}", agreements=agreements(), **CLIENT)
