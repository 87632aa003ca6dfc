"""The two doors, and the built client with caching that fits its file names."""

from pathlib import Path

import pytest
from flask import Flask

from app.h5 import pages
from tests.support.database import Database
from tests.support.web import make_app, problem

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of the client with one file of each sort."""
    folder = tmp_path / "h5_static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>工约</title>", encoding="utf-8")
    (folder / "assets" / "index-DwKX0aB3.js").write_text("1", encoding="utf-8")
    (folder / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    monkeypatch.setattr(pages, "H5_STATIC", folder)
    return folder


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "我是劳动者"), ("en", "I am a worker")])
def test_both_doors(web: Flask, language: str, words: str) -> None:
    page = web.test_client().get("/", headers={"Accept-Language": language}).get_data(as_text=True)
    assert words in page
    assert 'href="/h5/"' in page
    assert 'href="/console/"' in page


@pytest.mark.parametrize(
    ("address", "cache"),
    [
        ("/h5/", "no-store"),
        ("/h5/assets/index-DwKX0aB3.js", "public, max-age=31536000, immutable"),
        ("/h5/logo.svg", "no-cache"),
    ],
)
def test_files_are_cached_as_long_as_their_names_promise(web: Flask, built: Path, address: str, cache: str) -> None:
    with web.test_client().get(address) as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == cache
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_without_the_slash_one_is_led_there(web: Flask) -> None:
    response = web.test_client().get("/h5")
    assert (response.status_code, response.headers["Location"]) == (308, "/h5/")


@pytest.mark.parametrize("name", ["../secret.txt", "%2e%2e/secret.txt", "assets/../../secret.txt", "absent.js"])
def test_nothing_outside_the_build_is_served(web: Flask, built: Path, name: str) -> None:
    problem(web.test_client().get(f"/h5/{name}"), 404, "not_found")


def test_a_missing_build_is_not_found(web: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "H5_STATIC", tmp_path / "absent")
    problem(web.test_client().get("/h5/"), 404, "not_found")
