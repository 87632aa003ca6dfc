"""All children together: one loop in one thread that reads, buries, restarts and finally ends them."""

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from app.supervisor.child import Child

GRACE = 8.0
_TICK = 0.05
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, a closed terminal)."""


class ChildFailed(Exception):
    """A child ended, or took too long, before everything was ready."""

    def __init__(self, child: Child) -> None:
        self.child = child
        super().__init__(child.name)


class Family:
    """Keeps `services` alive; runs `tasks` once. `tell(text)` says something to the person at the terminal."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._services: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._ready = False
        self._stops = 0
        self.on_change: Callable[[], None] = lambda: None
        self._listen_to_signals()

    def _listen_to_signals(self) -> None:
        self._wake, wakeup = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        self._selector.register(self._wake, selectors.EVENT_READ)
        for number in _STOP_SIGNALS:
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # only to wake the loop

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._stops += 1

    @property
    def services(self) -> list[Child]:
        return list(self._services)

    def add(self, child: Child) -> Child:
        """Start a service."""
        self._services.append(child)
        self._start(child)
        return child

    def run(self, task: Child, timeout: float) -> str:
        """Run a command to its end and return what it printed. Raises ChildFailed, Stopped."""
        self._start(task)
        try:
            self.wait_until(lambda: self._has_ended(task), timeout, task)
        finally:
            task.kill()
        if task.exit_code != 0:
            raise ChildFailed(task)
        return task.log.tail()

    def wait_until(self, fact: Callable[[], bool], timeout: float, waiting_for: Child) -> None:
        """Turn the loop until `fact()`. Raises ChildFailed naming `waiting_for` when it takes too long, Stopped."""
        deadline = time.monotonic() + timeout
        while not fact():
            if time.monotonic() > deadline:
                raise ChildFailed(waiting_for)
            again = time.monotonic() + _TICK  # a talkative child must not make us ask more often
            while (rest := again - time.monotonic()) > 0:
                self.turn(rest)

    def forever(self) -> NoReturn:
        """Keep everything alive until Stopped."""
        self._ready = True
        while True:
            self.turn(1.0)

    def turn(self, timeout: float) -> None:
        """One round: read outputs, notice deaths, restart what is due. Raises Stopped, ChildFailed."""
        self._read(timeout)
        if self._stops:
            raise Stopped
        for child in self._services:
            if self._has_ended(child):
                self._on_death(child)
            elif child.due is not None and time.monotonic() >= child.due:
                self._start(child)
                self.on_change()

    def _on_death(self, child: Child) -> None:
        if not self._ready:
            raise ChildFailed(child)
        delay = child.schedule()
        self._tell(
            f"{child.name} 意外退出（{child.exit_code}），{delay:g} 秒后重启；日志 {child.log.path}\n"
            f"{child.name} ended unexpectedly ({child.exit_code}); restarting in {delay:g} s"
        )

    def _start(self, child: Child) -> None:
        child.start()
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _has_ended(self, child: Child) -> bool:
        if not child.is_running:
            return False
        output = child.output
        if not child.has_ended():
            return False
        with contextlib.suppress(KeyError):  # read to its end already
            self._selector.unregister(output)
        return True

    def _read(self, timeout: float) -> None:
        for key, _ in self._selector.select(self._patience(timeout)):
            child: Child | None = key.data
            if child is None:
                os.read(self._wake, 4096)
            elif not child.read():
                self._selector.unregister(key.fd)

    def _patience(self, timeout: float) -> float:
        due = [child.due - time.monotonic() for child in self._services if child.due is not None]
        return max(0.0, min([timeout, *due]))

    def stop(self, last: Child | None = None) -> None:
        """End all politely, `last` after the others; after GRACE seconds or a second Ctrl-C, by force."""
        asked = self._stops
        deadline = time.monotonic() + GRACE
        first = [child for child in self._services if child is not last]
        for group in (first, [last] if last else []):
            for child in group:
                child.terminate()
            while any(child.is_running for child in group) and time.monotonic() < deadline and self._stops == asked:
                self._read(_TICK)
                for child in group:
                    self._has_ended(child)
            for child in group:
                child.kill()
