"""All pages of the console, registered with the application."""

from flask import Flask

from app.console import people_words, words
from app.console.pages import (
    account,
    authorisation,
    certificate,
    contract,
    contracts,
    departments,
    doors,
    drafts,
    employees,
    home,
    identity,
    keys,
    messages,
    onboarding,
    organisation,
    passwords,
    people,
    qr_login,
    sealing,
    seals,
)
from app.console.pages.blueprint import blueprint
from app.console.pages.problems import show_problem
from app.http.problems import show_errors_as_pages

# Importing a module of pages adds its routes to the blueprint.
PAGES = (
    home, doors, identity, organisation, authorisation, seals, contracts, drafts, contract, sealing, messages, account,
    passwords, keys, qr_login, people, onboarding, certificate,
    employees, departments,
)  # fmt: skip


def register(app: Flask) -> None:
    """Pages, what their templates may call, and errors as pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(words=words, people_words=people_words)
    show_errors_as_pages(app, "/console", show_problem)
