"""The worker's password: set, change, reset (A2)."""

from app.http.api import ApiBlueprint
from app.http.shared.passwords import add_passwords

blueprint = ApiBlueprint("worker_password", __name__, url_prefix="/api/v1/worker", description="劳动者：登录密码")
add_passwords(blueprint, account_kind="worker", channel="worker")
