"""Most of the time of sending goes into drawing pages, and pictures decide no race."""

from typing import Any

import pytest

from app.templates import intake, wire


@pytest.fixture(autouse=True)
def one_picture_for_all(parse_in_this_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture of the first page that is drawn stands for all."""
    really = intake.call_child
    drawn: dict[str, wire.Message] = {}

    def call(operation: str, data: bytes, **arguments: Any) -> wire.Message:
        if operation != "render":
            return really(operation, data, **arguments)
        if operation not in drawn:
            drawn[operation] = really(operation, data, **arguments)
        return drawn[operation]

    monkeypatch.setattr(intake, "call_child", call)
