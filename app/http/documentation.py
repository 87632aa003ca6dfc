"""The specification at /api/openapi.json, and Swagger UI at /api/docs from files of our own."""

from flask import Blueprint, Flask, Response, current_app, jsonify

from app.http.api import PlatformApi, specification

# Swagger UI draws some icons and sizes with inline styles; scripts stay strict, and no other host is asked.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)


def init_documentation(app: Flask, api: PlatformApi) -> None:
    """After all channels are registered."""
    pages = Blueprint("api_docs", __name__, url_prefix="/api")
    pages.add_url_rule("/openapi.json", "specification", lambda: _specification(api))
    pages.add_url_rule("/docs", "page", _page)
    app.register_blueprint(pages)


def _specification(api: PlatformApi) -> Response:
    return jsonify(specification(api))


def _page() -> Response:
    response = current_app.send_static_file("api-docs.html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response
