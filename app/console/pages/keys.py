"""Security keys in the personal centre, and the login with one (A10)."""

import uuid

from flask import Response, url_for

from app.accounts.security_keys import rename_security_key
from app.console.pages.blueprint import blueprint
from app.console.pages.doors import lead_in, ticked
from app.console.pages.web import go, safe_path, show, typed
from app.http.context import client_device, client_ip, current_actor
from app.http.kit.key_pages import add_key_pages
from app.http.kit.keys import relying_party, typed_answer
from app.identity.login import log_in_by_security_key


@blueprint.post("/login/security-key")
def log_in_with_key() -> Response:
    """As with a code: one organisation is entered at once, of several one is chosen."""
    ceremony_id, credential = typed_answer()
    opened = log_in_by_security_key(
        ceremony_id=ceremony_id, credential=credential, agreements=ticked(), party=relying_party(), channel="console",
        ip=client_ip(), device=client_device(),
    )  # fmt: skip
    return lead_in(opened, safe_path(typed("next")))


@blueprint.post("/account/security-keys/<uuid:key_id>/name")
def rename_key(key_id: uuid.UUID) -> Response:
    rename_security_key(actor=current_actor(), key_id=key_id, name=typed("name"))
    return go(url_for("console.show_account", done="saved"))


add_key_pages(blueprint, show)
