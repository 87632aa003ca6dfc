"""Prometheus metrics: requests by route template, the outbox, sealing. Only for the allowed networks."""

import ipaddress
import os
import time
from collections.abc import Iterator

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.core.errors import NotFound
from app.http.context import client_ip, route_template, settings
from app.jobs.queries import outbox_state

REGISTRY = CollectorRegistry()
REQUESTS = Counter("gongyue_http_requests", "Answered requests.", ("method", "route", "status"), registry=REGISTRY)
LATENCY = Histogram("gongyue_http_request_seconds", "Time to answer.", ("method", "route"), registry=REGISTRY)
JOBS = Counter("gongyue_jobs", "Jobs that ran.", ("kind", "result"), registry=REGISTRY)
JOB_SECONDS = Histogram(
    "gongyue_job_seconds", "Time that a handler took.", ("kind",),
    registry=REGISTRY, buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
)  # fmt: skip


class OutboxCollector(Collector):
    """Asked at each scrape: what waits, what is due, what was parked, and for how long."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = outbox_state()
        for name, text, value in (
            ("gongyue_outbox_open", "Jobs not done yet, future ones included.", state.open),
            ("gongyue_outbox_due", "Jobs that should have run.", state.due),
            ("gongyue_outbox_parked", "Jobs that gave up and wait for a person.", state.parked),
            ("gongyue_outbox_oldest_seconds", "Age of the oldest due job.", state.oldest_seconds),
        ):
            yield GaugeMetricFamily(name, text, value)


def init_metrics(app: Flask) -> None:
    app.add_url_rule("/metrics", "metrics", _metrics)
    app.before_request(_start)
    app.after_request(_count)


def exposition() -> bytes:
    """The text format, of all processes where PROMETHEUS_MULTIPROC_DIR is set."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    outbox = CollectorRegistry()
    outbox.register(OutboxCollector())
    return generate_latest(registry) + generate_latest(outbox)


def _metrics() -> Response:
    address = ipaddress.ip_address(client_ip() or "0.0.0.0")  # noqa: S104 - no peer, no answer
    if not any(address in ipaddress.ip_network(network) for network in settings().metrics_networks):
        raise NotFound
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


def _start() -> None:
    g.started = time.perf_counter()


def elapsed() -> float:
    """Seconds since the request came in."""
    return time.perf_counter() - float(g.get("started", time.perf_counter()))


def _count(response: Response) -> Response:
    route = route_template()
    REQUESTS.labels(request.method, route, response.status_code).inc()
    LATENCY.labels(request.method, route).observe(elapsed())
    return response
