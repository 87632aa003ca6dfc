"""The question before what can't be undone, for who pressed before the page's scripts were there, or has none."""

from flask import Response, make_response, render_template, request

from app.http.errors import BadRequest
from app.http.idempotency import FIELD
from app.http.kit.web import is_htmx, page_before
from app.http.security import CSRF_FIELD

_OWN = frozenset({"question", "yes", "confirmed", "sent_from", FIELD, CSRF_FIELD})


def ask_first() -> Response | None:
    """before_request: forms made with `kit.form(confirm=…)` do nothing until somebody said yes.

    The page's module asks in a dialog and fills `confirmed`; where it could not, a page asks. Raises BadRequest
    where half of the scripts arrived: htmx sends, but nobody asked.
    """
    if request.method != "POST" or request.form.get("confirmed", "1"):
        return None
    if is_htmx():
        raise BadRequest
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _OWN]
    back = page_before(request.path[: request.path.index("/", 1)])
    return make_response(render_template("kit/ask.html", form=request.form, typed=typed, back=back))
