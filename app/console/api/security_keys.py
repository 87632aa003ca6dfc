"""An operator's security keys (A10): add, name, remove, log in."""

import uuid
from typing import Any

from app.accounts.fresh_proof import request_proof_code
from app.accounts.security_keys import (
    finish_key_registration,
    list_security_keys,
    remove_security_key,
    rename_security_key,
)
from app.console.api.account_schemas import OperatorSessionSchema
from app.console.api.session import answer_session, from_here
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.keys import (
    FreshProofSchema,
    KeyAnswerSchema,
    KeyNameSchema,
    NewKeySchema,
    SecurityKeySchema,
    add_key_challenges,
    proof_of,
    relying_party,
)
from app.http.shared.agreements import AgreementsSchema
from app.http.shared.codes import CodeSentSchema
from app.identity.login import log_in_by_security_key

blueprint = ApiBlueprint("console_keys", __name__, url_prefix="/api/v1/console", description="用人单位：安全密钥")
add_key_challenges(blueprint, account_kind="operator")


class KeyLoginSchema(AgreementsSchema, KeyAnswerSchema):
    """The key's answer, and the texts that were ticked."""


@blueprint.post("/login/security-key")
@blueprint.arguments(KeyLoginSchema)
@blueprint.response(200, OperatorSessionSchema)
def log_in_with_key(body: dict[str, Any]) -> Any:
    """Log in with the key's answer, into no organisation yet."""
    return answer_session(log_in_by_security_key(party=relying_party(), **from_here(body)))


@blueprint.get("/security-keys")
@blueprint.response(200, SecurityKeySchema(many=True))
def find() -> Any:
    """Mine, the oldest first."""
    return list_security_keys(actor=current_actor())


@blueprint.post("/security-keys/codes")
@blueprint.response(202, CodeSentSchema)
@no_idempotency_key
def send_code() -> Any:
    """Send a code to my own phone: one way to prove myself once more."""
    return request_proof_code(actor=current_actor())


@blueprint.post("/security-keys")
@blueprint.arguments(NewKeySchema)
@blueprint.response(201, SecurityKeySchema)
def add(body: dict[str, Any]) -> Any:
    """Add the key that the browser made."""
    return finish_key_registration(actor=current_actor(), party=relying_party(), **body)


@blueprint.put("/security-keys/<uuid:key_id>")
@blueprint.arguments(KeyNameSchema)
@blueprint.response(200, SecurityKeySchema)
def rename(body: dict[str, Any], key_id: uuid.UUID) -> Any:
    """Give it another name."""
    return rename_security_key(actor=current_actor(), key_id=key_id, name=body["name"])


@blueprint.post("/security-keys/<uuid:key_id>/removal")
@blueprint.arguments(FreshProofSchema)
@blueprint.response(204)
def remove(body: dict[str, Any], key_id: uuid.UUID) -> None:
    """It opens nothing any more; against a fresh proof."""
    remove_security_key(actor=current_actor(), key_id=key_id, proof=proof_of(body), party=relying_party())
