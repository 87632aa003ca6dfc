"""The whole product as `make run` starts it, in a directory of its own: for tests of processes and browsers."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.supervisor.place import Place
from tests.support.ports import free_port
from tests.support.processes import Process, start_server
from tests.support.waiting import eventually

# What the shell that runs the tests may have set for another instance.
_FOREIGN = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SANDBOX_CREDENTIALS", "GONGYUE_ENV", "MAKELEVEL")


@dataclass(frozen=True, slots=True)
class Product:
    """`process` is the supervisor; `data` its DATA_DIR."""

    process: Process
    data: Path
    environment: dict[str, str]

    @property
    def record(self) -> dict[str, Any]:
        """`url`, `sandbox_url` and `pids` of what runs now; empty until it is ready."""
        return Place(self.data).read_record()

    @property
    def url(self) -> str:
        return str(self.record["url"])

    @property
    def sandbox_url(self) -> str:
        return str(self.record["sandbox_url"])

    @property
    def credentials(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "sandbox" / "credentials.json").read_text(encoding="utf-8"))
        return found

    def pid(self, name: str) -> int:
        """Process id (and group) of "web", "runner" or "sandbox"."""
        return int(self.record["pids"][name])

    def kill(self, name: str) -> None:
        """kill -9 a child with its workers, and return once the supervisor has started another one."""
        old = self.pid(name)
        os.killpg(old, signal.SIGKILL)
        eventually(lambda: self.pid(name) != old, timeout=30)

    def log(self, name: str) -> str:
        return (self.data / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def run_product(data: Path, **variables: str) -> Iterator[Product]:
    """Start the product with `variables` in its environment, yield it once ready, stop it."""
    data.mkdir(parents=True, exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    environment = inherited | {"DATA_DIR": str(data)} | ports | variables
    command = [sys.executable, "-m", "app.supervisor"]
    process = start_server(command, data / "supervisor.log", environment=environment)
    product = Product(process, data, environment)
    try:
        eventually(lambda: _is_ready(product), timeout=120)
        yield product
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)


def _is_ready(product: Product) -> bool:
    if product.process.poll() is not None:
        raise RuntimeError((product.data / "supervisor.log").read_text(encoding="utf-8")[-3000:])
    return "url" in product.record


def group_members(group: int) -> list[int]:
    """Ids of the living processes of a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it ended while we looked
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found
