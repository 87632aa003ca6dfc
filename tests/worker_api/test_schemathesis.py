"""Schemathesis over the worker's API, H5 links and callbacks, in this process, with a session (Z-01)."""

import uuid
from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from tests.contracts.world import World
from tests.factories import verified_worker

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
PATHS = r"^/api/v1/(worker|h5|callbacks|help)"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_no_input_breaks_a_promise_of_the_specification(world: World, web: Flask) -> None:
    """Every operation is called with right and wrong data; what comes back is what was documented."""
    _, worker, _contract = world.confirmed()
    headers = {"Authorization": f"Bearer {worker.token}", "Idempotency-Key": ""}
    assert verified_worker().actor.person_id != worker.actor.person_id
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", web).include(path_regex=PATHS)
    # Logging out would end the session that all other calls need; test_session.py does it.
    operations = [found.ok() for found in schema.exclude(method="DELETE").get_all_operations()]
    assert len(operations) > 30
    seen: Counter[int] = Counter()
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    tries = [_try(operation, mode, headers, seen) for operation in operations for mode in modes]
    broken = [failure for failure in tries if failure]
    assert not broken, "\n\n".join(broken)
    assert seen[200] + seen[201] > 100, "nearly nothing was accepted: the calls prove little"
    assert seen[422] + seen[404] > 100
    assert seen[401] == 0, seen


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str], seen: Counter[int]) -> str:
    """What went wrong with one operation, or nothing. `seen` counts the statuses."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def call(case: Any) -> None:
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
