"""One line per request: template, status, time, id. No path, query, body or person (T-25)."""

import structlog
from flask import Flask, Response, request

from app.http.context import find_actor, request_id, route_template
from app.http.metrics import elapsed

log = structlog.get_logger()


def init_access_log(app: Flask) -> None:
    app.after_request(_write)


def _write(response: Response) -> Response:
    actor = find_actor()
    log.info(
        "request",
        method=request.method,
        route=route_template(),
        status=response.status_code,
        ms=round(elapsed() * 1000, 1),
        request_id=request_id(),
        actor=str(actor.kind) if actor else None,
    )
    response.headers["X-Request-Id"] = request_id()
    return response
