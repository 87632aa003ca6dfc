"""What the client's peers say and are told, held against the specification of the real API: drift is an error."""

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

BASE = "/api/v1"
JSON = "application/json"


class Wire:
    """`drift`: every difference that was noticed, in words."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.drift: list[str] = []
        self._document = document
        # The most literal path first: `/verifications/current` is no `{verification_id}`.
        paths = sorted(document["paths"], key=lambda path: path.count("{"))
        self._paths = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]
        self._validator = cache(self._make_validator)

    def check(self, method: str, path: str, body: Any, status: int, answer: Any) -> None:
        """One exchange; `path` without `/api/v1` and query; `body` and `answer`: JSON, or None where there is none."""
        operation = self.find(method, path)
        if operation is None:
            if status != 404:
                self.drift.append(f"{method} {path}: the API has no such operation")
            return None
        if status >= 400:
            return self._check_problem(f"{method} {path}", status, answer)
        wanted = operation.get("requestBody", {}).get("content", {}).get(JSON)
        if wanted:
            self._validate(f"{method} {path} body", wanted["schema"], body or {})
        if str(status) not in operation["responses"]:
            self.drift.append(f"{method} {path}: never answers {status}")
        elif JSON in (content := self._content(operation["responses"][str(status)])):
            self._validate(f"{method} {path} → {status}", content[JSON]["schema"], answer)
        return None

    def find(self, method: str, path: str) -> dict[str, Any] | None:
        found = next((name for pattern, name in self._paths if pattern.fullmatch(BASE + path)), "")
        operation: dict[str, Any] | None = self._document["paths"].get(found, {}).get(method.lower())
        return operation

    def _check_problem(self, where: str, status: int, answer: Any) -> None:
        """Our peers send no more of a problem than the client reads."""
        if not isinstance(answer, dict):
            return
        codes = self._document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        if answer["status"] != status or answer["code"] not in codes:
            self.drift.append(f"{where} → {status}: no problem of the API has the code {answer['code']}")

    def _content(self, response: dict[str, Any]) -> dict[str, Any]:
        content: dict[str, Any] = response.get("content", {})
        return content

    def _validate(self, where: str, schema: dict[str, Any], value: Any) -> None:
        for error in self._validator(json.dumps(schema, sort_keys=True)).iter_errors(value):
            self.drift.append(f"{where}: {error.json_path}: {error.message[:200]}")

    def _make_validator(self, schema: str) -> Draft202012Validator:
        whole = {"components": self._document["components"], "allOf": [json.loads(schema)]}
        return Draft202012Validator(whole, format_checker=FormatChecker(("uuid", "date-time")))
