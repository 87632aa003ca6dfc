"""The sample contract, and its conversion done once."""

from pathlib import Path

import pytest

from app.templates.intake import NormalisedDocument, normalise_upload

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="session")
def sample_pdf() -> bytes:
    return (DATA / "labour_contract.pdf").read_bytes()


@pytest.fixture(scope="session")
def sample_docx() -> bytes:
    return (DATA / "labour_contract.docx").read_bytes()


@pytest.fixture(scope="session")
def converted(sample_docx: bytes) -> NormalisedDocument:
    """The sample .docx after LibreOffice and normalisation."""
    return normalise_upload(sample_docx, "劳动合同.docx")
