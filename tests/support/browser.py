"""Debian's Chromium driven by Playwright: phone and desktop sizes, Chinese, no traffic of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

# The shell is the same browser without windows: it starts in half the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

# Without these Chromium talks to its maker at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def run_chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path is None:
        raise RuntimeError("Chromium is not installed: run tools/system-deps")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def keep_picture(page: Page, name: str) -> None:
    """In the folder that SCREENSHOTS names; without it tests take none."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled", caret="hide")


class SharedBrowser:
    """Started when the first test asks, until `close`; the next test that asks starts another one."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._browser: Browser | None = None

    def get(self) -> Browser:
        if self._browser is not None and not self._browser.is_connected():  # it crashed
            self.close()
        if self._browser is None:
            self._browser = self._running.enter_context(run_chromium())
        return self._browser

    def close(self) -> None:
        self._browser = None
        self._running.close()
