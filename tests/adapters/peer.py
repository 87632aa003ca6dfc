"""A small HTTP server that answers whatever a test tells it to: the vendor that misbehaves."""

import socketserver
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

JSON = "application/json"


@dataclass
class Received:
    """A request as it came over the wire; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Peer:
    """`answers` are used up in order; the last one stays. Each gets the request and the open connection."""

    url: str
    answers: deque[Callable[[BaseHTTPRequestHandler, Received], None]] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def will(self, *answers: Callable[[BaseHTTPRequestHandler, Received], None]) -> None:
        self.answers = deque(answers)


def says(
    body: bytes | str, status: int = 200, content_type: str = JSON, **headers: str
) -> Callable[[BaseHTTPRequestHandler, Received], None]:
    """A complete answer."""
    data = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler, _received: Received) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(data)

    return answer


def cuts(handler: BaseHTTPRequestHandler, _received: Received) -> None:
    """Promises a hundred bytes, sends ten, and hangs up."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"Code":"O')
    handler.close_connection = True


def drops(handler: BaseHTTPRequestHandler, _received: Received) -> None:
    """Hangs up without a word."""
    handler.close_connection = True


def drips(peer: Peer) -> Callable[[BaseHTTPRequestHandler, Received], None]:
    """One byte every tenth of a second: never silent long enough for the socket's time limit."""

    def answer(handler: BaseHTTPRequestHandler, _received: Received) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for _ in range(100):
            if peer.stop.wait(0.1):
                break
            handler.wfile.write(b" ")
            handler.wfile.flush()
        handler.close_connection = True

    return answer


def hangs(peer: Peer) -> Callable[[BaseHTTPRequestHandler, Received], None]:
    """Says nothing until the test is over."""

    def answer(handler: BaseHTTPRequestHandler, _received: Received) -> None:
        peer.stop.wait(20)
        handler.close_connection = True

    return answer


class PeerServer(socketserver.ThreadingTCPServer):
    """One server for all tests of this process; whoever `play`s answers."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.peer = Peer(self.url)

    @contextmanager
    def play(self) -> Iterator[Peer]:
        """A peer that has heard nothing yet."""
        self.peer = Peer(self.url)
        try:
            yield self.peer
        finally:
            self.peer.stop.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: PeerServer

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        peer, received = self.server.peer, Received(self.command, self.path, headers, body)
        peer.received.append(received)
        answer = peer.answers.popleft() if len(peer.answers) > 1 else peer.answers[0]
        try:
            answer(self, received)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_HEAD = do_any

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@contextmanager
def running_peers() -> Iterator[PeerServer]:
    with PeerServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
