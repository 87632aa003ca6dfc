"""Paragraphs for the large-print version: whole, in order, and only what can be seen."""

import pytest

from app.templates.intake import extract_text
from tests.data import contract_text
from tests.templates.pdf_samples import make_pdf

CLAUSES = [clause for _, clauses in contract_text.CHAPTERS for clause in clauses]


@pytest.fixture(scope="module")
def pages(sample_pdf: bytes) -> list[list[str]]:
    return extract_text(sample_pdf)


def test_every_clause_is_whole(pages: list[list[str]]) -> None:
    """Each one is one paragraph, but for those that a page break divides."""
    assert len(pages) == 6
    paragraphs = [paragraph for page in pages for paragraph in page]
    divided = [clause for clause in CLAUSES if clause not in paragraphs]
    assert len(divided) <= 5
    everything = "".join(paragraphs)
    for clause in CLAUSES:
        assert clause in everything
    for heading, _ in contract_text.CHAPTERS:
        assert heading in paragraphs


def test_paragraphs_are_in_order(pages: list[list[str]]) -> None:
    everything = "".join(paragraph for page in pages for paragraph in page)
    places = [everything.index(clause) for clause in CLAUSES]
    assert places == sorted(places)


def test_table_rows_stay_rows(pages: list[list[str]]) -> None:
    for name, value in contract_text.EMPLOYER_TABLE + contract_text.WORKER_TABLE:
        assert f"{name} {value}" in pages[0]


def test_page_numbers_are_left_out(pages: list[list[str]]) -> None:
    assert not [paragraph for page in pages for paragraph in page if paragraph.strip().isdigit()]


def test_latin_words_keep_their_blanks() -> None:
    content = b"BT /F1 12 Tf 80 700 Td (The monthly salary is agreed to be 12800.00 yuan before any tax that is) Tj "
    content += b"0 -16 Td (due by law.) Tj ET"
    (page,) = extract_text(make_pdf(content=content))
    assert page == ["The monthly salary is agreed to be 12800.00 yuan before any tax that is due by law."]


def test_text_that_cannot_be_seen_is_left_out() -> None:
    """Invisible or beyond the edge: the worker must not read what the page does not show (T-13)."""
    content = b"BT /F1 12 Tf 80 700 Td (Salary 9000) Tj 3 Tr 0 -20 Td (Salary 100) Tj 0 Tr 2000 0 Td (Salary 200) Tj ET"
    assert extract_text(make_pdf(content=content)) == [["Salary 9000"]]


def test_a_page_without_text_has_no_paragraphs() -> None:
    assert extract_text(make_pdf(content=b"0 g 9 9 9 9 re f", pages=2)) == [[], []]
