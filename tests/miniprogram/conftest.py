"""Control over the sandbox, as the adapters' tests have it."""

from tests.adapters.conftest import control, line

__all__ = ["control", "line"]
