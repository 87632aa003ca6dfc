"""Small PDFs for tests, good and hostile, built on the spot."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

A4 = (595.276, 841.89)
MB = 1024 * 1024
# A page that cannot be mistaken when it is turned, mirrored, shifted or clipped.
CONTENT = (
    b"0 0 1 rg 60 700 200 60 re f 1 0 0 rg 400 100 80 120 re f 0 G 3 w 60 60 m 300 400 l S "
    b"BT /F1 24 Tf 80 620 Td (Salary 12800.00 yuan) Tj ET"
)
Change = Callable[[Pdf], object]


def make_pdf(
    change: Change | None = None, *, pages: int = 1, size: tuple[float, float] = A4, content: bytes = CONTENT
) -> bytes:
    """A PDF of equal pages with Helvetica as /F1, after `change` was applied to it."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.obj.Contents = Stream(pdf, content)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    if change is not None:
        change(pdf)
    return save(pdf)


def save(pdf: Pdf, **options: object) -> bytes:
    output = BytesIO()
    pdf.save(output, **options)  # type: ignore[arg-type]
    return output.getvalue()


def page_key(name: str, value: object) -> bytes:
    """A PDF whose first page has one more entry."""
    return make_pdf(lambda pdf: pdf.pages[0].obj.__setitem__(name, value))


def root_key(name: str, value: object) -> bytes:
    """A PDF whose catalogue has one more entry."""
    return make_pdf(lambda pdf: pdf.Root.__setitem__(name, value))


def with_annotation(appearance: bytes | None = None, **entries: object) -> bytes:
    """A PDF with one annotation; `appearance` is the content of its normal picture."""

    def change(pdf: Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Rect=Array([100, 500, 300, 540]), **entries)
        if appearance is not None:
            form = Stream(pdf, appearance, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 40]))
            annotation.AP = Dictionary(N=form)
        reference = pdf.make_indirect(annotation)
        pdf.pages[0].obj.Annots = Array([reference])
        if annotation.get("/FT") is not None:
            pdf.Root.AcroForm = Dictionary(Fields=Array([reference]))

    return make_pdf(change)


def with_action(action: Dictionary) -> bytes:
    """A PDF with a link that starts `action`."""
    return with_annotation(Subtype=Name.Link, A=action)


def javascript() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))


def with_layer(draw: bytes = CONTENT, group: dict[str, object] | None = None, **config: object) -> bytes:
    """A PDF whose text is in one layer; `config` is the default configuration of layers."""

    def change(pdf: Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Layer")))
        settings = {key: (Array([layer]) if value == "layer" else value) for key, value in config.items()}
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Order=Array([layer]), **settings))
        page = pdf.pages[0].obj
        member = layer if group is None else Dictionary(Type=Name.OCMD, OCGs=Array([layer]), **group)
        page.Resources.Properties = Dictionary(MC0=member)
        page.Contents = Stream(pdf, b"/OC /MC0 BDC " + draw + b" EMC")

    return make_pdf(change)


def with_stream(data: bytes, **entries: object) -> bytes:
    """A PDF whose page refers to one more stream."""

    def change(pdf: Pdf) -> None:
        stream = pdf.make_indirect(Stream(pdf, b""))
        stream.write(data, filter=entries.pop("Filter", None), decode_parms=None)
        for key, value in entries.items():
            stream[f"/{key}"] = value
        pdf.pages[0].obj.Resources.XObject = Dictionary(X1=stream)

    return make_pdf(change)


def flate_bomb(megabytes: int, layers: int = 1) -> bytes:
    """A stream of blanks that inflates to `megabytes`."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b" " * MB) for _ in range(megabytes)) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return with_stream(data, Filter=Array([Name.FlateDecode] * layers), Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))


def many_streams(count: int, megabytes: int) -> bytes:
    """Streams that are harmless one by one."""
    blob = zlib.compress(b" " * MB * megabytes, 9)

    def change(pdf: Pdf) -> None:
        forms = Dictionary()
        for number in range(count):
            form = pdf.make_indirect(Stream(pdf, b"", Subtype=Name.Form, BBox=Array([0, 0, 9, 9])))
            form.write(blob, filter=Name.FlateDecode)
            forms[f"/X{number}"] = form
        pdf.pages[0].obj.Resources.XObject = forms

    return make_pdf(change)


def encrypted(user: str, owner: str) -> bytes:
    pdf = pikepdf.open(BytesIO(make_pdf()))
    return save(pdf, encryption=pikepdf.Encryption(user=user, owner=owner, R=6))


def in_object_streams(change: Change) -> bytes:
    """Everything that can be hidden in compressed object streams is."""
    pdf = pikepdf.open(BytesIO(make_pdf(change)))
    return save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def raw_pdf(objects: list[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Objects 1… as written, with a correct cross-reference table."""
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        trailer,
        len(body),
    )


def page_tree(kids: bytes, count: bytes, page: bytes = b"/MediaBox [0 0 595 842]") -> bytes:
    """A hand-written tree: 1 catalogue, 2 /Pages, 3 page."""
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %s >>" % (kids, count),
            b"<< /Type /Page /Parent 2 0 R /Resources << >> %s >>" % page,
        ]
    )


def recursive_form() -> bytes:
    """A form that draws itself twice."""

    def change(pdf: Pdf) -> None:
        form = pdf.make_indirect(Stream(pdf, b"/X1 Do /X1 Do", Subtype=Name.Form, BBox=Array([0, 0, 600, 900])))
        form.Resources = Dictionary(XObject=Dictionary(X1=form))
        pdf.pages[0].obj.Resources.XObject = Dictionary(X1=form)
        pdf.pages[0].obj.Contents = Stream(pdf, b"/X1 Do")

    return make_pdf(change)


def form_tower(height: int, width: int) -> bytes:
    """Forms that each draw the next one `width` times: width ** height drawings in a small file."""

    def change(pdf: Pdf) -> None:
        inner = pdf.make_indirect(Stream(pdf, CONTENT[:60], Subtype=Name.Form, BBox=Array([0, 0, 600, 900])))
        for _ in range(height):
            outer = Stream(pdf, b"/X1 Do " * width, Subtype=Name.Form, BBox=Array([0, 0, 600, 900]))
            outer.Resources = Dictionary(XObject=Dictionary(X1=inner))
            inner = pdf.make_indirect(outer)
        pdf.pages[0].obj.Resources.XObject = Dictionary(X1=inner)
        pdf.pages[0].obj.Contents = Stream(pdf, b"/X1 Do")

    return make_pdf(change)


def broken_offsets() -> bytes:
    """Every entry of the cross-reference table points somewhere else."""
    data = page_tree(b"3 0 R", b"1")
    head, table = data.split(b"xref\n", 1)
    return head + b"xref\n" + table.replace(b"00000 n", b"00000 n").replace(b"0000000", b"0000009", 4)


def looping_revisions() -> bytes:
    """A trailer whose /Prev points to its own table."""
    data = page_tree(b"3 0 R", b"1")
    start = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)
