"""Message templates of our mini-programs, as the platforms approved them: WECHAT_TEMPLATES and ALIPAY_TEMPLATES."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KINDS = ("subscribe", "employee")


@dataclass(frozen=True, slots=True)
class MiniTemplate:
    """`id`: the platform's. `fields`: our field → the platform's, such as `thing1`.

    `lasting`: a template of WeChat's 用工关系, where one yes of the user is good until it is taken back.
    """

    id: str
    fields: Mapping[str, str]
    lasting: bool = False


def read_templates(text: str) -> dict[str, MiniTemplate]:
    """`{our name: {"id", "fields": {ours: theirs}, "kind"?: "subscribe"|"employee"}}`. Raises ValueError."""
    parsed = json.loads(text or "{}")
    if not isinstance(parsed, dict):
        raise ValueError("not a JSON object")
    return {name: _template(value) for name, value in parsed.items()}


def _template(value: Any) -> MiniTemplate:
    if not isinstance(value, dict) or set(value) - {"id", "fields", "kind"}:
        raise ValueError("a template has id, fields and kind")
    fields, kind = value.get("fields"), value.get("kind", "subscribe")
    if not isinstance(value.get("id"), str) or not value["id"] or kind not in _KINDS:
        raise ValueError("id missing, or kind unknown")
    if not isinstance(fields, dict) or not fields or not all(isinstance(theirs, str) for theirs in fields.values()):
        raise ValueError("fields map our names to the platform's")
    return MiniTemplate(value["id"], fields, lasting=kind == "employee")
