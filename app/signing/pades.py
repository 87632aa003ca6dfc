"""PAdES signatures in PDF (ISO 32000-2, EN 319 142-1 level B-T): freeze, sign, verify.

pyHanko writes the revisions and is the validator; it is imported here and in `pades_verify` only. Everything
is a pure function over bytes. Trust and the strict rule of the house are in `verification`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import IndirectObject, PdfObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from app.core.clock import now
from app.signing.appearance import Appearance
from app.signing.cms import SigningIdentity, build_signature
from app.signing.fill import BadLayout, FieldBox, prepare
from app.signing.pades_verify import integrity_only, verify
from app.signing.ports import Timestamper

__all__ = [
    "BadLayout", "CannotSign", "FieldBox", "SigningIdentity", "integrity_only", "prepare", "sign_field", "verify",
]  # fmt: skip

# Fixed, so that nothing has to be signed twice to learn the size. Ours takes about 5 KB; authorities that
# put long chains into certificates and tokens need up to 10.
RESERVED_BYTES = 12 * 1024


class CannotSign(ValueError):
    """The document is not in the state that this signature needs: a mistake of the caller."""


def sign_field(
    pdf: bytes,
    *,
    field: str,
    identity: SigningIdentity,
    timestamper: Timestamper,
    appearance: Appearance,
    reason: str | None,
    first: bool,
    last: bool,
) -> bytes:
    """Append one revision: `identity`'s time-stamped signature in the empty `field` of a prepared document.

    `first` certifies the document (DocMDP P=2: only signing is allowed from now on), `last` locks it (FieldMDP
    All, P=1). Raises CannotSign; ProviderError of the time-stamping authority, and then nothing was produced.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    widget = _find_widget(writer, field, first=first, last=last)
    _set_appearance(writer, widget, appearance)
    steps = PdfCMSEmbedder().write_cms(field_name=field, writer=writer, existing_fields_only=True)
    next(steps)
    placeholder = SignatureObject(
        timestamp=now(), subfilter=SigSeedSubFilter.PADES, reason=reason, bytes_reserved=2 * RESERVED_BYTES
    )
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=_permissions(first=first, last=last)))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    signature = build_signature(prepared.document_digest, identity, timestamper)
    if len(signature) > RESERVED_BYTES:
        raise CannotSign(f"the signature takes {len(signature)} bytes, {RESERVED_BYTES} are reserved")
    steps.send(signature)
    signed: bytes = output.getvalue()
    return signed


def _permissions(*, first: bool, last: bool) -> SigMDPSetup:
    lock = FieldMDPSpec(FieldMDPAction.ALL) if last else None
    level = MDPPerm.NO_CHANGES if last else MDPPerm.FILL_FORMS if first else None
    return SigMDPSetup(md_algorithm="sha256", certify=first, field_lock=lock, docmdp_perms=level)


def _widgets(writer: IncrementalPdfFileWriter) -> Iterator[generic.DictionaryObject]:
    if "/AcroForm" in writer.root:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            yield reference.get_object()


def _find_widget(writer: IncrementalPdfFileWriter, name: str, *, first: bool, last: bool) -> generic.DictionaryObject:
    widgets = {str(widget.get("/T")): widget for widget in _widgets(writer)}
    widget = widgets.get(name)
    if widget is None or "/V" in widget:
        raise CannotSign(f"there is no empty signature field {name!r}")
    if ("/Lock" in widget) is not last:
        raise CannotSign("the lock belongs to the last signature, on the field that was prepared for it")
    signed = [other for other, fields in widgets.items() if "/V" in fields]
    if bool(signed) is first:
        raise CannotSign(f"already signed: {signed}; the first signature certifies the document")
    if last and len(signed) != len(widgets) - 1:
        raise CannotSign("the last signature comes after all others")
    return widget


def _set_appearance(writer: IncrementalPdfFileWriter, widget: generic.DictionaryObject, appearance: Appearance) -> None:
    """Draw into the field's box, upright as the page is shown, whole, centred."""
    left, bottom, right, top = (float(value) for value in widget["/Rect"])
    rotation = int(widget["/P"]["/Rotate"]) % 360 if "/Rotate" in widget["/P"] else 0
    width, height = abs(right - left), abs(top - bottom)
    if rotation in (90, 270):
        width, height = height, width
    scale = min(width / appearance.width, height / appearance.height)
    x, y = (width - appearance.width * scale) / 2, (height - appearance.height * scale) / 2
    place = f"q {scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f} cm ".encode()
    if appearance.shared:
        drawing, name = _shared_form(writer, appearance)
        resources = {
            "/XObject": _dictionary({name: drawing}),
            "/ExtGState": _dictionary({"/Multiply": _dictionary({"/BM": pdf_name("/Multiply")})}),
        }
        form = _form(place + f"/Multiply gs {name} Do Q".encode(), width, height, _dictionary(resources))
    else:
        form = _form(place + appearance.content + b" Q", width, height, _dictionary({}))
    matrix = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[rotation]
    form["/Matrix"] = _numbers(*matrix, 0, 0)
    widget["/AP"] = _dictionary({"/N": writer.add_object(form)})
    writer.update_container(widget)


def _shared_form(writer: IncrementalPdfFileWriter, appearance: Appearance) -> tuple[IndirectObject, str]:
    """The drawing as a form XObject: the one that an earlier signature brought, if it is the same to the byte."""
    name = "/Drawing" + hashlib.sha256(appearance.content).hexdigest()[:16]
    for widget in _widgets(writer):
        if "/AP" not in widget or "/XObject" not in widget["/AP"]["/N"]["/Resources"]:
            continue
        found = widget["/AP"]["/N"]["/Resources"]["/XObject"]
        if name in found and found[name].data == appearance.content:
            return found.raw_get(name), name
    form = _form(appearance.content, appearance.width, appearance.height, _dictionary({}))
    return writer.add_object(form), name


def _form(content: bytes, width: float, height: float, resources: generic.DictionaryObject) -> generic.StreamObject:
    form = generic.StreamObject(
        _dictionary(
            {
                "/Type": pdf_name("/XObject"),
                "/Subtype": pdf_name("/Form"),
                "/BBox": _numbers(0, 0, width, height),
                "/Resources": resources,
            }
        ),
        stream_data=content,
    )
    form.compress()  # type: ignore[no-untyped-call]
    return form


def _dictionary(entries: Mapping[str, PdfObject]) -> generic.DictionaryObject:
    named = {pdf_name(key): value for key, value in entries.items()}
    return generic.DictionaryObject(named)  # type: ignore[no-untyped-call]


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(round(value, 3)) for value in values)  # type: ignore[no-untyped-call]
