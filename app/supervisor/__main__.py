"""Start sandbox, database, web and runner; say where; keep them alive; end them all."""

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from app.supervisor.child import Child, end_with_parent
from app.supervisor.family import ChildFailed, Family, Stopped
from app.supervisor.place import (
    LOOPBACK,
    ROOT,
    SANDBOX_PORT,
    WEB_PORT,
    CannotStart,
    Place,
    child_environment,
    listen,
    python,
)

START_TIMEOUT = 90
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback never goes through a proxy


def main() -> int:
    """Exit code 0 when stopped by the person, 1 when something failed, and then it was said what."""
    started = time.monotonic()
    if "MAKELEVEL" in os.environ:
        end_with_parent(os.getppid())
    os.chdir(ROOT)
    os.umask(0o077)  # what an instance keeps is its owner's only
    place = Place.prepare(os.environ)
    try:
        held = place.lock()
        web_socket = listen(os.environ, "PORT", WEB_PORT)
    except CannotStart as error:
        say(str(error))
        return 1
    instance = Instance(place, os.environ, web_socket)
    try:
        logins = instance.start()
        say(instance.summary(time.monotonic() - started, logins))
        instance.family.forever()
    except Stopped:
        say("\n正在停止… Stopping…")
        return 0
    except ChildFailed as failure:
        say(_explain(failure.child))
        return 1
    finally:
        instance.stop()
        held.close()


def say(text: str) -> None:
    """To the terminal; one that was closed meanwhile is no reason to fail."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _explain(child: Child) -> str:
    code = "没有按时就绪 not ready in time" if child.exit_code is None else f"退出码 exit code {child.exit_code}"
    return f"{child.log.tail()}\n启动失败 Start failed: {child.name}（{code}）。日志 log: {child.log.path}"


class Instance:
    """One running product: its children, their addresses and the order in which they start and end."""

    def __init__(self, place: Place, environment: Mapping[str, str], web_socket: socket.socket) -> None:
        self.family = Family(say)
        self.family.on_change = self._record
        self._place, self._web_socket = place, web_socket
        self._url = f"http://{LOOPBACK}:{web_socket.getsockname()[1]}"
        self._sandbox_url = ""
        self._sandbox: Child | None = None
        self._production = environment.get("GONGYUE_ENV") == "production"
        self._wants_sandbox = environment.get("SANDBOX", "1") != "0" and not self._production
        self._given = environment
        self._environment = child_environment(place, environment, self._url, sandbox=self._wants_sandbox)

    def start(self) -> str:
        """Everything up and answering; returns the demo logins to show. Raises ChildFailed, Stopped."""
        if self._wants_sandbox:
            self._start_sandbox()
        fd = self._web_socket.fileno()
        command = python("-m", "gunicorn", "wsgi:app", "--bind", f"fd://{fd}", "--graceful-timeout", "5")
        web = self.family.add(self._child("web", command, fd))  # loads while the database is prepared
        logins = self._prepare_database()
        self.family.add(self._child("runner", python("-m", "app.runner")))
        self.family.wait_until(lambda: _answers(f"{self._url}/readyz"), START_TIMEOUT, web)
        self._record()
        return logins

    def _start_sandbox(self) -> None:
        port_socket = listen(self._given, "SANDBOX_PORT", SANDBOX_PORT)
        port = port_socket.getsockname()[1]
        port_socket.close()
        self._sandbox_url = f"http://{LOOPBACK}:{port}"
        self._place.credentials.unlink(missing_ok=True)
        command = python("-m", "sandbox", "--port", str(port), "--data", str(self._place.sandbox))
        command += ["--callback-base", self._url]
        self._sandbox = self.family.add(self._child("sandbox", command))
        self.family.wait_until(self._place.credentials.exists, START_TIMEOUT, self._sandbox)

    def _prepare_database(self) -> str:
        """Migrated; with the sandbox also the demo logins, which it prints."""
        command = python("-m", "app.cli", "seed-demo" if self._sandbox else "migrate")
        said = self.family.run(self._child("database", command), START_TIMEOUT)
        return said if self._sandbox else ""

    def _child(self, name: str, command: list[str], *fds: int) -> Child:
        return Child(name, command, self._environment, self._place.logs, fds)

    def _record(self) -> None:
        pids = {child.name: child.pid for child in self.family.services} | {"supervisor": os.getpid()}
        self._place.write_record({"url": self._url, "sandbox_url": self._sandbox_url, "pids": pids})

    def summary(self, seconds: float, logins: str) -> str:
        """What the person needs now; the platform's own address comes first."""
        lines = [
            f"工约已启动 Gongyue is ready in {seconds:.1f} s",
            "",
            f"  平台 platform       {self._url}",
            f"  单位控制台 console  {self._url}/console/",
            f"  劳动者端 H5         {self._url}/h5/",
            f"  接口文档 API docs   {self._url}/api/docs",
        ]
        if self._sandbox_url:
            lines.append(f"  沙箱 sandbox        {self._sandbox_url}/  （短信、刷脸 SMS, face）")
        lines += [f"  日志 logs           {self._place.logs}", ""]
        lines += [f"  {line}".rstrip() for line in logins.splitlines()]
        return "\n".join([*lines, "", "按 Ctrl-C 停止 Press Ctrl-C to stop."])

    def stop(self) -> None:
        self.family.stop(last=self._sandbox)
        self._web_socket.close()
        self._place.record_file.unlink(missing_ok=True)


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
