"""A phone with the H5 client, against the client's own test peer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.clients.hand import Hand
from tests.clients.peer import Peer, run_peer


@pytest.fixture(scope="session")
def running_peer() -> Iterator[Peer]:
    with run_peer() as peer:
        yield peer


@pytest.fixture
def peer(running_peer: Peer) -> Peer:
    running_peer.reset()
    return running_peer


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
