"""What the tests of adapters share: a peer that misbehaves, and control over the sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.adapters.peer import Peer, PeerServer, running_peers
from tests.support.sandbox_server import SandboxServer


@pytest.fixture(scope="session")
def peers() -> Iterator[PeerServer]:
    with running_peers() as server:
        yield server


@pytest.fixture
def peer(peers: PeerServer) -> Iterator[Peer]:
    with peers.play() as playing:
        yield playing


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> float:
    """Seconds for which an adapter waits for an answer: few where none will come."""
    cases = getattr(request.node, "callspec", None)
    return 0.6 if cases and cases.params.get("fault") == "timeout" else 2.0


@dataclass(frozen=True)
class Control:
    """Orders to the sandbox, and what it saw."""

    url: str
    line: requests.Session

    def arm(self, vendor: str, kind: str, times: int = 1, seconds: float = 1.0) -> None:
        fault = {"vendor": vendor, "kind": kind, "times": times, "seconds": seconds}
        self._call("POST", "faults", fault)

    def clear(self) -> None:
        self._call("DELETE", "")

    def log(self, vendor: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._call("GET", f"log?vendor={vendor}").json()
        return entries

    def sms(self, phone: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self._call("GET", f"sms?phone={phone}").json()
        return messages

    def decide_face(self, certify_id: str, result: str) -> None:
        self._call("POST", f"face/{certify_id}", {"result": result})

    def login_code(self, platform: str, person: str) -> dict[str, str]:
        """`code` and `subject`: what the mini-program gets, and whom the platform means by it."""
        given: dict[str, str] = self._call("POST", f"phone/{platform}/login-code", {"person": person}).json()
        return given

    def phone_proof(self, platform: str, person: str) -> str:
        return str(self._call("POST", f"phone/{platform}/phone-proof", {"person": person}).json()["proof"])

    def consent(self, platform: str, person: str, template: str, accepted: bool = True) -> None:
        body = {"person": person, "template": template, "accepted": accepted}
        self._call("POST", f"phone/{platform}/consents", body)

    def mini_messages(self, phone: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self._call("GET", f"mini-messages?phone={phone}").json()
        return messages

    def push(self, platform: str, person: str, **order: Any) -> dict[str, str]:
        """The request with which the platform tells of the person: `path`, `content_type`, `body`."""
        answer = self._call("POST", f"pushes/{platform}", {"person": person, **order}).json()
        request: dict[str, str] = answer["request"]
        return request

    def rotate_keys(self, provider: str) -> None:
        self._call("POST", f"oidc/{provider}/rotation", {})

    def shift_clock(self, seconds: float) -> None:
        self._call("POST", "clock", {"offset_seconds": seconds})

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        response = self.line.request(method, f"{self.url}/__sandbox/{path}", json=body, timeout=10)
        response.raise_for_status()
        return response


@pytest.fixture(scope="session")
def line() -> Iterator[requests.Session]:
    """One connection for all orders: opening one costs more than most of them."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def control(sandbox: SandboxServer, line: requests.Session) -> Iterator[Control]:
    """The sandbox without armed faults, before and after."""
    control = Control(sandbox.url, line)
    control.clear()
    yield control
    control.clear()
