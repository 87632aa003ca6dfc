"""Errors in words, with a way out: a part for htmx, a page for everybody else."""

from flask import Response, render_template, request

from app.console.pages.web import is_htmx, page_before
from app.console.words import N_
from app.http.context import request_id
from app.http.problems import Problem

# Where an error can be helped, by its code (and kind): endpoint and what the link says (msgids).
WAYS_OUT = {
    "operator_not_registered": ("console.show_registration", N_("注册单位")),
    "password_locked": ("console.show_login", N_("用验证码登录")),
    "password_tries_exceeded": ("console.show_login", N_("用验证码登录")),
    "organisation_already_yours": ("console.show_login", N_("去登录")),
    "organisation_not_verified": ("console.verify_own_organisation", N_("去认证单位")),
    "verification_required": ("console.verify_operator", N_("去实名认证")),
    "consent_required:certificate_agreement": ("console.show_certificate", N_("阅读并同意")),
    "consent_required": ("console.verify_operator", N_("阅读并同意")),
    "certificate_required": ("console.show_certificate", N_("去激活数字证书")),
    "certificate_expired": ("console.show_certificate", N_("去续期")),
    "pin_locked": ("console.show_certificate", N_("去重设证书密码")),
    "seal_not_usable": ("console.show_seals", N_("管理印章")),
}


def show_problem(problem: Problem) -> Response:
    """Registered for everything below /console."""
    template = "kit/partials/problem.html" if is_htmx() else "console/error.html"
    of_kind = WAYS_OUT.get(f"{problem.code}:{problem.details.get('kind')}")
    body = render_template(
        template, problem=problem, way_out=of_kind or WAYS_OUT.get(problem.code), request_id=request_id(), back=_back()
    )
    response = Response(body, problem.status, content_type="text/html; charset=utf-8")
    response.vary.add("HX-Request")
    return response


def _back() -> str:
    """The page with the form, where a browser without scripts came from."""
    return page_before("/console") if request.method == "POST" else ""
