"""Texts that fit the fields of a platform's messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.mini_fields import WEIXIN_LIMITS, fill
from app.settings.mini import MiniTemplate


@given(st.sampled_from(sorted(WEIXIN_LIMITS)), st.text())
def test_every_text_fits_its_field(kind: str, text: str) -> None:
    template = MiniTemplate("1", {"title": f"{kind}7"})
    value = fill(template, {"title": text}, WEIXIN_LIMITS)[f"{kind}7"]["value"]
    assert 0 < len(value.encode("utf-16-le", "surrogatepass")) // 2 <= WEIXIN_LIMITS[kind]
    assert "\n" not in value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "无"),
        (" \n ", "无"),
        ("一\n二", "一 二"),
        ("字" * 20, "字" * 20),
        ("字" * 21, "字" * 19 + "…"),
        ("𠮷" * 10, "𠮷" * 10),
        ("𠮷" * 11, "𠮷" * 9 + "…"),
    ],
)
def test_cutting(text: str, shown: str) -> None:
    template = MiniTemplate("1", {"title": "thing1"})
    assert fill(template, {"title": text}, WEIXIN_LIMITS) == {"thing1": {"value": shown}}
