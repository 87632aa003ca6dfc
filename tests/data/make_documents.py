"""Makes the sample contract: `python tests/data/make_documents.py` writes labour_contract.docx and .pdf.

The PDF comes out of the product's own Word conversion, so LibreOffice is needed to make it again.
"""

import sys
import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import contract_text as text  # noqa: E402  (found through the path above)

from app.templates.intake import normalise_upload  # noqa: E402

DOCX, PDF = HERE / "labour_contract.docx", HERE / "labour_contract.pdf"
SONG, HEI = "宋体", "黑体"


def write(paragraph: Paragraph, words: str, *, font: str = SONG, size: float = 12, bold: bool = False) -> Run:
    """Append a run in a Chinese font; `size` in points."""
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.font.bold = "Times New Roman", Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return run


def add_text(document: DocumentType, words: str, *, indent: bool = True) -> None:
    """A body paragraph: 小四, first line indented by two characters, lines 20 points apart."""
    paragraph = document.add_paragraph()
    style = paragraph.paragraph_format
    style.line_spacing, style.space_after = Pt(20), Pt(2)
    style.first_line_indent = Pt(24) if indent else None
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    write(paragraph, words)


def add_heading(document: DocumentType, words: str, *, size: float = 14, centred: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.keep_with_next = True
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(paragraph, words, font=HEI, size=size, bold=True)


def add_table(document: DocumentType, rows: list[tuple[str, ...]], widths: list[float]) -> None:
    """A ruled table; `widths` in centimetres."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for values in rows:
        cells = table.add_row().cells
        for cell, value, width in zip(cells, values, widths, strict=True):
            cell.width = Cm(width)
            write(cell.paragraphs[0], value, size=11)
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(20)
    document.add_paragraph()


def add_page_number(document: DocumentType) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = write(paragraph, "", size=9)
    for kind, instruction in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = instruction
        run._element.append(element)


def make_docx() -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.3)
    document.core_properties.author, document.core_properties.title = text.EMPLOYER, text.TITLE
    add_page_number(document)
    add_heading(document, text.TITLE, size=22, centred=True)
    add_text(document, text.NUMBER, indent=False)
    add_table(document, text.EMPLOYER_TABLE, [4.4, 11.0])
    add_table(document, text.WORKER_TABLE, [4.4, 11.0])
    add_text(document, text.PREAMBLE)
    for heading, clauses in text.CHAPTERS:
        add_heading(document, heading)
        for clause in clauses:
            add_text(document, clause)
    add_annex(document)
    add_signature_page(document)
    return document


def add_annex(document: DocumentType) -> None:
    add_heading(document, text.ANNEX_TITLE)
    add_table(document, text.ANNEX_TABLE, [3.6, 8.0, 3.8])
    for clause in text.ANNEX_TEXT:
        add_text(document, clause)


def add_signature_page(document: DocumentType) -> None:
    document.add_page_break()
    add_heading(document, text.SIGNATURE_TITLE, size=18, centred=True)
    add_text(document, text.SIGNATURE_STATEMENT)
    for lines in text.SIGNATURE_BLOCKS:
        document.add_paragraph()
        for line in lines:
            add_text(document, line, indent=False)
            document.add_paragraph()


def packed(document: DocumentType) -> bytes:
    """The file as bytes that are the same every time: entries carry no date of today."""
    first, second = BytesIO(), BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return second.getvalue()


def main() -> None:
    DOCX.write_bytes(packed(make_docx()))
    result = normalise_upload(DOCX.read_bytes(), DOCX.name)
    PDF.write_bytes(result.pdf)
    sys.stdout.write(f"{len(result.pdf)} bytes, {len(result.pages)} pages, {len(result.warnings)} warnings\n")


if __name__ == "__main__":
    main()
