"""Babel's extractor for our Python files: msgids are Chinese and need no marking.

Channels: every Chinese text. Domain: whole sentences, which is what it says about fields (`{"name": ["请填写…。"]}`).
Errors carry both languages in their class (decision 0005), so they are not collected.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

CHANNELS = {"worker_api", "console", "h5", "miniprogram", "http", "callbacks"}
NOT_FOR_PAGES = {"cli", "settings", "supervisor", "adapters", "runner"}
# Written into the database in Chinese, or in both languages beside each other.
OTHER_WAYS = {
    "app/accounts/bindings.py", "app/authorisations/letter.py", "app/authorisations/notices.py",
    "app/contracts/notices.py", "app/people/notices.py", "app/identity/qr_login.py",
    "app/accounts/phone_change.py", "app/seals/ink.py", "app/signing/verification.py", "app/templates/intake.py",
    "app/http/api.py", "app/http/fields.py", "app/http/problems.py", "app/callbacks/sms_receipts.py",
}  # fmt: skip
_CHINESE = re.compile(r"[一-鿿]")

Message = tuple[int, str, str, list[str]]


def extract(stream: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Message]:
    """(line, function, msgid, comments) of every text in one file."""
    path = Path(stream.name)
    parts = path.parts[path.parts.index("app") + 1 :] if "app" in path.parts else ()
    name = "/".join(("app", *parts))
    if not parts or parts[0] in NOT_FOR_PAGES or path.name == "errors.py" or name in OTHER_WAYS:
        return
    tree = ast.parse(stream.read())
    unwanted = {*_docstrings(tree), *_error_texts(tree), *_inside_fstrings(tree), *_descriptions(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in unwanted:
            continue
        text = node.value
        if _CHINESE.search(text) and (parts[0] in CHANNELS or text.endswith(("。", "？"))):
            yield node.lineno, "gettext", text, []


def _docstrings(tree: ast.AST) -> Iterator[int]:
    return (id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr))


def _error_texts(tree: ast.AST) -> Iterator[int]:
    """`message_zh = "…"` in the class of an error."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "message_zh" for target in targets):
            yield from (id(part) for part in ast.walk(node))


def _descriptions(tree: ast.AST) -> Iterator[int]:
    """`description="劳动者：合同"`: headings of the API's documentation."""
    return (id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "description")


def _inside_fstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in node.values)
