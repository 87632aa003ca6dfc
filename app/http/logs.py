"""structlog as JSON lines on standard output. Names of fields are chosen; texts of people never get in (T-25)."""

import logging
import re
import sys
from typing import Any

import structlog

# A second net under careful code: whatever looks like a phone, an ID number or a token is cut out.
_PRIVATE = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)|\b[A-Za-z0-9_-]{43}\b")

# They warn of every odd file and font; whether a document is accepted is decided and said by us.
_TALKATIVE = ("pyhanko", "pyhanko_certvalidator", "fontTools")


def configure_logging(level: str) -> None:
    """For this process: our own events and the libraries' warnings, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _scrub,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(message)s", force=True)
    logging.getLogger().handlers[0].setFormatter(_LibraryFormatter())
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.ERROR)


class _LibraryFormatter(logging.Formatter):
    """Libraries' records: who and what kind, without arguments or tracebacks of unknown content."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        event = {"level": record.levelname.lower(), "event": "library", "logger": record.name, "error": kind}
        text = structlog.processors.JSONRenderer()(None, "", {**event, "message": scrub(str(record.msg))[:200]})
        return text if isinstance(text, str) else text.decode()


def scrub(text: str) -> str:
    return _PRIVATE.sub("***", text)


def _scrub(_logger: Any, _name: str, event: Any) -> Any:
    """JSON values only one level deep are ours; strings and lists of strings are searched."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = scrub(value)
        elif isinstance(value, list):
            event[name] = [scrub(item) if isinstance(item, str) else item for item in value]
    return event
