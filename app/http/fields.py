"""Messages about single fields, flat and in the language of the request."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from app.http.language import language

# marshmallow speaks English; what it says in Chinese is here. Anything else gets the last line.
_CHINESE = {
    "Missing data for required field.": "请填写此项。",
    "Field may not be null.": "请填写此项。",
    "Unknown field.": "不接受此项。",
    "Not a valid string.": "应为文字。",
    "Not a valid integer.": "应为整数。",
    "Not a valid number.": "应为数字。",
    "Not a valid boolean.": "应为“是”或“否”。",
    "Not a valid UUID.": "编号格式有误。",
    "Not a valid list.": "应为列表。",
    "Invalid input type.": "格式有误。",
    "Invalid JSON body.": "请求内容不是有效的 JSON。",
}
_LOCATIONS = frozenset({"json", "query", "form", "headers", "path", "files"})
_OTHERWISE = "填写有误，请检查。"


def schema_messages(messages: Any) -> dict[str, list[str]]:
    """marshmallow's nested messages as `{"ink.strokes.0": ["…"]}`; the location (json, query) is left out."""
    found: dict[str, list[str]] = {}
    for location, nested in messages.items() if isinstance(messages, Mapping) else [("json", messages)]:
        _flatten(nested, () if location in _LOCATIONS else (location,), found)
    return found


def domain_messages(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The domain's messages are Chinese msgids; the catalogue has the English."""
    return {name: [gettext(message) for message in messages] for name, messages in fields.items()}


def _flatten(value: Any, path: tuple[Any, ...], found: dict[str, list[str]]) -> None:
    if isinstance(value, Mapping):
        for name, nested in value.items():
            _flatten(nested, path if name == "_schema" else (*path, name), found)
        return
    texts = value if isinstance(value, list) else [value]
    name = ".".join(str(part) for part in path) or "body"
    found.setdefault(name, []).extend(_say(str(text)) for text in texts)


def _say(text: str) -> str:
    if not text.isascii():
        return str(gettext(text))
    return text if language() == "en" else _CHINESE.get(text, _OTHERWISE)
