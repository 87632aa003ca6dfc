"""The sandbox as a process: where it listens, what it keeps, how it ends, and the receipts it sends."""

import json
import queue
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.__main__ import main
from tests.sandbox.clients import Json, aliyun, arm, messages, send_sms
from tests.sandbox.test_ca import WORKER, csr, issued
from tests.sandbox.test_sms import LOGIN
from tests.support.sandbox_server import run_sandbox


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox's directory with keys in it, which take longest to make."""
    path: Path = tmp_path_factory.mktemp("sandbox")
    with run_sandbox(path):
        return path


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.com"])
def test_it_listens_on_loopback_only(
    tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sandbox", "--host", host, "--port", "0", "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "回环" in said or "不是 IP 地址" in said
    assert not (tmp_path / "credentials.json").exists()


def test_what_was_made_survives_a_restart(tmp_path: Path) -> None:
    with run_sandbox(tmp_path) as first:
        aliyun(first, LOGIN)
        certificate = issued(first, "person-once", csr(WORKER))
        kept = {name: first.credentials[name] for name in ("alipay", "ca", "tsa")}
        mode = stat.S_IMODE(first.credentials_file.stat().st_mode)
    assert mode == 0o600
    with run_sandbox(tmp_path) as second:
        for name, values in kept.items():
            same = {key for key in values if key.endswith("_pem")}
            assert {key: second.credentials[name][key] for key in same} == {key: values[key] for key in same}
        assert [message["params"] for message in messages(second, "13800138000")] == [{"code": "012345"}]
        known = requests.get(f"{second.url}/__sandbox/certificates", timeout=5).json()
        assert format(certificate.serial_number, "x") in {entry["serial"] for entry in known}
        assert requests.get(f"{second.url}/__sandbox/keys", timeout=5).json() == second.credentials


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_even_while_a_fault_hangs(data: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        order = {"vendor": "tsa", "kind": "timeout", "seconds": 60}
        requests.post(f"{url}/__sandbox/faults", json=order, timeout=5).raise_for_status()
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as hanging:
            hanging.sendall(b"POST /tsa/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")
            while requests.get(f"{url}/__sandbox/faults", timeout=5).json():
                pass
            process.send_signal(number)
            assert process.wait(5) == 0  # the answer hangs for sixty seconds


class Receiver:
    """The product's callback addresses: remembers what comes, answers as it is told."""

    def __init__(self) -> None:
        self.received: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.answers: list[Json] = []
        self.url = ""

    def next(self) -> tuple[str, Any]:
        return self.received.get(timeout=5)


@contextmanager
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = (
                kept.answers.pop(0) if kept.answers else {"code": 0, "msg": "接收成功", "result": 0, "errmsg": "OK"}
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())
            kept.received.put((self.path, json.loads(body)))

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


def test_receipts(data: Path) -> None:
    with receiver() as product, run_sandbox(data, product.url) as sandbox:
        biz_id = aliyun(sandbox, LOGIN).json()["BizId"]
        path, [receipt] = product.next()
        assert path == f"/api/v1/callbacks/aliyun-sms/{sandbox.credentials['aliyun_sms']['callback_token']}"
        assert (receipt["biz_id"], receipt["out_id"], receipt["success"]) == (biz_id, "ref-a", True)

        status = send_sms(sandbox)
        path, [receipt] = product.next()
        assert path == f"/api/v1/callbacks/tencent-sms/{sandbox.credentials['tencent']['callback_token']}"
        assert (receipt["sid"], receipt["report_status"]) == (status["SerialNo"], "SUCCESS")

        product.answers = [{"code": 1}, {}]  # refused twice, accepted the third time
        biz_id = aliyun(sandbox, LOGIN).json()["BizId"]
        assert [product.next()[1][0]["biz_id"] for _ in range(3)] == [biz_id] * 3

        arm(sandbox, "aliyun-sms", "duplicate_callback")
        biz_id = aliyun(sandbox, LOGIN).json()["BizId"]
        assert [product.next()[1][0]["biz_id"] for _ in range(2)] == [biz_id] * 2

        arm(sandbox, "aliyun-sms", "early_callback")
        biz_id = aliyun(sandbox, LOGIN).json()["BizId"]
        assert product.received.get_nowait()[1][0]["biz_id"] == biz_id
        assert product.received.empty()
