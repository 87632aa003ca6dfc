"""Every error as `application/problem+json` (RFC 9457), and as a page where a channel asks for one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.core.errors import DomainError, ProviderError, ProviderUnavailable
from app.http.context import request_id, route_template
from app.http.errors import BY_STATUS, BadRequest, InternalError, ServiceBusy
from app.http.fields import domain_messages, schema_messages
from app.http.language import language

MEDIA_TYPE = "application/problem+json"
_PAGES = "gongyue_error_pages"
_RESERVED = frozenset({"type", "title", "status", "detail", "detail_zh", "detail_en", "code", "request_id", "fields"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for people (both languages) and for programs (`code`, `details`)."""

    status: int
    code: str
    zh: str
    en: str
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        return self.en if language() == "en" else self.zh

    def body(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "type": f"urn:gongyue:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "detail_zh": self.zh,
            "detail_en": self.en,
            "code": self.code,
            "request_id": request_id(),
        }
        if self.fields:
            members["fields"] = self.fields
        return members | {name: value for name, value in self.details.items() if name not in _RESERVED}


ErrorPage = Callable[[Problem], ResponseReturnValue]


def init_problems(app: Flask) -> None:
    app.extensions[_PAGES] = {}
    app.register_error_handler(DomainError, lambda error: answer(problem_of(error)))
    app.register_error_handler(ProviderError, _provider_failed)
    app.register_error_handler(OperationalError, _database_failed)
    app.register_error_handler(PoolTimeout, _database_failed)
    app.register_error_handler(HTTPException, lambda error: answer(problem_of_http(error)))
    app.register_error_handler(Exception, _unexpected)


def show_errors_as_pages(app: Flask, prefix: str, page: ErrorPage) -> None:
    """Below `prefix` (`/console`) people get `page(problem)` instead of JSON."""
    app.extensions[_PAGES][prefix] = page


def answer(problem: Problem) -> Response:
    """The response for a problem, with its own headers."""
    response = _rendered(problem)
    response.status_code = problem.status
    response.headers.extend(dict(problem.headers))
    return response


def problem_of(error: DomainError) -> Problem:
    headers = {"Retry-After": str(error.details["retry_after"])} if "retry_after" in error.details else {}
    if error.http_status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Problem(
        error.http_status, error.code, error.text_zh, error.text_en,
        fields=domain_messages(error.fields), details=error.details, headers=headers,
    )  # fmt: skip


def problem_of_http(error: HTTPException) -> Problem:
    """werkzeug's and webargs' errors keep their headers: Allow, WWW-Authenticate, Retry-After."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:  # a redirect raised as an exception is no error
        return Problem(status, "redirect", "", "", headers=_headers_of(error))
    kind = BY_STATUS.get(status, BadRequest if status < HTTPStatus.INTERNAL_SERVER_ERROR else InternalError)
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    messages = data.get("errors") or data.get("messages") or {}
    headers = _headers_of(error) | dict(data.get("headers") or {})
    if status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    details = {"retry_after": int(headers["Retry-After"])} if headers.get("Retry-After", "").isdigit() else {}
    return Problem(
        status, kind.code, kind.message_zh, kind.message_en,
        fields=schema_messages(messages), details=details, headers=headers,
    )  # fmt: skip


def _headers_of(error: HTTPException) -> dict[str, str]:
    environ = request.environ
    unwanted = ("content-type", "content-length")
    return {name: value for name, value in error.get_headers(environ) if name.lower() not in unwanted}


def _rendered(problem: Problem) -> Response:
    for prefix, page in current_app.extensions[_PAGES].items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return current_app.make_response(page(problem))
    text = json.dumps(problem.body(), ensure_ascii=False, default=str)
    return Response(text, problem.status, content_type=MEDIA_TYPE)


def _provider_failed(error: ProviderError) -> Response:
    """A use case let a vendor's failure through: people hear that it is the vendor, and that nothing is lost."""
    log.warning("provider_failed", provider=error.provider, code=error.code, request_id=request_id())
    return answer(problem_of(ProviderUnavailable(service="外部服务（external service）")))


def _database_failed(error: Exception) -> Response:
    log.error("database_failed", error=type(error).__name__, request_id=request_id())
    return answer(problem_of(ServiceBusy(retry_after=2)))


def _unexpected(error: Exception) -> Response:
    """Log where it happened, never what was in it: messages of unknown exceptions may hold personal data (T-25)."""
    kind, frames = type(error).__name__, _frames(error)
    log.error("unexpected_error", error=kind, route=route_template(), at=frames, request_id=request_id())
    return answer(problem_of(InternalError()))


def _frames(error: BaseException) -> list[str]:
    frames, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/app/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-8:]
