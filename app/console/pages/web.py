"""What all views of the console do alike: show a page in its frame, lead on inside it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, make_response, render_template, request

from app.console.operator import Operator, load_operator
from app.console.words import NOTICES
from app.core.clock import SHANGHAI
from app.http.context import current_actor
from app.http.kit.web import (
    find_id,
    find_number,
    go,
    is_htmx,
    page_before,
    part,
    path_below,
    show_door,
    typed,
    typed_id,
)

__all__ = [
    "day",
    "find_id",
    "find_number",
    "go",
    "is_htmx",
    "page_before",
    "part",
    "safe_path",
    "show",
    "show_door",
    "typed",
    "typed_id",
]


def show(template: str, section: str = "", operator: Operator | None = None, **values: Any) -> Response:
    """A page inside the frame: menu, organisation, operator. `section`: the menu's entry."""
    person = operator or load_operator(current_actor())
    notice = NOTICES.get(request.args.get("done", ""))
    return make_response(render_template(template, section=section, operator=person, notice=notice, **values))


def safe_path(value: str) -> str:
    """A page of the console, or nothing."""
    return path_below("/console", value)


def day(value: str, *, end: bool = False) -> datetime | None:
    """Begin (or the next day's begin) of a day in China, from `2026-11-21`; None for anything else."""
    try:
        start = datetime.combine(date.fromisoformat(value), time(), SHANGHAI)
    except ValueError:
        return None
    return start + timedelta(days=1) if end else start
