"""The way back from an identity provider, and the question on the phone that logged in for a PC (A4, A5).

Pages, not API: a browser comes here by redirect. What may be decided hangs on cookies that only this browser has.
"""

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as WerkzeugResponse

from app.accounts.external_login import decide_external_login, get_asking, receive_external_login
from app.http.context import client_ip
from app.http.kit.devices import describe_device
from app.http.oidc import PREFIX, browser_token, callback_url, confirm_token, find_provider, set_confirm_token
from app.http.problems import Problem, show_errors_as_pages
from app.http.security import check_origin

THIRD_PAGE = "/h5/#/pages/login/third?ticket="

blueprint = Blueprint("h5_oidc", __name__, url_prefix=PREFIX, template_folder="templates")
blueprint.before_request(check_origin)


@blueprint.after_request
def describe(response: Response) -> Response:
    """The form needs its Origin, which `no-referrer` would make "null"."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.get("/<kind>/callback")
def receive(kind: str) -> WerkzeugResponse:
    """RFC 6749 4.1.2: `code` and `state`, or an `error`. The ticket goes on in the fragment, which no server sees."""
    returned = receive_external_login(
        kind=kind, provider=find_provider(kind), redirect_uri=callback_url(kind), browser_token=browser_token(),
        state=request.args.get("state", "")[:200], code=request.args.get("code", "")[:2000],
    )  # fmt: skip
    if returned.ticket:
        return redirect(THIRD_PAGE + returned.ticket, 303)
    response = make_response(redirect(url_for("h5_oidc.ask"), 303))
    set_confirm_token(response, returned.confirm_token, returned.expires_at)
    return response


@blueprint.get("/confirmation")
def ask() -> str:
    """On the phone: may that computer be logged in?"""
    asking = get_asking(confirm_token=confirm_token(), ip=client_ip())
    return render_template("oidc_confirm.html", asking=asking, device=describe_device(asking.device))


@blueprint.post("/confirmation")
def decide() -> str:
    """Yes or no, once."""
    accept = request.form.get("decision") == "accept"
    decide_external_login(confirm_token=confirm_token(), accept=accept)
    done = gettext("登录已确认，请回到电脑继续操作。") if accept else gettext("已拒绝登录，电脑上的登录请求已作废。")
    return render_template("oidc_message.html", text=done, back=False)


def _show_problem(problem: Problem) -> Response:
    body = render_template("oidc_message.html", text=problem.detail, back=True)
    return Response(body, problem.status, content_type="text/html; charset=utf-8")


def register(app: Flask) -> None:
    """The pages, and errors as pages: here are people, not programs."""
    app.register_blueprint(blueprint)
    show_errors_as_pages(app, PREFIX, _show_problem)
