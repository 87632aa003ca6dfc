"""The wire in front of every vendor: reads the request once, records it, and plays faults of the wire."""

import base64
import io
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from werkzeug.wrappers import Request, Response

from sandbox.clock import Clock
from sandbox.faults import WIRE_KINDS, Fault, Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VendorOf = Callable[[Request], str | None]

MAX_BODY = 1024 * 1024
_never = threading.Event()


class RequestLog:
    """The last thousand requests to vendors, newest last. It is a sandbox: nothing is masked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=1000)

    def add(self, vendor: str, request: Request, body: bytes, answer: Response | None, fault: Fault | None) -> None:
        self._entries.append(
            {
                "at": self._clock.now().isoformat(),
                "vendor": vendor,
                "method": request.method,
                "path": request.path,
                "query": request.query_string.decode("latin-1"),
                "headers": dict(request.headers),
                **_as_text("body", body),
                "status": answer.status_code if answer else None,
                **_as_text("answer", answer.get_data() if answer else b""),
                "fault": fault.kind if fault else None,
            }
        )

    def listed(self, vendor: str | None = None) -> list[dict[str, Any]]:
        return [entry for entry in list(self._entries) if vendor in (None, entry["vendor"])]

    def clear(self) -> None:
        self._entries.clear()


def _as_text(key: str, data: bytes) -> dict[str, str]:
    """Text where it is text, base64 under `<key>_base64` where not."""
    try:
        return {key: data.decode()}
    except UnicodeDecodeError:
        return {f"{key}_base64": base64.b64encode(data).decode()}


class Wire:
    """WSGI middleware around one vendor. `vendor_of(request)` is None for what people open in a browser."""

    def __init__(self, app: "WSGIApplication", vendor_of: VendorOf, faults: Faults, log: RequestLog) -> None:
        self._app, self._vendor_of, self._faults, self._log = app, vendor_of, faults, log

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["PATH_INFO"] = environ.get("PATH_INFO") or "/"
        request = Request(environ)
        vendor = self._vendor_of(request)
        if vendor is None:
            return self._app(environ, start_response)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        fault = self._faults.take(vendor, *WIRE_KINDS)
        answer = self._answer(environ, fault)
        self._log.add(vendor, request, body, answer, fault)
        return answer(environ, start_response) if answer else _drop(environ)

    def _answer(self, environ: "WSGIEnvironment", fault: Fault | None) -> Response | None:
        """The vendor's answer as the fault distorts it; None where the connection is to be dropped."""
        kind = fault.kind if fault else ""
        if fault and kind in ("latency", "timeout"):
            _never.wait(fault.seconds)
        if kind in ("timeout", "refuse"):
            return None
        if kind == "http_500":
            return Response("Internal Server Error", 500, content_type="text/plain")
        answer = Response.from_app(self._app, environ, buffered=True)
        if kind == "lost_answer":
            return None
        if kind == "malformed":
            answer.set_data(answer.get_data()[: len(answer.get_data()) // 2])
        if kind == "wrong_content_type":
            answer.headers["Content-Type"] = "application/octet-stream"
        return answer


def _drop(environ: "WSGIEnvironment") -> NoReturn:
    """End the connection without an answer; the server takes the exception for a client that went away."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("dropped by a fault order")
