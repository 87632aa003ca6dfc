"""One effect per `Idempotency-Key` (T-14): run before and after the views of a channel."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from app.core.crashpoints import reached
from app.core.idempotency import Answer, begin_request, fingerprint_of, finish_request
from app.http.context import current_actor
from app.http.errors import IdempotencyKeyRequired
from app.http.public import is_public
from app.http.security import CSRF_FIELD

HEADER, FIELD = "Idempotency-Key", "idempotency_key"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_EXEMPT = "_needs_no_idempotency_key"
# An answer that says "not now" must not be repeated for ever.
_TRANSIENT = frozenset({401, 429})

View = TypeVar("View", bound=Callable[..., Any])


def no_idempotency_key(view: View) -> View:
    """Innermost decorator of a POST that is harmless to repeat, or has a guard of its own (codes, logins)."""
    setattr(view, _EXEMPT, True)
    return view


def needs_key(view: object) -> bool:
    return not getattr(view, _EXEMPT, False)


def replay_or_begin() -> Response | None:
    """before_request: the stored answer, or None after taking the key. Raises for a missing or reused key."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or is_public(request.endpoint) or not needs_key(view):
        return None
    key = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyRequired
    actor = current_actor()
    scope = f"{actor.kind}:{actor.account_id}"
    stored = begin_request(scope=scope, key=key, fingerprint=_fingerprint())
    if stored is None:
        g.idempotency = (scope, key)
        return None
    response = Response(stored.body, stored.status, content_type=stored.content_type)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def keep_answer(response: Response) -> Response:
    """after_request: keep what this attempt answered, so that a repetition gets the same."""
    scope, key = g.pop("idempotency", (None, None))
    if scope is None:
        return response
    lasting = response.status_code < 500 and response.status_code not in _TRANSIENT and not response.is_streamed
    answer = Answer(response.status_code, response.get_data(as_text=True), response.content_type) if lasting else None
    reached("answer.before_kept")
    finish_request(scope=scope, key=key, answer=answer)
    return response


def _fingerprint() -> str:
    """Of the body as sent; of a form, of its fields and files, since the boundary differs in each attempt."""
    if request.mimetype not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return fingerprint_of(request.method, request.full_path, request.get_data())
    typed = (pair for pair in request.form.items(multi=True) if pair[0] not in (FIELD, CSRF_FIELD))
    parts = sorted(f"{name}={value}" for name, value in typed)
    for name, upload in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
        parts.append(f"{name}:{upload.filename}:{hashlib.sha256(upload.stream.read()).hexdigest()}")
        upload.stream.seek(0)
    return fingerprint_of(request.method, request.full_path, "\0".join(parts).encode())
