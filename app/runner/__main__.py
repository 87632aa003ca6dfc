"""`python -m app.runner`: until SIGTERM or SIGINT."""

import gc
import os
import signal
import threading

from prometheus_client import CollectorRegistry, start_http_server

from app.core.db import dispose
from app.http.logs import configure_logging
from app.http.metrics import REGISTRY, OutboxCollector
from app.runner.daily import plan_all
from app.runner.handlers import build_handlers
from app.runner.service import Runner
from app.settings import Settings, refuse_unsafe
from app.wiring import build_providers, configure_core, connect_queue


def main() -> None:
    settings = Settings.from_environment(os.environ)
    refuse_unsafe(settings)
    configure_logging(settings.log_level)
    configure_core(settings)
    runner = Runner(build_handlers(build_providers(settings)), settings.runner_threads)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if settings.runner_metrics_port:
        _serve_metrics(settings.runner_metrics_port)
    gc.freeze()  # what is loaded stays: no collection need walk through it
    plan_all()
    runner.start(connect_queue(settings, runner.run))
    stop.wait()
    runner.stop()
    dispose()
    os._exit(0)  # a job that hangs in a vendor's answer must not keep the process: its lease runs out


def _serve_metrics(port: int) -> None:
    """On loopback only: the runner has no other door."""
    registry = CollectorRegistry()
    registry.register(OutboxCollector())
    registry.register(REGISTRY)
    start_http_server(port, addr="127.0.0.1", registry=registry)


if __name__ == "__main__":
    main()
