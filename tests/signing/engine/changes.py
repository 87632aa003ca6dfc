"""What any editor can save into a signed PDF: incremental updates of every harmful kind (ISA, EAA, SSA, shadow)."""

from collections.abc import Callable
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from tests.signing.engine.world import PAY

Change = Callable[[IncrementalPdfFileWriter], None]
COVER = b"1 1 1 rg 60 690 300 30 re f BT 0 g /F1 14 Tf 72 700 Td (Monthly pay: 80.00 CNY) Tj ET"


def updated(pdf: bytes, change: Change) -> bytes:
    """One incremental update, the way any editor saves."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _page(writer: IncrementalPdfFileWriter, number: int = 0) -> DictionaryObject:
    return writer.find_page_for_modification(number)[0].get_object()


def put(writer: IncrementalPdfFileWriter, target: DictionaryObject, **entries: generic.PdfObject) -> None:
    for key, value in entries.items():
        target[pdf_name(f"/{key}")] = value
    writer.update_container(target)


def dictionary(**entries: generic.PdfObject) -> DictionaryObject:
    return DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})


def _numbers(*values: int) -> ArrayObject:
    return ArrayObject(NumberObject(value) for value in values)


def stream(writer: IncrementalPdfFileWriter, data: bytes) -> generic.IndirectObject:
    return writer.add_object(generic.StreamObject(stream_data=data))


def _annotate(writer: IncrementalPdfFileWriter, **entries: generic.PdfObject) -> generic.IndirectObject:
    page = _page(writer)
    base = {"Type": pdf_name("/Annot"), "F": NumberObject(4), "Rect": _numbers(60, 690, 360, 720)}
    annotation = writer.add_object(dictionary(**{**base, **entries}))
    existing = list(page["/Annots"]) if "/Annots" in page else []
    put(writer, page, Annots=ArrayObject([*existing, annotation]))
    return annotation


def _add_field(writer: IncrementalPdfFileWriter, field: generic.IndirectObject) -> None:
    form = writer.root["/AcroForm"]
    put(writer, form, Fields=ArrayObject([*form["/Fields"], field]))


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    widget = _annotate(
        writer, Subtype=pdf_name("/Widget"), FT=pdf_name("/Tx"), T=pdf_string("pay"), V=pdf_string("80.00")
    )
    _add_field(writer, widget)


def add_content(writer: IncrementalPdfFileWriter) -> None:
    page = _page(writer)
    put(writer, page, Contents=ArrayObject([page.raw_get("/Contents"), stream(writer, COVER)]))


def _page_content(writer: IncrementalPdfFileWriter) -> None:
    put(writer, _page(writer), Contents=stream(writer, PAY.replace(b"8000", b"80.0")))


def _covering_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("third", on_page=0, box=(60, 690, 360, 720)))


def _font(writer: IncrementalPdfFileWriter) -> None:
    font = _page(writer)["/Resources"]["/Font"]["/F1"]
    put(writer, font, BaseFont=pdf_name("/Symbol"))


def widget_at(writer: IncrementalPdfFileWriter, number: int) -> DictionaryObject:
    widget: DictionaryObject = writer.root["/AcroForm"]["/Fields"][number].get_object()
    return widget


def _move_widget(writer: IncrementalPdfFileWriter) -> None:
    put(writer, widget_at(writer, 0), Rect=_numbers(60, 600, 360, 720))


def _redraw_widget(writer: IncrementalPdfFileWriter) -> None:
    form = generic.StreamObject(
        dictionary(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=_numbers(0, 0, 150, 60)),
        stream_data=COVER,
    )
    put(writer, widget_at(writer, 0), AP=dictionary(N=writer.add_object(form)))


def _swap_values(writer: IncrementalPdfFileWriter) -> None:
    worker, employer = widget_at(writer, 0), widget_at(writer, 1)
    value = worker.raw_get("/V")
    put(writer, worker, V=employer.raw_get("/V"))
    put(writer, employer, V=value)


def _clear_value(writer: IncrementalPdfFileWriter) -> None:
    worker = widget_at(writer, 0)
    del worker["/V"]
    writer.update_container(worker)


def _drop_field(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    put(writer, form, Fields=ArrayObject([form["/Fields"][1]]))


def _replace_pages(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack "replace": another page tree that was not there before."""
    box = _numbers(0, 0, 595, 842)
    page = dictionary(Type=pdf_name("/Page"), MediaBox=box, Contents=stream(writer, COVER), Resources=dictionary())
    tree = dictionary(Type=pdf_name("/Pages"), Count=NumberObject(1))
    reference = writer.add_object(tree)
    page[pdf_name("/Parent")] = reference
    tree[pdf_name("/Kids")] = ArrayObject([writer.add_object(page)])
    put(writer, writer.root, Pages=reference)


def _drop_page(writer: IncrementalPdfFileWriter) -> None:
    tree = writer.root["/Pages"]
    put(writer, tree, Kids=ArrayObject(list(tree["/Kids"])[1:]), Count=NumberObject(1))


def _hide_layer(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack "hide": a layer that can be switched off."""
    group = writer.add_object(dictionary(Type=pdf_name("/OCG"), Name=pdf_string("pay")))
    off = dictionary(OFF=ArrayObject([group]))
    put(writer, writer.root, OCProperties=dictionary(OCGs=ArrayObject([group]), D=off))


def _loosen(writer: IncrementalPdfFileWriter) -> None:
    """Raise the certification's permission to P=3, after which annotations would be allowed."""
    value = widget_at(writer, 0)["/V"]
    value["/Reference"][0]["/TransformParams"][pdf_name("/P")] = NumberObject(3)
    writer.update_container(value)
    _annotate(writer, Subtype=pdf_name("/FreeText"), Contents=pdf_string("80.00"))


def _decertify(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def _action(writer: IncrementalPdfFileWriter) -> DictionaryObject:
    return dictionary(S=pdf_name("/JavaScript"), JS=pdf_string("app.alert(1)"))


CHANGES: dict[str, Change] = {
    "nothing": lambda writer: writer.update_root(),
    "content": add_content,
    "page-content": _page_content,
    "page-added": lambda writer: writer.insert_page(
        generic.DictionaryObject(dictionary(Type=pdf_name("/Page"), MediaBox=_numbers(0, 0, 9, 9)))
    ),
    "page-dropped": _drop_page,
    "pages-replaced": _replace_pages,
    "page-rotated": lambda writer: put(writer, _page(writer), Rotate=NumberObject(180)),
    "page-cropped": lambda writer: put(writer, _page(writer), CropBox=_numbers(0, 0, 595, 600)),
    "font-swapped": _font,
    "evil-annotation": lambda w: _annotate(w, Subtype=pdf_name("/FreeText"), Contents=pdf_string("80.00")) and None,
    "stamp": lambda w: _annotate(w, Subtype=pdf_name("/Stamp")) and None,
    "redaction": lambda w: _annotate(w, Subtype=pdf_name("/Redact")) and None,
    "note": lambda w: _annotate(w, Subtype=pdf_name("/Text"), Contents=pdf_string("void")) and None,
    "link": lambda w: _annotate(w, Subtype=pdf_name("/Link"), A=_action(w)) and None,
    "covering-field": _covering_field,
    "text-field": add_text_field,
    "widget-moved": _move_widget,
    "widget-redrawn": _redraw_widget,
    "values-swapped": _swap_values,
    "value-cleared": _clear_value,
    "field-dropped": _drop_field,
    "layer": _hide_layer,
    "open-action": lambda writer: put(writer, writer.root, OpenAction=_action(writer)),
    "page-action": lambda writer: put(writer, _page(writer), AA=dictionary(O=_action(writer))),
    "xfa": lambda writer: put(writer, writer.root["/AcroForm"], XFA=stream(writer, b"<xdp/>")),
    "need-appearances": lambda w: put(w, w.root["/AcroForm"], NeedAppearances=generic.BooleanObject(True)),
    "permission-loosened": _loosen,
    "decertified": _decertify,
}
