"""The session, preferences and consents (A11, B1, M5)."""

from typing import Any

from flask import Response

from app.accounts.devices import end_session
from app.accounts.preferences import update_preferences
from app.http.access import WORKER_COOKIE, clear_session_cookie, current_session
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.sessions import SessionSchema, dump_session
from app.http.shared.agreements import add_consents
from app.identity.consents import withdraw_consent
from app.worker_api.session_schemas import PreferencesSchema

blueprint = ApiBlueprint("worker_session", __name__, url_prefix="/api/v1/worker", description="劳动者：会话与同意")
add_consents(blueprint)


@blueprint.get("/session")
@blueprint.response(200, SessionSchema)
def get_session() -> Any:
    """Who I am here."""
    return _dump()


@blueprint.put("/preferences")
@blueprint.arguments(PreferencesSchema)
@blueprint.response(200, SessionSchema)
def change_preferences(body: dict[str, Any]) -> Any:
    """Language and size of text; what is left out stays as it is."""
    update_preferences(actor=current_actor(), **body)
    return _dump()


@blueprint.delete("/session")
@blueprint.response(204)
def log_out() -> Any:
    """End this session at once."""
    end_session(actor=current_actor())
    response = Response(status=204)
    clear_session_cookie(response, WORKER_COOKIE)
    return response


@blueprint.delete("/consents/<kind>")
@blueprint.response(204)
def withdraw(kind: str) -> None:
    """Take a consent back, for the future only. What was checked or signed with it stays (PIPL 15)."""
    withdraw_consent(actor=current_actor(), kind=kind)


def _dump() -> dict[str, Any]:
    session = current_session()
    return dump_session(session.actor, session.csrf_token, session.expires_at)
