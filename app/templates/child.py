"""The only process that opens uploaded bytes: `python -m app.templates.child <operation> <limits>`.

Reads one message from standard input, writes one to standard output (`wire.py`), lives for one upload.
Whatever goes wrong inside becomes a refusal: nothing a file does can be an internal error.
"""

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from app.templates import wire
from app.templates.errors import DocumentRefused, FileDamaged, FileTooComplex
from app.templates.lockdown import Limits, forbid_side_effects, restrict

Operation = Callable[[dict[str, Any], bytes], wire.Message]

# A child loads only the parser that its operation needs: half the start-up time, and less to attack.
_OPERATIONS = {
    "normalise": "app.templates.pdf_normalise",
    "render": "app.templates.pdf_render",
    "text": "app.templates.pdf_text",
    "clean_docx": "app.templates.docx_clean",
    "image": "app.templates.picture_clean",
}


def run(operation: Operation, request: bytes) -> bytes:
    """Return the packed answer of `operation`, or the packed refusal."""
    try:
        arguments, blobs = wire.unpack(request)
        return wire.pack(*operation(arguments, blobs[0]))
    except DocumentRefused as error:
        return refusal(error)
    except (MemoryError, RecursionError):
        return refusal(FileTooComplex())
    except Exception:  # a parser may raise anything; its words may quote the document and are dropped
        return refusal(FileDamaged())


def refusal(error: DocumentRefused) -> bytes:
    return wire.pack({"error": error.code, "details": error.details})


def main() -> None:
    restrict(Limits(**json.loads(sys.argv[2])))
    operation: Operation = importlib.import_module(_OPERATIONS[sys.argv[1]]).operate
    forbid_side_effects()
    answer = run(operation, sys.stdin.buffer.read())
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
