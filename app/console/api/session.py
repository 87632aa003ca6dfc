"""Log in, register, choose an organisation, agree (A1, A8, A9, B1)."""

import uuid
from typing import Any

from flask import Response, jsonify

from app.accounts.devices import end_session
from app.accounts.login import request_login_code
from app.accounts.sessions import LoggedIn
from app.console.access import CONSOLE_COOKIE, set_console_cookie
from app.console.api.account_schemas import (
    MembershipSchema,
    OperatorCodeRequestSchema,
    OperatorLoginSchema,
    OperatorPasswordLoginSchema,
    OperatorSessionSchema,
    RegistrationSchema,
)
from app.console.api.dumps import shown
from app.console.operator import Operator, load_operator
from app.http.access import clear_session_cookie, current_session
from app.http.api import ApiBlueprint
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key
from app.http.shared.agreements import add_agreements, add_consents
from app.http.shared.codes import CodeSentSchema
from app.identity.login import log_in_by_password, log_in_operator
from app.organisations.service import (
    enter_organisation,
    list_my_organisations,
    register_organisation,
    request_registration_code,
)

blueprint = ApiBlueprint("console_session", __name__, url_prefix="/api/v1/console", description="用人单位：登录与同意")
add_agreements(blueprint)
add_consents(blueprint)


@blueprint.post("/login/codes")
@blueprint.arguments(OperatorCodeRequestSchema)
@blueprint.response(202, CodeSentSchema)
def request_code(body: dict[str, Any]) -> Any:
    """Send a code, to log in or to register. Known and unknown numbers get the same answer."""
    if body["purpose"] == "registration":
        return request_registration_code(phone=body["phone"], ip=client_ip())
    return request_login_code(account_kind="operator", phone=body["phone"], ip=client_ip())


@blueprint.post("/login")
@blueprint.arguments(OperatorLoginSchema)
@blueprint.response(200, OperatorSessionSchema)
def log_in(body: dict[str, Any]) -> Any:
    """Log in, into no organisation yet."""
    return answer_session(log_in_operator(**from_here(body)))


@blueprint.post("/login/password")
@blueprint.arguments(OperatorPasswordLoginSchema)
@blueprint.response(200, OperatorSessionSchema)
def log_in_with_password(body: dict[str, Any]) -> Any:
    """The same with the password that was set before. Unknown numbers get the answer of wrong passwords."""
    return answer_session(log_in_by_password(account_kind="operator", **from_here(body)))


@blueprint.post("/organisations")
@blueprint.arguments(RegistrationSchema)
@blueprint.response(201, OperatorSessionSchema)
def register(body: dict[str, Any]) -> Any:
    """Create an organisation and enter it."""
    return answer_session(register_organisation(**from_here(body)), 201)


@blueprint.get("/organisations")
@blueprint.response(200, MembershipSchema(many=True))
def find_organisations() -> Any:
    """Where I am a member."""
    return [
        {
            "id": mine.organisation_id,
            "name": mine.name,
            "status": "verified" if mine.is_verified else "unverified",
            "role": mine.role,
        }
        for mine in list_my_organisations(actor=current_actor())
    ]


@blueprint.post("/organisations/<uuid:organisation_id>/entrance")
@blueprint.response(200, OperatorSessionSchema)
@no_idempotency_key
def enter(organisation_id: uuid.UUID) -> Any:
    """Enter one of my organisations; the session is a new one."""
    return answer_session(enter_organisation(actor=current_actor(), organisation_id=organisation_id))


@blueprint.get("/session")
@blueprint.response(200, OperatorSessionSchema)
def get_session() -> Any:
    """Who I am here."""
    session = current_session()
    return _dump(load_operator(session.actor), session.csrf_token, session.expires_at)


@blueprint.delete("/session")
@blueprint.response(204)
def log_out() -> Any:
    """End this session at once."""
    end_session(actor=current_actor())
    response = Response(status=204)
    clear_session_cookie(response, CONSOLE_COOKIE)
    return response


def from_here(body: dict[str, Any]) -> dict[str, Any]:
    agreements = [(item["kind"], item["version"]) for item in body.pop("agreements")]
    return body | {"agreements": agreements, "channel": "console", "ip": client_ip(), "device": client_device()}


def answer_session(opened: LoggedIn, status: int = 200) -> Response:
    """The new session as a cookie and as JSON."""
    body = _dump(load_operator(opened.actor), opened.csrf_token, opened.expires_at)
    response = jsonify(OperatorSessionSchema().dump(body))
    response.status_code = status
    return set_console_cookie(response, opened)


def _dump(operator: Operator, csrf_token: str, expires_at: Any) -> dict[str, Any]:
    return {
        "account_id": operator.account_id,
        "phone_masked": operator.phone_masked,
        "csrf_token": csrf_token,
        "expires_at": shown(expires_at),
        "person": operator.person,
        "organisation": operator.organisation,
        "permissions": sorted(operator.permissions),
        "unread": operator.unread,
        "has_password": operator.has_password,
    }
