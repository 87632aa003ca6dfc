"""Every code that the console may show has words in both languages."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.console.words import PARTY_TEXTS, timeline_text
from app.contracts.trail import SHOWN
from app.worker_api.contracts import TIMELINE_TEXTS
from tests.contracts.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_everything_on_the_timeline_has_words(world: World, console: Flask) -> None:
    with console.test_request_context():
        for action in SHOWN:
            assert action in TIMELINE_TEXTS
            for party in PARTY_TEXTS.get(action, {"": ""}):
                words = {timeline_text(action, party)}
                with force_locale("en"):
                    words.add(timeline_text(action, party))
                assert len(words) == 2, action
