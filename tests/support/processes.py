"""Servers that tests start: they end with the test process, however that ends."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.supervisor.place import ROOT

Process = subprocess.Popen[bytes]


def start_server(
    command: Sequence[object],
    log: Path,
    *,
    user: str = "",
    end: str = "TERM",
    environment: Mapping[str, str] = os.environ,
) -> Process:
    """Start `command` with its output in `log`. The kernel sends it `end` should this process be killed.

    As root it runs as `user`, when one is given: PostgreSQL refuses to be root.
    """
    drop = ["--reuid", user, "--regid", user, "--clear-groups"] if user and os.geteuid() == 0 else []
    with log.open("wb") as output:
        return subprocess.Popen(
            ["setpriv", *drop, "--pdeathsig", end, "--", *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",  # which every user may enter
            env={**environment, "PYTHONPATH": str(ROOT)},
        )
