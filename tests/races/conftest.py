"""The world of tests/contracts, for tests that disturb it."""

from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import world
from tests.races.crashing import crashes
from tests.races.pictures import one_picture_for_all

__all__ = ["crashes", "one_page_pdf", "one_picture_for_all", "parse_in_this_process", "world"]
