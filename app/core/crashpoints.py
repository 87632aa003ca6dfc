"""Named points at which a test lets a process die, to prove that what was promised survives a kill -9.

Nothing happens unless GONGYUE_ENV is "test" and GONGYUE_CRASH_AT names a file; a production start refuses
that variable. Whoever writes the name of a point into the file kills the next process that reaches it.
"""

import os
from pathlib import Path


def reached(name: str) -> None:
    """Die like a power cut when a test armed this point: no clean-up, no flush, exit code 137. Disarms it first."""
    if os.environ.get("GONGYUE_ENV") != "test" or not (armed := os.environ.get("GONGYUE_CRASH_AT")):
        return
    try:
        if Path(armed).read_text(encoding="ascii") != name:
            return
        os.unlink(armed)  # of several that come here at once, one dies
    except FileNotFoundError:
        return
    os._exit(137)
