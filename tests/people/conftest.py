"""The world of the contracts' tests is the people's, too."""

from tests.contracts.conftest import one_page_pdf
from tests.contracts.world import world

__all__ = ["one_page_pdf", "world"]
