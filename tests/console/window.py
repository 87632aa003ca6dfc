"""A browser without a screen: pages by GET, forms as htmx posts them."""

import html
import re
import uuid
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.web import ConsoleClient


class Window(ConsoleClient):
    """`open` and `submit` are a browser without scripts; `ask` and `press` are htmx."""

    def __init__(self, app: Flask, token: str = "") -> None:
        super().__init__(app, token)

    def open(self, path: str, status: int = 200) -> str:
        answer = self.client.get(f"/console{path}")
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True)[-800:])
        return answer.get_data(as_text=True)

    def ask(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/console{path}", headers={"HX-Request": "true"} | headers)

    def press(self, path: str, form: dict[str, Any] | None = None, *, key: str = "", **changes: str) -> TestResponse:
        """`changes`: headers that differ, by name with underscores; an empty value leaves one out."""
        headers = {
            "HX-Request": "true", "Origin": "http://localhost", "X-CSRF-Token": self._csrf,
            "Idempotency-Key": key or str(uuid.uuid4()),
        } | {name.replace("_", "-"): value for name, value in changes.items()}  # fmt: skip
        kept = {name: value for name, value in headers.items() if value}
        return self.client.post(f"/console{path}", data=form or {}, headers=kept)

    def go(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> str:
        """Press, and say where that leads."""
        answer = self.press(path, form, **options)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, (answer.status_code, text[-800:])
        found = re.search(r'data-go="([^"]*)"', text)
        assert found is not None, text[-800:]
        return html.unescape(found[1])


def refusal(answer: TestResponse, status: int) -> str:
    """What a refused form shows; it names no internals."""
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, (answer.status_code, text[-800:])
    assert 'class="alert alert-danger"' in text
    assert "<html" not in text
    return text


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])
