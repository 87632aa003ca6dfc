"""The operator's password: set, change, reset (A2)."""

from app.http.api import ApiBlueprint
from app.http.shared.passwords import add_passwords

blueprint = ApiBlueprint("console_password", __name__, url_prefix="/api/v1/console", description="用人单位：登录密码")
add_passwords(blueprint, account_kind="operator", channel="console")
