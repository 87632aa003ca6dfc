"""The client's test peer (clients/worker/test/mock_server.py) on a free port: the wire, with faults on demand."""

import importlib.util
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "clients" / "worker" / "test" / "mock_server.py"
CONTRACT = "00000000-0000-0000-0000-000000000001"


@dataclass(frozen=True, slots=True)
class Peer:
    """`url` is its root; the client is at `/h5/`."""

    url: str

    def set(self, **orders: str | int | float) -> None:
        """State and one-shot faults, see `Handler.mock`."""
        self._get("set?" + "&".join(f"{name}={value}" for name, value in orders.items()))

    def reset(self) -> None:
        self._get("reset")

    def posts(self, path_part: str) -> list[dict[str, Any]]:
        """What the client posted: `method`, `path`, `key`, `body`."""
        requests: list[dict[str, Any]] = json.loads(self._get("requests"))
        return [one for one in requests if one["method"] == "POST" and path_part in one["path"]]

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.url}/mock/{path}", timeout=10) as answer:
            body: bytes = answer.read()
        return body


Watch = Callable[[str, str, Any, int, Any], None]


@contextmanager
def run_peer(watch: Watch | None = None) -> Iterator[Peer]:
    """`watch` is told of every exchange: method, path, body, status, answer."""
    server = peer_module().serve(watch=watch)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Peer(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def peer_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gongyue_mock_server", SERVER)
    if spec is None or spec.loader is None:
        raise ImportError(str(SERVER))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
