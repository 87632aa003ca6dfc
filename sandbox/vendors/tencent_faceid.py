"""Tencent faceid, version 2018-03-01: what its calls have in common."""

from typing import Any

from sandbox.context import Context
from sandbox.vendors.tencent import ApiError

VENDOR = "tencent-faceid"


def required(body: dict[str, Any], *names: str) -> list[str]:
    """These parameters as texts, in order. Raises ApiError MissingParameter."""
    for name in names:
        if not isinstance(body.get(name), str):
            raise ApiError("MissingParameter", f"The request is missing a required parameter: {name}.")
    return [body[name] for name in names]


def limit(context: Context) -> None:
    """Refuse when a fault says so. Raises ApiError RequestLimitExceeded."""
    if context.faults.take(VENDOR, "rate_limit"):
        raise ApiError("RequestLimitExceeded", "The number of requests exceeds the frequency limit.")
