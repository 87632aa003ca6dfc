"""A small contract to work with, and the world in which it lives."""

import importlib
import io
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pikepdf
import pytest

from app.templates import child, intake, isolation, wire
from tests.contracts.world import world

__all__ = ["world"]


@pytest.fixture(scope="session")
def one_page_pdf() -> bytes:
    """One A4 page: checking and drawing it is quick."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595.276, 841.89))
        content = b"1 0 0 RG 60 700 400 60 re S 0 0 0 rg 60 640 300 12 re f"
        pdf.pages[0].Contents = pdf.make_stream(content)
        output = io.BytesIO()
        pdf.save(output)
    return output.getvalue()


@lru_cache(maxsize=64)
def _operate(operation: str, question: bytes) -> bytes:
    """The same upload is asked about in hundreds of tests, and answered alike."""
    return child.run(importlib.import_module(child._OPERATIONS[operation]).operate, question)


@pytest.fixture(autouse=True)
def parse_in_this_process() -> Iterator[None]:
    """The intake's own operations without the process around them: that wall is tested in tests/templates."""
    one_at_a_time = threading.Lock()  # PDFium is not thread-safe

    def call(operation: str, data: bytes, **arguments: Any) -> wire.Message:
        with one_at_a_time:
            return isolation._read_answer(0, _operate(operation, wire.pack(arguments, [data])))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "call_child", call)
        yield
