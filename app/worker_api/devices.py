"""Where I am logged in, and logging out elsewhere (A11)."""

import uuid
from typing import Any

from app.accounts.devices import SessionView, end_other_sessions, end_session, list_sessions
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.worker_api.session_schemas import DeviceSchema, EndedSchema

blueprint = ApiBlueprint("worker_devices", __name__, url_prefix="/api/v1/worker", description="劳动者：登录设备")


@blueprint.get("/sessions")
@blueprint.response(200, DeviceSchema(many=True))
def find_sessions() -> Any:
    """My open sessions, the latest seen first."""
    return [_dump(view) for view in list_sessions(actor=current_actor())]


@blueprint.delete("/sessions")
@blueprint.response(200, EndedSchema)
def end_others() -> Any:
    """Log out everywhere but here."""
    return {"ended": end_other_sessions(actor=current_actor())}


@blueprint.delete("/sessions/<uuid:session_id>")
@blueprint.response(204)
def end_one(session_id: uuid.UUID) -> None:
    """Log one of my devices out, at once."""
    end_session(actor=current_actor(), session_id=session_id)


def _dump(view: SessionView) -> dict[str, Any]:
    return {
        "id": view.id, "channel": view.channel, "device": view.device, "ip": view.ip,
        "created_at": in_shanghai(view.created_at), "last_seen_at": in_shanghai(view.last_seen_at),
        "current": view.is_current,
    }  # fmt: skip
