"""All pages of the console, registered with the application."""

import uuid

from flask import Flask

from app.console import words
from app.console.pages import (
    account,
    contract,
    contracts,
    doors,
    drafts,
    home,
    identity,
    messages,
    organisation,
    passwords,
    sealing,
    seals,
)
from app.console.pages.blueprint import blueprint
from app.console.pages.problems import show_problem
from app.console.pages.web import csrf_token, shanghai, time_left
from app.http.language import language
from app.http.problems import show_errors_as_pages

# Importing a module of pages adds its routes to the blueprint.
PAGES = (home, doors, identity, organisation, seals, contracts, drafts, contract, sealing, messages, account, passwords)


def register(app: Flask) -> None:
    """Pages, what their templates may call, and errors as pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        csrf_token=csrf_token, new_key=lambda: str(uuid.uuid4()), shanghai=shanghai, time_left=time_left,
        language=language, words=words,
    )  # fmt: skip
    show_errors_as_pages(app, "/console", show_problem)
