"""The product as its users meet it: start-up, answers per second, and from the tap on "sign" to the sealed PDF."""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.instance import ROOT, Instance, start_instance, until
from benchmarks.journey import Client, Company, Employer, Sandbox, Someone, Worker

CONNECTIONS, SECONDS, ROUNDS = 8, 4.0, 3
CONTRACTS, WORKERS = 200, 20
OPERATOR = Someone("吴涛", "13900139001", "220100198103031110")
COMPANY = Company(
    "长春市南关区净月潭现代服务业职业技能培训中心有限责任公司",
    "91220100MA0000023W",
    "吉林省长春市南关区人民大街 1 号",
    OPERATOR,
)
# A benchmark is no flood and no reader: the limits that protect people are out of the way.
RELAXED = {
    "SMS_INTERVAL_SECONDS": "0", "SMS_PER_PHONE_HOUR": "100000", "SMS_PER_PHONE_DAY": "100000",
    "SMS_OWN_PER_HOUR": "100000", "SMS_OWN_PER_DAY": "100000", "SMS_PER_IP_HOUR": "100000",
    "RATE_LIMIT_PUBLIC": "1000000 per minute", "RATE_LIMIT_DEFAULT": "1000000 per minute",
    "READING_SECONDS_PER_PAGE": "0",
}  # fmt: skip


@dataclass(frozen=True)
class Sealing:
    """Seconds from the tap on "sign" to the sealed revision."""

    count: int
    p50: float
    p95: float


def run() -> None:
    """Print start-up times, answers per second and the time to the sealed revision."""
    with tempfile.TemporaryDirectory(prefix="gongyue-bench-") as name:
        folder = Path(name)
        cold = _start(folder)
        with contextmanager(start_instance)(folder, **RELAXED) as instance:
            print(f"\n启动 start-up to ready: cold {cold:.1f} s · warm {instance.seconds:.1f} s (cold/warm {cold / instance.seconds:.1f})")  # fmt: skip  # noqa: E501
            employer, seal = _employer(instance)
            worker = _worker(instance, 0)
            contract = _sent(employer, worker)
            _compare_answers(instance, folder, worker, contract)
            _show_sealing(instance, employer, seal)


def _start(folder: Path) -> float:
    with contextmanager(start_instance)(folder, **RELAXED) as instance:
        return instance.seconds


def _employer(instance: Instance) -> tuple[Employer, str]:
    employer = Employer(Client(instance.url, "console"), Sandbox(instance.sandbox_url), OPERATOR)
    employer.enter(COMPANY, is_new=True)
    employer.verify_organisation(COMPANY)
    return employer, employer.make_seal()


def _worker(instance: Instance, number: int) -> Worker:
    """A person of their own, known to the sandbox, logged in and verified."""
    who = Someone("测试员", f"137{number:08d}", _id_number(number))
    person = {"name": who.name, "id_number": who.id_number, "phone": who.phone, "carrier": "移动"}
    requests.post(f"{instance.sandbox_url}/__sandbox/persons", json=person, timeout=10).raise_for_status()
    worker = Worker(Client(instance.url, "worker"), Sandbox(instance.sandbox_url), who)
    worker.log_in()
    worker.verify_by_phone()
    return worker


def _id_number(number: int) -> str:
    body = f"22010019900101{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _sent(employer: Employer, worker: Worker) -> str:
    contract = employer.draft(worker.who)
    employer.send(contract)
    return contract


def _compare_answers(instance: Instance, folder: Path, worker: Worker, contract: str) -> None:
    """The same server (gunicorn gthread, 1 worker of 8 threads) answers for both; rounds alternate."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in worker.client.session.cookies)
    product = instance.url.removeprefix("http://")
    path = f"/api/v1/worker/contracts/{contract}"
    rates: dict[str, list[float]] = {"bare": [], "contract": [], "picture": []}
    with _bare_server(folder) as bare:
        for _ in range(ROUNDS):
            rates["bare"].append(_answers_per_second(bare, f"/contracts/{contract}", ""))
            rates["contract"].append(_answers_per_second(product, path, cookies))
            rates["picture"].append(_answers_per_second(product, f"{path}/pages/1", cookies))
    middle = {name: statistics.median(found) for name, found in rates.items()}
    print("\n每秒应答 answers per second, 8 connections, SQLite")
    for name, text in (("bare", "bare Flask + SQLAlchemy read"), ("contract", "contract page"), ("picture", "page picture")):  # fmt: skip  # noqa: E501
        print(f"  {text:32} {middle[name]:8.0f} /s   ×{middle[name] / middle['bare']:.2f} of bare")


def _answers_per_second(address: str, path: str, cookies: str) -> float:
    """Keep-alive connections that ask as fast as they are answered; anything but 200 is an error."""
    end = time.monotonic() + SECONDS
    counts = [0] * CONNECTIONS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(address, timeout=10)
        while time.monotonic() < end:
            connection.request("GET", path, headers={"Cookie": cookies} if cookies else {})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise AssertionError(f"{path}: {answer.status}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - begin)


@contextmanager
def _bare_server(folder: Path) -> Iterator[str]:
    socket_file = folder / "bare.port"
    environment = os.environ | {"BARE_DATABASE_URL": f"sqlite:///{folder / 'gongyue.db'}"}
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--bind", "127.0.0.1:0"]
    command = [sys.executable, "-m", "gunicorn", *options, "--log-level", "info", "benchmarks.bare:app"]
    with socket_file.open("w+b") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield until(lambda: _address(socket_file), 30, "the bare server")
        finally:
            process.terminate()
            process.wait(timeout=30)


def _address(log: Path) -> str:
    """gunicorn says where it listens: "Listening at: http://127.0.0.1:43211 (17)"."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return text.partition("Listening at: http://")[2].partition(" ")[0] if "Booting worker" in text else ""


def _show_sealing(instance: Instance, employer: Employer, seal: str) -> None:
    workers = [_worker(instance, number) for number in range(1, WORKERS + 1)]
    taps = []
    for number in range(CONTRACTS):
        worker = workers[number % WORKERS]
        contract = _sent(employer, worker)
        content = str(worker.read(contract)["content_sha256"])
        worker.confirm(contract, content)
        taps.append(worker.sign(contract, content))
        if number % 20 == 0:
            employer.seal(contract, seal)
    taps.sort()
    found = Sealing(len(taps), statistics.median(taps), taps[int(len(taps) * 0.95) - 1])
    print(f"\n从点“签署”到落章 tap to sealed, {found.count} contracts: p50 {found.p50:.2f} s · p95 {found.p95:.2f} s")
