"""`python -m sandbox --port 8701 --data DIR`: serve until SIGTERM or SIGINT."""

import argparse
import io
import ipaddress
import os
import signal
import warnings
from pathlib import Path
from typing import Any, NoReturn

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from sandbox.app import create_app
from sandbox.wire import MAX_BODY

_PRODUCT = "http://127.0.0.1:8000"


class Handler(WSGIRequestHandler):
    """Werkzeug's request parsing with keep-alive, which it leaves out: the body is read and the answer sized first."""

    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one packet

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            response = self._response(environ)
        except ConnectionError:  # a fault order
            self.close_connection = True
            return
        body = response.get_data()
        if response.status_code not in (204, 304) and self.command != "HEAD":
            response.content_length = len(body)
        self.send_response(response.status_code)
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _response(self, environ: dict[str, Any]) -> Response:
        request = Request(environ, populate_request=False)
        request.max_content_length = MAX_BODY
        try:
            environ["wsgi.input"] = io.BytesIO(request.get_data())
        except RequestEntityTooLarge as error:
            self.close_connection = True  # the rest of the body was never read
            return Response.from_app(error, environ, buffered=True)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(environ["wsgi.input"].getbuffer().nbytes)
        return Response.from_app(self.server.app, environ, buffered=True)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: `/__sandbox/log` has it all."""


class Server(ThreadedWSGIServer):
    """One daemon thread per connection: a hanging fault never delays the end."""

    request_queue_size = 512


def main() -> None:
    # RFC 5280 allows names of 64 characters; cryptography counts bytes, so that 22 Chinese characters are "too long".
    warnings.filterwarnings("ignore", message="Attribute's length must be")
    arguments = _arguments()
    data: Path = arguments.data
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / "credentials.json").unlink(missing_ok=True)  # once it is there again, it is right
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    server = Server(arguments.host, arguments.port, _not_ready, Handler)  # the port is part of what the app says
    address = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    base_url = f"http://{address}:{server.server_port}"
    link_base = arguments.link_base or arguments.callback_base or _PRODUCT
    server.app = create_app(base_url=base_url, data=data, callback_base=arguments.callback_base, link_base=link_base)
    print(f"沙箱 sandbox {base_url}", flush=True)
    server.serve_forever(poll_interval=3600)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sandbox", description="沙箱：各外部服务商的本机替身，仅供开发测试。")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="只接受回环地址")
    parser.add_argument("--port", type=int, default=8701, help="0 表示任意空闲端口")
    parser.add_argument("--data", type=Path, required=True, help="存放密钥和状态的目录")
    parser.add_argument("--callback-base", help="短信回执发往何处，如 http://127.0.0.1:8000；不填则不发")
    parser.add_argument("--link-base", help=f"短信文本里链接的域名，默认同 --callback-base，再默认 {_PRODUCT}")
    return parser.parse_args()


def _loopback(host: str) -> str:
    """The host, if it can be reached from this machine alone."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"不是 IP 地址：{host}") from error
    if not address.is_loopback:
        raise argparse.ArgumentTypeError(f"沙箱只能监听本机回环地址，不能监听 {host}")
    return str(address)


def _not_ready(environ: Any, start_response: Any) -> NoReturn:
    raise ConnectionAbortedError("still starting")


def _stop(number: int, frame: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
