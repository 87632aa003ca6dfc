"""All of the desk, registered with the application."""

from flask import Flask

from app.http.api import PlatformApi
from app.http.problems import show_errors_as_pages
from app.regulator import account, api, doors, reviews, words
from app.regulator.web import blueprint, show_problem

# Importing a module of pages adds its routes to the blueprint.
PAGES = (doors, reviews, account)


def register(app: Flask, platform: PlatformApi) -> None:
    platform.register_blueprint(api.blueprint)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(desk_words=words)
    show_errors_as_pages(app, "/regulator", show_problem)
