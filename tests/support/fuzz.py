"""Schemathesis over a part of the API, in this process: right and wrong data, and the promises of the specification."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

EXAMPLES = 15
CHECKS = (
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    # Not negative_data_rejection: session and key are put in after the data was made, so a wrong header never arrives.
    # That wrong bodies are refused is test_problems.py's.
    openapi_checks.unsupported_method,
)


def operations_of(web: Flask, path_regex: str) -> list[Any]:
    """All operations of these paths but DELETE: logging out would end the session that all other calls need."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", web).include(path_regex=path_regex)
    return [found.ok() for found in schema.exclude(method="DELETE").get_all_operations()]


def fuzz(
    operations: Iterable[Any], headers: dict[str, str], *, examples: int = EXAMPLES,
    prepare: Callable[[Any], None] = lambda case: None,
) -> Counter[int]:  # fmt: skip
    """Call every operation; returns how often each status came. Raises AssertionError with all broken promises.

    `prepare` may change a case before it is sent, e.g. put in what no generator guesses.
    """
    seen: Counter[int] = Counter()
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    tries = [_try(one, mode, headers, seen, examples, prepare) for one in operations for mode in modes]
    broken = [failure for failure in tries if failure]
    assert not broken, "\n\n".join(broken)
    return seen


def _try(
    operation: Any, mode: GenerationMode, headers: dict[str, str], seen: Counter[int], examples: int,
    prepare: Callable[[Any], None],
) -> str:  # fmt: skip
    """What went wrong with one operation, or nothing."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def call(case: Any) -> None:
        prepare(case)
        fresh = headers | {"Idempotency-Key": str(uuid.uuid4())}
        response = case.call(headers=fresh)
        seen[response.status_code] += 1
        case.validate_response(response, checks=list(CHECKS), headers=fresh)

    try:
        call()
    except Unsatisfiable:  # nothing can be wrong with this operation's input
        return ""
    except Exception as error:  # the report of every operation is wanted, not only the first one's
        return f"{operation.method.upper()} {operation.path} {mode}\n{error}"
    return ""
