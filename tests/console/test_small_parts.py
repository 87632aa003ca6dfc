"""Pure functions behind the pages."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.console import words
from app.console.pages.web import day, find_id, safe_path
from app.contracts.lifecycle import Status
from app.core.clock import clock_at
from app.http.kit.devices import describe_device
from app.http.kit.text import blocks
from app.http.kit.web import time_left
from app.http.qr import qr_picture
from app.identity.texts import current_texts


def test_agreements_become_blocks() -> None:
    text = "# 标题\n\n第一段**重点**后文\n\n## 小节\n\n1. 甲\n2. **乙**丙\n\n- 丁"
    found = [(block.kind, block.lines) for block in blocks(text)]
    assert found == [
        ("h1", [[("标题", False)]]),
        ("p", [[("第一段", False), ("重点", True), ("后文", False)]]),
        ("h2", [[("小节", False)]]),
        ("list", [[("甲", False)], [("乙", True), ("丙", False)], [("丁", False)]]),
    ]


def test_no_mark_of_the_real_texts_is_left_over() -> None:
    for text in current_texts():
        shown = [piece for body in (text.text_zh, text.text_en) for block in blocks(body) for line in block.lines
                 for piece, _bold in line]  # fmt: skip
        assert [piece for piece in shown if "**" in piece or piece.startswith("#") or "](" in piece] == []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("/console/seals", "/console/seals"),
        ("/console/contracts?box=all&text=张", "/console/contracts?box=all&text=张"),
        ("//evil.example/console/", ""),
        ("/console//evil.example", ""),
        ("https://evil.example/console/", ""),
        ("/console\\evil", ""),
        ("/console/\r\nSet-Cookie: a=b", ""),
        ("/h5/", ""),
        ("/console/nowhere", ""),
        ("/console/logout", ""),  # a form's address, no page
        ("", ""),
    ],
)
def test_only_our_own_pages_are_led_to(console: Flask, value: str, path: str) -> None:
    with console.test_request_context():
        assert safe_path(value) == path


def test_a_day_in_china_begins_before_it_does_in_utc() -> None:
    assert day("2026-11-21") == datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert day("2026-11-21", end=True) == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert [day(wrong) for wrong in ("", "21.11.2026", "2026-13-01")] == [None, None, None]


def test_time_left_is_whole_and_never_negative() -> None:
    with clock_at(datetime(2026, 11, 21, tzinfo=UTC)):
        assert time_left(datetime(2026, 11, 23, 5, 59, tzinfo=UTC)) == (2, 5)
        assert time_left(datetime(2026, 11, 20, tzinfo=UTC)) == (0, 0)


def test_ids_in_addresses() -> None:
    assert find_id("00000000-0000-0000-0000-000000000001") is not None
    assert find_id("1' OR 1=1") is None


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1 MicroMessenger/8.0", "微信 · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge · Windows"),
        ("curl/8.0", ""),
    ],
)
def test_devices_in_a_few_words(agent: str, said: str) -> None:
    assert describe_device(agent) == said


def test_every_status_has_a_word_and_only_signed_is_green() -> None:
    assert set(words.STATUS_TEXTS) == set(Status)
    assert [status for status in Status if words.status_colour(status) == "green"] == [Status.COMPLETED]


def test_an_address_becomes_a_picture() -> None:
    assert qr_picture("https://face.example/?" + "x" * 900).startswith("data:image/svg+xml")
