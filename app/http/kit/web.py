"""What all views of a desk do alike: answer with a part, lead on, read a form."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, g, make_response, render_template, request
from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from app.core.clock import in_shanghai, now
from app.http.errors import BadRequest


def is_htmx() -> bool:
    """Whether htmx asks for a part. Going back in the history asks for the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def show_door(template: str, **values: Any) -> Response:
    """A page in front of the login."""
    return make_response(render_template(template, **values))


def part(template: str, status: int = 200, **values: Any) -> Response:
    """One answer to htmx."""
    return make_response(render_template(template, **values), status)


def go(url: str) -> Response:
    """Lead on after success. Status 200 with `data-go`, which an idempotent replay repeats as it is."""
    if is_htmx():
        return part("kit/partials/go.html", url=url)
    response = part("kit/go.html", 303, url=url)
    response.headers["Location"] = url
    return response


def path_below(prefix: str, value: str) -> str:
    """A page below `prefix`, or nothing: never another site (open redirect), nor where only a form may go."""
    fits = value.startswith(f"{prefix}/") and "//" not in value and "\\" not in value and value.isprintable()
    return value if fits and _can_be_read(value) else ""


def page_before(prefix: str) -> str:
    """The page with the form that was just sent, below `prefix`, or nothing: it may say so itself, as one that asks."""
    try:
        sent_from = urlsplit(_asked_from() or request.referrer or "")
    except ValueError:  # no address at all
        return ""
    is_ours = sent_from.netloc in ("", request.host)
    return path_below(prefix, sent_from._replace(scheme="", netloc="", fragment="").geturl()) if is_ours else ""


def _asked_from() -> str:
    try:
        return typed("sent_from")
    except RequestEntityTooLarge:  # the very reason why the person is sent back
        return ""


def _can_be_read(value: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(urlsplit(value).path, method="GET"))
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False


def typed(name: str) -> str:
    """What was typed into a field, without blanks at the ends."""
    return request.form.get(name, "").strip()


def typed_id(name: str) -> uuid.UUID:
    """An id that the page itself put there. Raises BadRequest."""
    try:
        return uuid.UUID(typed(name))
    except ValueError as error:
        raise BadRequest from error


def find_id(value: str) -> uuid.UUID | None:
    """An id in an address, or None for anything else."""
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def find_number(value: str) -> int | None:
    """A whole number of at most nine digits, or None for anything else."""
    return int(value) if value.isdecimal() and len(value) < 10 else None


def csrf_token() -> str:
    """For the hidden field of forms; empty in front of the login, where Origin alone is checked."""
    session = g.get("session")
    return session.csrf_token if session is not None else ""


def shanghai(moment: datetime) -> str:
    return f"{in_shanghai(moment):%Y-%m-%d %H:%M}"


def time_left(deadline: datetime) -> tuple[int, int]:
    """Whole days and hours until `deadline`; zeros when it is past."""
    left = max(deadline - now(), timedelta())
    return left.days, left.seconds // 3600
