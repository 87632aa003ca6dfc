"""The blueprint of all pages of the desk, and what its views do alike."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.errors import SessionEnded
from app.accounts.regulators import get_regulator
from app.http.context import current_actor, request_id
from app.http.kit.web import is_htmx, path_below
from app.http.problems import Problem
from app.regulator.access import protect_regulator_routes
from app.regulator.words import NOTICES

blueprint = Blueprint("regulator", __name__, url_prefix="/regulator", template_folder="templates")
protect_regulator_routes(blueprint)


@blueprint.after_request
def describe(response: Response) -> Response:
    """A part and a page live at one address. Forms need their Origin, which `no-referrer` would make "null"."""
    response.vary.add("HX-Request")
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.errorhandler(SessionEnded)
def go_to_login(_error: SessionEnded) -> Response | WerkzeugResponse:
    """And back to where one was."""
    url = url_for("regulator.show_login", next=_where() or None)
    return Response("", 401, {"HX-Redirect": url}) if is_htmx() else redirect(url, 303)


def show(template: str, section: str, **values: Any) -> Response:
    """A page inside the frame. `section`: the menu's entry."""
    notice = NOTICES.get(request.args.get("done", ""))
    me = get_regulator(actor=current_actor())
    return make_response(render_template(template, section=section, me=me, notice=notice, **values))


def safe_path(value: str) -> str:
    """A page of the desk, or nothing."""
    return path_below("/regulator", value)


def show_problem(problem: Problem) -> Response:
    """Registered for everything below /regulator: a part for htmx, a page for everybody else."""
    template = "kit/partials/problem.html" if is_htmx() else "regulator/error.html"
    body = render_template(template, problem=problem, request_id=request_id())
    response = Response(body, problem.status, content_type="text/html; charset=utf-8")
    response.vary.add("HX-Request")
    return response


def _where() -> str:
    if is_htmx():
        return safe_path(urlsplit(request.headers.get("HX-Current-URL", "")).path)
    return safe_path(request.full_path.rstrip("?")) if request.method == "GET" else ""
