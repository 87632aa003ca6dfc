"""Ports of the loopback interface that nobody uses."""

import socket


def free_port() -> int:
    """A port that was free a moment ago; the kernel doesn't hand it out again soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
