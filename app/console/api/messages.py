"""The operator's message centre (D7)."""

from app.http.api import ApiBlueprint
from app.http.shared.messages import add_messages

blueprint = ApiBlueprint("console_messages", __name__, url_prefix="/api/v1/console", description="用人单位：消息")
add_messages(blueprint)
