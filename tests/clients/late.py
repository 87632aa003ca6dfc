"""A slow network: an answer that comes when the test says so."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, Request, Route

# As when one comes back from the SMS app.
COME_BACK = """() => {
    for (const state of ["hidden", "visible"]) {
        Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state })
        document.dispatchEvent(new Event("visibilitychange"))
    }
}"""
A_MOMENT = "() => new Promise(done => setTimeout(done, 300))"


@dataclass
class Late:
    """Holds the next such request back. `address`: how its URL ends, as a pattern."""

    page: Page
    method: str
    address: str
    held: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route(re.compile(f"{self.address}$"), self._hold)

    def _hold(self, route: Route) -> None:
        if self._is_meant(route.request) and not self.held:
            self.held.append(route)
        else:
            route.continue_()

    def _is_meant(self, request: Request) -> bool:
        return request.method == self.method and bool(re.search(f"{self.address}$", request.url))

    def asked_by(self, act: Callable[[], object]) -> None:
        with self.page.expect_request(self._is_meant):
            act()

    def arrive(self) -> None:
        """The answer is there, and the page had the time to do what it does with it."""
        with self.page.expect_response(lambda answer: self._is_meant(answer.request)):
            self.held[0].continue_()
        self.page.evaluate(A_MOMENT)

    def refused(self, status: int, code: str) -> None:
        """The same with a refusal."""
        problem = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": code}
        with self.page.expect_response(lambda answer: self._is_meant(answer.request)):
            self.held[0].fulfill(status=status, content_type="application/problem+json", body=json.dumps(problem))
        self.page.evaluate(A_MOMENT)
