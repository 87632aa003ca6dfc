"""What can be checked without serving anything: error classes and vendored files."""

import hashlib
import json
import re

import app.factory  # noqa: F401 - defines every error class
from app.core.errors import DomainError
from tests.support.database import ROOT


def test_codes_are_facts_with_both_languages() -> None:
    waiting, kinds = [DomainError], []
    while waiting:
        kinds.append(waiting.pop())
        waiting.extend(kinds[-1].__subclasses__())
    for kind in kinds:
        assert re.fullmatch(r"[a-z][a-z_]+", kind.code), kind
        assert 400 <= kind.http_status < 600, kind
        assert re.search(r"[一-鿿]", kind.message_zh) or "{" in kind.message_zh, kind
        assert not re.search(r"[\u3000-\u9fff]", kind.message_en), kind


def test_vendored_files_are_the_pinned_ones() -> None:
    folders = [path.parent for path in (ROOT / "app/static/vendor").glob("*/vendor.json")]
    assert folders
    for folder in folders:
        pinned = json.loads((folder / "vendor.json").read_text())
        assert (folder / "LICENSE").is_file()
        for name, digest in pinned["files"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
