"""Log in by phone and code or password; the texts that are agreed to (A1, A2, A7, B1)."""

from typing import Any

from app.accounts.login import request_login_code
from app.http.api import ApiBlueprint
from app.http.context import client_ip
from app.http.logins import LoggedInSchema, answer_login, login_origin
from app.http.shared.agreements import add_agreements
from app.http.shared.codes import CodeSentSchema, PhoneSchema
from app.identity.login import log_in_by_password, log_in_worker
from app.worker_api.session_schemas import LoginSchema, PasswordLoginSchema

blueprint = ApiBlueprint("worker_login", __name__, url_prefix="/api/v1/worker", description="劳动者：登录")
add_agreements(blueprint)


@blueprint.post("/login/codes")
@blueprint.arguments(PhoneSchema)
@blueprint.response(202, CodeSentSchema)
def request_code(body: dict[str, Any]) -> Any:
    """Send a code. Known and unknown numbers get the same answer."""
    return request_login_code(account_kind="worker", phone=body["phone"], ip=client_ip())


@blueprint.post("/login")
@blueprint.arguments(LoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in(body: dict[str, Any]) -> Any:
    """Log in; the first login registers. As a cookie, or as a bearer token for mini-programs."""
    return answer_login(log_in_worker(phone=body["phone"], code=body["code"], **login_origin(body)), body)


@blueprint.post("/login/password")
@blueprint.arguments(PasswordLoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in_with_password(body: dict[str, Any]) -> Any:
    """Log in with the password that was set before. Unknown numbers get the same answer as wrong passwords."""
    opened = log_in_by_password(
        account_kind="worker", phone=body["phone"], password=body["password"], **login_origin(body)
    )
    return answer_login(opened, body)
