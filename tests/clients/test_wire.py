"""The client's peers speak the real API: no route of their own, and drift is noticed."""

import pytest

from tests.clients.peer import peer_module
from tests.clients.wire import Wire

SAMPLE = "00000000-0000-0000-0000-000000000001"


def test_every_route_of_the_peer_is_one_of_the_api(wire: Wire) -> None:
    known = {"(\\w+)": "user_agreement", "([0-9a-f-]+)": SAMPLE, "(\\d+)": "1"}
    for method, pattern, _ in peer_module().ROUTES:
        path = pattern
        for group, sample in known.items():
            path = path.replace(group, sample)
        assert wire.find(method, path), (method, pattern)


@pytest.mark.parametrize(
    ("body", "status", "answer", "words"),
    [
        ({"ids": ["1"], "more": 1}, 200, {"unread": 0}, "'more' was unexpected"),
        ({"all": True}, 200, {"unread": "0"}, "'0' is not of type 'integer'"),
        ({"all": True}, 200, {}, "'unread' is a required property"),
        ({"all": True}, 201, {"unread": 0}, "never answers 201"),
        ({"all": True}, 409, {"status": 409, "code": "made_up"}, "made_up"),
    ],
)
def test_drift_is_noticed(wire: Wire, body: object, status: int, answer: object, words: str) -> None:
    wire.drift.clear()
    wire.check("POST", "/worker/messages/read", body, status, answer)
    assert words in "\n".join(wire.drift)
