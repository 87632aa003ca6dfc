"""Word files become PDF: text, rare characters and pages are right, nothing is fetched, fonts are embedded."""

import socket
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.templates.errors import WordNotSupported
from app.templates.intake import NormalisedDocument, extract_text, normalise_upload, render_page, word_support
from tests.templates import word_samples as make

WIDTH = 1080


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on loopback that nobody must call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def character_pictures(pdf: bytes, characters: str) -> list[Image.Image]:
    """What the first page shows at the places of `characters`, in black and white."""
    picture = Image.open(BytesIO(render_page(pdf, 0, width=WIDTH))).convert("L")
    page = pdfium.PdfDocument(pdf)[0]
    textpage, scale = page.get_textpage(), WIDTH / page.get_width()
    halves = characters.encode("utf-16-le")  # pdfium counts UTF-16 units; the first half finds 𠮷
    units = {int.from_bytes(halves[at : at + 2], "little") for at in range(0, len(halves), 2)} - {0xDFB7}
    pictures = []
    for index in range(textpage.count_chars()):
        if pdfium.raw.FPDFText_GetUnicode(textpage, index) in units:
            left, bottom, right, top = textpage.get_charbox(index, loose=True)
            box = (left * scale, (page.get_height() - top) * scale, right * scale, (page.get_height() - bottom) * scale)
            pictures.append(picture.crop(tuple(round(edge) for edge in box)).resize((32, 32)))  # type: ignore[arg-type]
    return pictures


def unlike(first: Image.Image, second: Image.Image) -> float:
    """Mean difference of two pictures, 0..255."""
    pairs = zip(first.tobytes(), second.tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (first.width * first.height)


def test_sample_contract_is_converted_whole(converted: NormalisedDocument) -> None:
    assert converted.source == "docx"
    assert converted.warnings == ()
    assert [(round(page.width), round(page.height)) for page in converted.pages] == [(595, 842)] * 6
    first = "\n".join(extract_text(converted.pdf)[0])
    assert "乙方（劳动者） 𠮷野家明" in first
    assert "王䶮，13900000118" in first


def test_all_fonts_are_embedded(converted: NormalisedDocument, tmp_path: Path) -> None:
    source = tmp_path / "contract.pdf"
    source.write_bytes(converted.pdf)
    listing = subprocess.run(["pdffonts", source], check=True, capture_output=True, text=True).stdout
    rows = listing.splitlines()[2:]
    assert rows
    assert all(" yes yes yes " in row for row in rows)  # embedded, subset, with a mapping to Unicode
    assert any("CJK" in row for row in rows)


def test_rare_characters_are_drawn_and_missing_ones_are_reported() -> None:
    """𠮷 and 䶮 look different from each other and from the box that a private-use character gets."""
    body = '<w:p><w:r><w:rPr><w:sz w:val="48"/></w:rPr><w:t>𠮷䶮·吉&#xE863;龚&#xE863;</w:t></w:r></w:p>'
    result = normalise_upload(make.make_docx(body), "names.docx")
    assert extract_text(result.pdf) == [["𠮷䶮·吉\ue863龚\ue863"]]
    assert [warning.code for warning in result.warnings] == ["characters_missing"]
    assert "\ue863" in result.warnings[0].text_zh
    ji, yan, dot, common_ji, box, gong, second_box = character_pictures(result.pdf, "𠮷䶮·吉\ue863龚")
    assert unlike(box, second_box) < 20
    for drawn in (ji, yan, common_ji, gong):
        assert min(drawn.tobytes()) < 100
        assert unlike(drawn, box) > 60
    assert unlike(ji, common_ji) > 8
    assert unlike(yan, gong) > 25
    assert min(dot.tobytes()) < 160


def test_links_are_dropped_and_nothing_is_fetched(listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    relations = make.relation("rId8", "hyperlink", address, external=True)
    relations += make.relation("rId9", "attachedTemplate", address, external=True)
    body = '<w:p><w:hyperlink r:id="rId8"><w:r><w:t>公司网站</w:t></w:r></w:hyperlink></w:p>'
    result = normalise_upload(make.make_docx(body, relations=relations), "contract.docx")
    assert extract_text(result.pdf) == [["公司网站"]]
    assert address.encode() not in result.pdf
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_tracked_changes_are_reported() -> None:
    body = '<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>月工资9000元</w:t></w:r></w:ins></w:p>'
    result = normalise_upload(make.make_docx(body), "contract.docx")
    assert [warning.code for warning in result.warnings] == ["tracked_changes"]


def test_old_format(tmp_path: Path) -> None:
    source = tmp_path / "old.docx"
    source.write_bytes(make.make_docx("<w:p><w:r><w:t>劳动合同 𠮷野家明</w:t></w:r></w:p>"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    shared = f"-env:UNO_SHARED_PACKAGES_CACHE={(tmp_path / 'shared').as_uri()}"
    command = ["soffice", profile, shared, "--headless", "--convert-to", "doc", "--outdir", tmp_path, source]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    result = normalise_upload((tmp_path / "old.doc").read_bytes(), "劳动合同.DOC")
    assert result.source == "doc"
    assert extract_text(result.pdf) == [["劳动合同 𠮷野家明"]]


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample_pdf: bytes) -> None:
    """The refusal says what to do, and PDF goes on working."""
    assert word_support().available
    monkeypatch.setenv("PATH", str(tmp_path))
    support = word_support()
    assert not support.available
    assert "apt install libreoffice-writer-nogui" in support.how_to_install_zh
    assert "apt install libreoffice-writer-nogui" in support.how_to_install_en
    for filename, data in (("a.docx", make.make_docx()), ("a.doc", make.ole_file("WordDocument"))):
        with pytest.raises(WordNotSupported) as refused:
            normalise_upload(data, filename)
        assert refused.value.code == "word_not_supported"
        assert "请上传 PDF" in refused.value.text_zh
    assert len(normalise_upload(sample_pdf, "contract.pdf").pages) == 6
