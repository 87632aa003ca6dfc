"""The built client under /h5/, and the two doors at /."""

import re
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, send_from_directory
from werkzeug.wrappers import Response as WerkzeugResponse

from app.core.errors import NotFound

H5_STATIC = Path(__file__).resolve().parents[2] / "h5_static"
# The build puts a hash of the content into these names, so they never change.
_HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.(?:js|css|png|svg|woff2|webp|jpg)$")
_YEAR = 31_536_000

blueprint = Blueprint("h5", __name__, template_folder="templates")


@blueprint.get("/h5")
def redirect_to_page() -> WerkzeugResponse:
    return redirect("/h5/", 308)


@blueprint.get("/h5/")
def page() -> Response:
    """The client's only page; its routes live in the fragment."""
    if not (H5_STATIC / "index.html").is_file():
        raise NotFound
    response = send_from_directory(H5_STATIC, "index.html")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/h5/<path:name>")
def asset(name: str) -> Response:
    response = send_from_directory(H5_STATIC, name)
    cache = f"public, max-age={_YEAR}, immutable" if _HASHED.search(name) else "no-cache"
    response.headers["Cache-Control"] = cache
    return response


def landing() -> str:
    """I am a worker; I am an employer."""
    return render_template("landing.html")
