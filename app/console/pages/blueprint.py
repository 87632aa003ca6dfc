"""The blueprint of all pages. Without a session people log in; without an organisation they choose one."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.errors import SessionEnded
from app.console.access import protect_console_routes
from app.console.pages.web import is_htmx, safe_path
from app.core.errors import NotPermitted
from app.http.context import find_actor
from app.http.problems import answer, problem_of
from app.organisations.errors import OrganisationNotChosen

blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="../templates")
protect_console_routes(blueprint)


@blueprint.after_request
def describe(response: Response) -> Response:
    """A part and a page live at one address. Forms need their Origin, which `no-referrer` would make "null"."""
    response.vary.add("HX-Request")
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.errorhandler(SessionEnded)
def go_to_login(_error: SessionEnded) -> Response | WerkzeugResponse:
    """And back to where one was."""
    return _send_to(url_for("console.show_login", next=_where()))


@blueprint.errorhandler(OrganisationNotChosen)
def go_to_choice(_error: OrganisationNotChosen) -> Response | WerkzeugResponse:
    return _send_to(url_for("console.choose_organisation", next=_where()))


@blueprint.errorhandler(NotPermitted)
def say_not_permitted(error: NotPermitted) -> Response | WerkzeugResponse:
    """Outside every organisation nobody may do anything: choosing one helps."""
    actor = find_actor()
    if actor is not None and actor.organisation_id is None:
        return _send_to(url_for("console.choose_organisation", next=_where()))
    return answer(problem_of(error))


def _send_to(url: str) -> Response | WerkzeugResponse:
    return Response("", 401, {"HX-Redirect": url}) if is_htmx() else redirect(url, 303)


def _where() -> str:
    """The page in front of the person."""
    if is_htmx():
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        return safe_path(f"{current.path}?{current.query}" if current.query else current.path)
    return safe_path(request.full_path.rstrip("?")) if request.method == "GET" else ""
