"""A phone with the H5 client, against the client's own test peer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.clients.hand import Hand
from tests.clients.peer import Peer, run_peer
from tests.clients.wire import Wire
from tests.support.web import make_app


@pytest.fixture(scope="session")
def wire(scratch: Path) -> Wire:
    document = make_app(scratch).test_client().get("/api/openapi.json").get_json()
    return Wire(document)


@pytest.fixture(scope="session")
def running_peer(wire: Wire) -> Iterator[Peer]:
    with run_peer(wire.check) as peer:
        yield peer


@pytest.fixture
def peer(running_peer: Peer, wire: Wire) -> Iterator[Peer]:
    """Fails the test when client or peer said what the real API would not."""
    running_peer.reset()
    wire.drift.clear()
    yield running_peer
    assert wire.drift == []


@pytest.fixture
def hand(phone: Page, peer: Peer) -> Iterator[Hand]:
    """Fails the test for any script error, browser dialog, or request to another host."""
    holder = Hand(phone, peer.url)
    yield holder
    assert holder.troubles == []


@pytest.fixture
def member(hand: Hand, peer: Peer) -> Hand:
    """Logged in and verified."""
    peer.set(login=1, verified=1)
    hand.page.context.add_cookies([{"name": "sid", "value": "1", "url": peer.url}])
    return hand
