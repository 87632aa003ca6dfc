"""The world of the contracts' tests is the people's, too."""

from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import world

__all__ = ["one_page_pdf", "parse_in_this_process", "world"]
