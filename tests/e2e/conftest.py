"""Browser stories: one product, one employer and one Chromium for all of them, a new worker for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.journey import Someone
from tests.e2e.handset import Handset
from tests.e2e.office import Office
from tests.support.browser import DESKTOP, PHONE
from tests.support.product import Product, run_product

# People of a story write to each other faster than people do.
SETTINGS = {
    "READING_SECONDS_PER_PAGE": "1",
    "SMS_INTERVAL_SECONDS": "0",
    "SMS_PER_IP_HOUR": "100000",
    "SMS_PER_PHONE_HOUR": "1000",
    "SMS_PER_PHONE_DAY": "1000",
    "SMS_OWN_PER_HOUR": "1000",
    "SMS_OWN_PER_DAY": "1000",
    "RATE_LIMIT_PUBLIC": "100000 per minute",
}


@pytest.fixture(scope="session")
def product(scratch: Path) -> Iterator[Product]:
    with run_product(scratch / "e2e", **SETTINGS) as running:
        yield running


@pytest.fixture(scope="session")
def office(product: Product, scratch: Path) -> Office:
    return Office.open(product, scratch)


NewHandset = Callable[[Someone], Handset]
Restart = Callable[[Handset], Handset]


@dataclass
class _Shelf:
    """All phones of one test, and what opens another one."""

    chromium: Browser
    office: Office
    phones: list[Handset] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self) -> Page:
        context = self.chromium.new_context(
            viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2, locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )  # fmt: skip
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        return context.new_page()

    def open_desk(self) -> Page:
        context = self.chromium.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        return context.new_page()

    def give(self, who: Someone, page: Page) -> Handset:
        self.phones.append(Handset(page, self.office.product.url, self.office.sandbox, who))
        return self.phones[-1]


@pytest.fixture
def shelf(chromium: Browser, office: Office) -> Iterator[_Shelf]:
    """At the end no phone may have complained: no console error, no CSP violation, no request to another host."""
    shelf = _Shelf(chromium, office)
    yield shelf
    for context in shelf.contexts:
        context.close()
    assert [complaint for phone in shelf.phones for complaint in phone.complaints] == []


@pytest.fixture
def handset(shelf: _Shelf, phone: Page) -> NewHandset:
    """Call it with a worker: their phone, 390×844. Called again, it gives another phone."""
    return lambda who: shelf.give(who, shelf.open() if shelf.phones else phone)


@pytest.fixture
def desk(shelf: _Shelf) -> NewHandset:
    """Call it with a worker: their PC, 1440×900, with the same client."""
    return lambda who: shelf.give(who, shelf.open_desk())


@pytest.fixture
def restart(shelf: _Shelf) -> Restart:
    """The tab was killed and opened again: cookies, storage and address are there, the page's memory is not."""

    def open_again(phone: Handset) -> Handset:
        address, context = phone.page.url, phone.page.context
        phone.page.close()
        again = shelf.give(phone.who, context.new_page())
        again.page.goto(address)
        return again

    return open_again
