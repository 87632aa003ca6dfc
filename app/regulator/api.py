"""The JSON that the desk's own pages need: challenges for security keys (A10)."""

from app.http.api import ApiBlueprint
from app.http.kit.keys import add_key_challenges
from app.regulator.access import protect_regulator_routes

blueprint = ApiBlueprint("regulator_keys", __name__, url_prefix="/api/v1/regulator", description="监管端：安全密钥")
protect_regulator_routes(blueprint)
add_key_challenges(blueprint, account_kind="regulator")
