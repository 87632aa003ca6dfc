"""Texts cut to what a platform's message field takes, instead of a message that is refused.

Source: developers.weixin.qq.com [DOC], limits of subscribe messages by the kind in a field's name (`thing1`).
Counted in UTF-16 units: which of the two a rare character counts is not documented.
"""

import re
from collections.abc import Mapping

from app.settings.mini import MiniTemplate

WEIXIN_LIMITS: Mapping[str, int] = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
    "car_number": 8,
}
_NOTHING = "无"


def fill(template: MiniTemplate, data: Mapping[str, str], limits: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """`{"thing1": {"value": …}}` of every field of `template`. Raises KeyError for a field that `data` lacks."""
    return {theirs: {"value": _fit(theirs, data[ours], limits)} for ours, theirs in template.fields.items()}


def _fit(field: str, text: str, limits: Mapping[str, int]) -> str:
    """One line, not empty, not longer than the kind of field allows; an ellipsis shows what was cut."""
    text = re.sub(r"\s+", " ", text).strip() or _NOTHING
    limit = limits.get(field.rstrip("0123456789"))
    if limit is None or _units(text) <= limit:
        return text
    while _units(text) > limit - 1:
        text = text[:-1]
    return f"{text}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
