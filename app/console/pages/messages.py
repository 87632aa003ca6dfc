"""The message centre (D7)."""

from flask import Response, request, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_id, go, safe_path, show, typed, typed_id
from app.http.context import current_actor
from app.notifications.service import list_messages, mark_read

PAGE = 20


@blueprint.get("/messages")
def show_messages() -> Response:
    before = find_id(request.args.get("before", ""))
    found = list_messages(actor=current_actor(), before=before, limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return show("console/messages.html", "messages", messages=found[:PAGE], more=more, is_first=before is None)


@blueprint.post("/messages/read")
def read_messages() -> Response:
    """One, or all; then to what it is about."""
    mark_read(actor=current_actor(), message_ids=[typed_id("id")] if typed("id") else None)
    return go(safe_path(typed("next")) or url_for("console.show_messages"))
