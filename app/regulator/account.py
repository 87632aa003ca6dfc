"""The personal centre of the desk: who I am, my security keys, where I am logged in (A10, A11)."""

import uuid

from flask import Response, url_for

from app.accounts.devices import end_session, list_sessions
from app.http.context import current_actor
from app.http.kit.devices import describe_device
from app.http.kit.key_pages import add_key_pages, describe_keys
from app.http.kit.web import go
from app.regulator.web import blueprint, show


@blueprint.get("/account")
def show_account() -> Response:
    sessions = [(session, describe_device(session.device)) for session in list_sessions(actor=current_actor())]
    return show("regulator/account.html", "account", sessions=sessions, **describe_keys())


@blueprint.post("/account/sessions/<uuid:session_id>/end")
def end_own_session(session_id: uuid.UUID) -> Response:
    end_session(actor=current_actor(), session_id=session_id)
    return go(url_for("regulator.show_account", done="session_ended"))


add_key_pages(blueprint, show)
