"""What libraries may say in our log (T-25)."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.http.logs import configure_logging


@pytest.fixture(autouse=True)
def keep_logging() -> Iterator[None]:
    """What this process was told before: `force=True` would close the handlers of the test run."""
    root, told = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    yield
    structlog.configure(**told)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("name", ["pyhanko.pdf_utils.reader", "pyhanko_certvalidator.validate", "fontTools.subset"])
def test_libraries_that_warn_of_every_file_are_heard_when_something_fails(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("DEBUG")
    logging.getLogger(name).warning("odd")
    logging.getLogger("another.library").warning("heard")
    logging.getLogger(name).error("broken")
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["logger"], one["message"]) for one in said] == [("another.library", "heard"), (name, "broken")]
