"""The JSON that the desk's own pages need: challenges for security keys (A10)."""

from typing import Any

from app.accounts.security_keys import begin_key_login, begin_key_proof, begin_key_registration
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.idempotency import no_idempotency_key
from app.http.kit.keys import FreshProofSchema, KeyOptionsSchema, KeyPhoneSchema, proof_of, relying_party
from app.regulator.access import protect_regulator_routes

blueprint = ApiBlueprint("regulator_keys", __name__, url_prefix="/api/v1/regulator", description="监管端：安全密钥")
protect_regulator_routes(blueprint)


@blueprint.post("/login/security-key/options")
@blueprint.arguments(KeyPhoneSchema)
@blueprint.response(200, KeyOptionsSchema)
def ask_at_login(body: dict[str, Any]) -> Any:
    """A challenge for the key of this phone, or, without a phone, of any key that knows its owner."""
    return begin_key_login(account_kind="regulator", phone=body["phone"], party=relying_party())


@blueprint.post("/security-keys/proof")
@blueprint.response(200, KeyOptionsSchema)
@no_idempotency_key
def ask_for_proof() -> Any:
    """A challenge for one of my keys: a way to prove myself once more."""
    return begin_key_proof(actor=current_actor(), party=relying_party())


@blueprint.post("/security-keys/options")
@blueprint.arguments(FreshProofSchema)
@blueprint.response(200, KeyOptionsSchema)
@no_idempotency_key
def ask_for_new(body: dict[str, Any]) -> Any:
    """A challenge for a new key, against a fresh proof."""
    return begin_key_registration(actor=current_actor(), proof=proof_of(body), party=relying_party())
