"""The operator's password: set, change, reset (A2)."""

from typing import Any

from app.accounts.passwords import (
    request_password_code,
    request_password_reset_code,
    reset_password,
    set_password,
)
from app.console.api.account_schemas import (
    OperatorCodeSentSchema,
    OperatorNewPasswordSchema,
    OperatorPasswordResetSchema,
    OperatorPhoneSchema,
)
from app.http.api import ApiBlueprint
from app.http.context import client_device, client_ip, current_actor
from app.http.idempotency import no_idempotency_key

blueprint = ApiBlueprint("console_password", __name__, url_prefix="/api/v1/console", description="用人单位：登录密码")


@blueprint.post("/password/codes")
@blueprint.response(202, OperatorCodeSentSchema)
@no_idempotency_key
def request_code() -> Any:
    """Send a code to my own phone, to set the first password."""
    return request_password_code(actor=current_actor())


@blueprint.post("/password")
@blueprint.arguments(OperatorNewPasswordSchema)
@blueprint.response(204)
def change(body: dict[str, Any]) -> None:
    """Set the first password by code, or change it by the current one; a change ends my other sessions."""
    set_password(actor=current_actor(), **body)


@blueprint.post("/password/reset/codes")
@blueprint.arguments(OperatorPhoneSchema)
@blueprint.response(202, OperatorCodeSentSchema)
def request_reset_code(body: dict[str, Any]) -> Any:
    """Send a code to whoever forgot the password. Known and unknown numbers get the same answer."""
    return request_password_reset_code(account_kind="operator", phone=body["phone"], ip=client_ip())


@blueprint.post("/password/reset")
@blueprint.arguments(OperatorPasswordResetSchema)
@blueprint.response(204)
def reset(body: dict[str, Any]) -> None:
    """Replace a forgotten password; all sessions end, and one logs in anew."""
    reset_password(account_kind="operator", channel="console", ip=client_ip(), device=client_device(), **body)
