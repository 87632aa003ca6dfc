"""A contract's stored documents: PDF revisions, page pictures, text. Bytes outside, rows inside transactions."""

import io
import json
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.errors import ContractNotFound, NotDownloadableYet
from app.contracts.lifecycle import Status
from app.contracts.models import Contract, PageImage, PartyKind
from app.contracts.queries import check_reader, load_contract
from app.contracts.trail import note_download
from app.core.actor import Actor
from app.core.db import insert_if_absent, reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.storage.ports import BlobStore
from app.storage.service import forget_files, organisation_scope, read_file, record_file, write_file
from app.templates.intake import extract_text, image_type, render_pages

PDF = "application/pdf"
PAGE_WIDTH = 1080
MOST_IN_ARCHIVE = 50


@dataclass(frozen=True, slots=True)
class Image:
    """A page picture: its bytes' hash, size and media type."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A PDF whose bytes, pictures and text are stored durably and wait to be named by rows."""

    sha256: str
    size: int
    images: tuple[Image, ...]
    text_sha256: str
    text_size: int


def write_document(blobs: BlobStore, scope: str, pdf: bytes) -> WrittenDocument:
    """Store a PDF with its page pictures (1080 px wide) and its text. Not inside a transaction."""
    images = tuple(_write_image(blobs, scope, picture) for picture in render_pages(pdf, width=PAGE_WIDTH))
    text = json.dumps(extract_text(pdf), ensure_ascii=False).encode()
    return WrittenDocument(
        sha256=write_file(blobs, scope=scope, data=pdf), size=len(pdf), images=images,
        text_sha256=write_file(blobs, scope=scope, data=text), text_size=len(text),
    )  # fmt: skip


def _write_image(blobs: BlobStore, scope: str, picture: bytes) -> Image:
    return Image(write_file(blobs, scope=scope, data=picture), len(picture), image_type(picture))


def record_document(session: Session, contract: Contract, written: WrittenDocument) -> None:
    """Name what `write_document` stored."""
    scope = organisation_scope(contract.organisation_id)
    record_file(session, scope=scope, sha256=written.sha256, size=written.size, media_type=PDF)
    record_file(session, scope=scope, sha256=written.text_sha256, size=written.text_size, media_type="application/json")
    record_images(session, contract.id, scope, written.sha256, written.images)


def record_images(
    session: Session, contract_id: uuid.UUID, scope: str, pdf_sha256: str, images: tuple[Image, ...]
) -> None:
    for page, image in enumerate(images, start=1):
        record_file(session, scope=scope, sha256=image.sha256, size=image.size, media_type=image.media_type)
        insert_if_absent(
            session, PageImage, id=new_id(), contract_id=contract_id, pdf_sha256=pdf_sha256, page=page,
            image_sha256=image.sha256, media_type=image.media_type,
        )  # fmt: skip


def shown_pdf(contract: Contract) -> str:
    """Hash of the PDF whose pages people see now: the draft, the frozen content, or the latest revision."""
    return contract.revision_sha256 or contract.draft_sha256


def read_page_image(*, actor: Actor, contract_id: uuid.UUID, page: int, blobs: BlobStore) -> tuple[bytes, str]:
    """A page picture of what is stored, and its media type. Raises ContractNotFound for a page that isn't there."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        row = _find_image(session, contract, page)
    if not 1 <= page <= len(contract.pages):
        raise ContractNotFound
    if row is None:
        _render_revision(contract, blobs)
        with reading() as session:
            row = _find_image(session, contract, page)
    if row is None:
        raise ContractNotFound
    scope = organisation_scope(contract.organisation_id)
    return read_file(blobs, scope=scope, sha256=row.image_sha256), row.media_type


def _find_image(session: Session, contract: Contract, page: int) -> PageImage | None:
    statement = select(PageImage).where(
        PageImage.contract_id == contract.id, PageImage.pdf_sha256 == shown_pdf(contract), PageImage.page == page
    )
    return session.scalar(statement)


def _render_revision(contract: Contract, blobs: BlobStore) -> None:
    """Pictures of a signed revision are made when somebody first looks; the PDF is the document."""
    scope, sha256 = organisation_scope(contract.organisation_id), shown_pdf(contract)
    pdf = read_file(blobs, scope=scope, sha256=sha256)
    images = tuple(_write_image(blobs, scope, picture) for picture in render_pages(pdf, width=PAGE_WIDTH))
    with transaction() as session:
        record_images(session, contract.id, scope, sha256, images)


def read_text(*, actor: Actor, contract_id: uuid.UUID, blobs: BlobStore) -> tuple[Contract, list[list[str]]]:
    """The text of the same content, page by page, for reading in large print."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
    stored = read_file(blobs, scope=organisation_scope(contract.organisation_id), sha256=contract.text_sha256)
    pages: list[list[str]] = json.loads(stored)
    return contract, pages


def read_signed_file(*, actor: Actor, contract_id: uuid.UUID, blobs: BlobStore) -> tuple[Contract, bytes]:
    """The completed PDF, checked and noted as taken (H10). Raises NotDownloadableYet, FileDamaged."""
    contract, pdf = _read_signed(actor, contract_id, blobs)
    note_download(actor=actor, contract=contract)
    return contract, pdf


def _read_signed(actor: Actor, contract_id: uuid.UUID, blobs: BlobStore) -> tuple[Contract, bytes]:
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
    if contract.status != Status.COMPLETED or contract.revision_sha256 is None:
        raise NotDownloadableYet
    scope = organisation_scope(contract.organisation_id)
    return contract, read_file(blobs, scope=scope, sha256=contract.revision_sha256)


def read_signed_archive(*, actor: Actor, contract_ids: Sequence[uuid.UUID], blobs: BlobStore) -> bytes:
    """Completed contracts as one zip, `NUMBER 姓名.pdf` each (H10). All or nothing.

    Raises InvalidInput for none or more than MOST_IN_ARCHIVE, and what `read_signed_file` raises.
    """
    wanted = list(dict.fromkeys(contract_ids))
    if not 1 <= len(wanted) <= MOST_IN_ARCHIVE:
        raise InvalidInput(fields={"ids": [f"请选择 1 至 {MOST_IN_ARCHIVE} 份已完成的合同。"]})
    output, packed = io.BytesIO(), []
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for contract_id in wanted:
            contract, pdf = _read_signed(actor, contract_id, blobs)
            name = contract.party_of_kind(PartyKind.WORKER).name.replace("/", "")
            archive.writestr(f"{contract.number} {name}.pdf", pdf)
            packed.append(contract)
    for contract in packed:
        note_download(actor=actor, contract=contract)
    return output.getvalue()


def stored_files(session: Session, contract: Contract) -> set[str]:
    """Hashes of everything that is stored for a contract: PDF, text, page pictures."""
    images = session.scalars(select(PageImage.image_sha256).where(PageImage.contract_id == contract.id))
    named = {contract.draft_sha256, contract.text_sha256, contract.content_sha256, contract.revision_sha256}
    return {sha256 for sha256 in named if sha256} | set(images)


def forget_unused(session: Session, organisation_id: uuid.UUID, files: set[str]) -> None:
    """Forget files that no contract names any more; the orphan sweep deletes their bytes within two days."""
    columns = (Contract.draft_sha256, Contract.text_sha256, Contract.content_sha256, Contract.revision_sha256)
    used: set[str] = set(session.scalars(select(PageImage.image_sha256).where(PageImage.image_sha256.in_(files))))
    for column in columns:
        used |= {sha256 for sha256 in session.scalars(select(column).where(column.in_(files))) if sha256}
    forget_files(session, scope=organisation_scope(organisation_id), files=files - used)
