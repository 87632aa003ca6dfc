"""The web application. `create_app()` for the server, `build_app(settings, providers)` for tests."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.callbacks import platform_events, sms_receipts
from app.console.api import channel as console_api
from app.console.pages import channel as console_pages
from app.h5 import links, oidc, pages
from app.http.access_log import init_access_log
from app.http.api import PlatformApi, init_api
from app.http.context import attach
from app.http.documentation import init_documentation
from app.http.health import init_health
from app.http.kit.blueprint import init_kit
from app.http.language import init_languages
from app.http.limits import init_limits
from app.http.logs import configure_logging
from app.http.metrics import init_metrics
from app.http.problems import init_problems
from app.http.security import init_security
from app.miniprogram import channel as miniprogram
from app.providers import Providers
from app.regulator import channel as regulator
from app.settings import Settings, refuse_unsafe
from app.wiring import build_providers, configure_core, connect_queue
from app.worker_api import channel as worker_api

MAX_BODY = 25 * 1024 * 1024
MAX_FORM_MEMORY = 2 * 1024 * 1024


def create_app() -> Flask:
    """For gunicorn: everything from the environment. Leaves with code 78 when that is unsafe."""
    settings = Settings.from_environment(os.environ)
    refuse_unsafe(settings)
    configure_logging(settings.log_level)
    configure_core(settings)
    connect_queue(settings)
    return build_app(settings, build_providers(settings))


def build_app(settings: Settings, providers: Providers) -> Flask:
    """The application for these settings and ports; touches nothing outside itself."""
    app = Flask("app", static_folder="static", static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_MEMORY,
        SECRET_KEY=settings.secret_key,
        PROPAGATE_EXCEPTIONS=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    attach(app, settings, providers)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for start in (init_languages, init_problems, init_access_log, init_metrics, init_security, init_health):
        start(app)
    init_limits(app, settings)
    init_kit(app)
    register_channels(app, init_api(app))
    return app


def register_channels(app: Flask, api: PlatformApi) -> None:
    """Every audience's face, then the documentation of all of them."""
    worker_api.register(api)
    console_api.register(api)
    miniprogram.register(api)
    api.register_blueprint(links.blueprint)
    api.register_blueprint(sms_receipts.blueprint)
    api.register_blueprint(platform_events.blueprint)
    app.register_blueprint(pages.blueprint)
    oidc.register(app)
    console_pages.register(app)
    regulator.register(app, api)
    app.add_url_rule("/", "landing", pages.landing)
    init_documentation(app, api)
