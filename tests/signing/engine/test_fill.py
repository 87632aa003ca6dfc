"""Freezing: what survives, where fields lie, the footer and its font."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from app.core import font
from app.signing.fill import BadLayout, FieldBox, prepare
from tests.signing.engine.world import BOXES, PAY, plain_pdf

CONTRACT = Path("tests/data/labour_contract.pdf")


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def page_text(pdf: bytes, page: int) -> str:
    return str(pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range())


def test_footer_is_drawn_and_can_be_copied_with_rare_characters() -> None:
    pdf = prepare(CONTRACT.read_bytes(), BOXES, "合同编号 GY20261120-0001 𠮷䶮·")
    count = len(opened(pdf).pages)
    for page in range(count):
        assert f"合同编号 GY20261120-0001 𠮷䶮· · 第 {page + 1} 页，共 {count} 页" in page_text(pdf, page)


def test_footer_text_of_the_page_itself_is_untouched() -> None:
    source = CONTRACT.read_bytes()
    frozen = prepare(source, BOXES, "合同编号 1")
    for page in range(len(opened(source).pages)):
        assert page_text(source, page).strip() in page_text(frozen, page)


def test_one_font_subset_per_document() -> None:
    pdf = opened(prepare(plain_pdf(12), BOXES, "合同编号 GY1"))
    fonts = [page.obj.Resources.Font["/GongyueFooter"] for page in pdf.pages]
    assert len({one.objgen for one in fonts}) == 1
    assert len(fonts[0].DescendantFonts[0].FontDescriptor.FontFile3.read_bytes()) < 20_000


def test_without_footer_pages_keep_their_content() -> None:
    pdf = opened(prepare(plain_pdf(), BOXES, None))
    assert [page.obj.Contents.read_bytes() for page in pdf.pages] == [PAY, PAY]


def test_all_fields_exist_in_signing_order_and_the_last_is_locked() -> None:
    pdf = opened(prepare(plain_pdf(), BOXES, None))
    form = pdf.Root.AcroForm
    assert [str(field.T) for field in form.Fields] == ["worker", "employer"]
    assert all(field.FT == "/Sig" and "/V" not in field and field.F == 132 for field in form.Fields)
    assert "/Lock" not in form.Fields[0]
    assert form.Fields[1].Lock.Action == "/All"
    assert form.Fields[1].Lock.P == 1
    assert form.SigFlags == 3


def test_equal_input_gives_equal_bytes_in_one_revision() -> None:
    first, second = (prepare(CONTRACT.read_bytes(), BOXES, "合同编号 1") for _ in range(2))
    assert first == second
    assert first.count(b"%%EOF") == 1


def test_nothing_active_survives() -> None:
    source = opened(plain_pdf())
    page = source.pages[0]
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    source.Root.OpenAction = action
    source.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", action])))
    source.Root.Metadata = source.make_stream(b"<x/>")
    page.obj.AA = pikepdf.Dictionary(O=action)
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=action
    )
    page.obj.Annots = pikepdf.Array([source.make_indirect(link)])
    output = BytesIO()
    source.save(output)
    frozen = prepare(output.getvalue(), BOXES, None)
    pdf = opened(frozen)
    assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/AcroForm"}
    assert "/AA" not in pdf.pages[0].obj
    assert "/Annots" not in pdf.pages[0].obj
    assert b"JavaScript" not in frozen


def test_filled_form_fields_become_page_content() -> None:
    source = opened(plain_pdf())
    look = source.make_stream(b"1 0 0 rg 0 0 100 20 re f")
    look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 100, 20])
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("pay"), F=4,
        V=pikepdf.String("8"), Rect=pikepdf.Array([100, 300, 200, 320]), AP=pikepdf.Dictionary(N=look),
    )  # fmt: skip
    widget = source.make_indirect(field)
    source.pages[0].obj.Annots = pikepdf.Array([widget])
    source.Root.AcroForm = source.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array([widget])))
    output = BytesIO()
    source.save(output)
    frozen = prepare(output.getvalue(), BOXES, "合同编号 1")
    with opened(frozen) as pdf:
        assert [str(one.T) for one in pdf.Root.AcroForm.Fields] == ["worker", "employer"]
    picture = pypdfium2.PdfDocument(frozen)[0].render(scale=1).to_pil().convert("RGB")
    assert picture.getpixel((150, picture.height - 310)) == (255, 0, 0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_footer_is_at_the_lower_edge_of_what_is_seen(rotation: int) -> None:
    source = opened(plain_pdf(2))
    for page in source.pages:
        page.obj.Contents = source.make_stream(b"")
        page.obj.Rotate = rotation
        page.obj.CropBox = pikepdf.Array([40, 60, 540, 800])
    output = BytesIO()
    source.save(output)
    frozen = prepare(output.getvalue(), [FieldBox("a", 0, 0, 300, 9, 309)], "合同编号 GY20261120-0001")
    picture = pypdfium2.PdfDocument(frozen)[0].render(scale=2).to_pil().convert("L")
    dark = picture.point(lambda value: 255 if value < 200 else 0).getbbox()
    assert dark is not None
    left, top, right, bottom = dark
    assert picture.height - 60 < top < bottom < picture.height
    assert abs((left + right) / 2 - picture.width / 2) < 6
    assert bottom - top < 25 < right - left


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ([], "name"),
        ([FieldBox("a", 0, 0, 0, 9, 9), FieldBox("a", 1, 0, 0, 9, 9)], "name"),
        ([FieldBox("a.b", 0, 0, 0, 9, 9)], "name"),
        ([FieldBox("a", 2, 0, 0, 9, 9)], "does not exist"),
        ([FieldBox("a", -1, 0, 0, 9, 9)], "does not exist"),
        ([FieldBox("a", 0, 9, 0, 9, 9)], "empty"),
    ],
)
def test_impossible_layouts_are_refused(fields: list[FieldBox], fault: str) -> None:
    with pytest.raises(BadLayout, match=fault):
        prepare(plain_pdf(2), fields, None)


def test_encrypted_documents_are_refused() -> None:
    output = BytesIO()
    opened(plain_pdf()).save(output, encryption=pikepdf.Encryption(owner="x", user=""))
    with pytest.raises(BadLayout, match="encrypted"):
        prepare(output.getvalue(), BOXES, None)


def test_another_font_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "font.ttc"
    other.write_bytes(b"not the font")
    monkeypatch.setattr(font, "FONT_PATH", other)
    font.face.cache_clear()
    try:
        with pytest.raises(font.FontDamaged, match="sha256"):
            font.face()
    finally:
        font.face.cache_clear()
