"""Attacks on signed PDFs, generated: a file each, with the way it is presented. None may be judged valid.

Classes after Mainka et al. (CCS 2019: USF, ISA, SWA), Mladenov et al. (NDSS 2021: shadow attacks) and Rohlmann et al.
(S&P 2021: EAA, SSA on certified documents), and what goes wrong in practice: swapped certificates, rollback, re-use.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.generic import ArrayObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfTimeStamper
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

from app.core.clock import clock_at, now
from app.signing.cms import read_element
from app.signing.pades import RESERVED_BYTES, FieldBox, prepare, sign_field
from app.signing.ports import KeyAlgorithm
from tests.signing.engine.changes import (
    CHANGES,
    add_content,
    add_text_field,
    dictionary,
    put,
    stream,
    updated,
    widget_at,
)
from tests.signing.engine.pki import Authority, TestTimestamper, name
from tests.signing.engine.stock import StockSigner, StockTimestamper, stock_sign
from tests.signing.engine.world import BOXES, FOOTER, World, plain_pdf


@dataclass(frozen=True)
class Attack:
    """`by_record`: a sound document of the same parties; only the record's hash tells it is not this one."""

    name: str
    pdf: bytes
    by_record: bool = False


def corpus(world: World) -> Iterator[Attack]:
    """All attacks on the two-party contract of `world` (P-256)."""
    for title, change in CHANGES.items():
        yield Attack(f"after-completion-{title}", updated(world.final, change))
    for title in ("content", "page-content", "evil-annotation", "covering-field", "nothing"):
        yield Attack(f"between-signatures-{title}", employer_signs(world, updated(world.first, CHANGES[title])))
    yield from bytes_changed(world)
    yield from bytes_appended(world)
    yield from signatures_broken(world)
    yield from signers_swapped(world)
    yield from times_wrong(world)
    yield from layouts_weak(world)
    yield from documents_exchanged(world)


def employer_signs(world: World, pdf: bytes) -> bytes:
    """By a tool that signs whatever it is given; ours refuses a document that was tampered with."""
    stamper = StockTimestamper(world.pki.timestamper)
    return stock_sign(pdf, field="employer", signer=StockSigner(world.pki.employer), timestamper=stamper, first=False)


# ── Bytes ─────────────────────────────────────────────────────────────────────────────────────────


def _flip(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes((pdf[at] ^ 1,)) + pdf[at + 1 :]


def _gaps(pdf: bytes) -> list[tuple[int, int]]:
    """(start, end) of each /Contents including its brackets, in file order."""
    found = re.finditer(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", pdf)
    return [(int(match[1]), int(match[2])) for match in found]


def _in_signature(pdf: bytes, number: int, needle: bytes, offset: int = 0) -> bytes:
    """Flip one bit inside the CMS of a signature, `offset` bytes after the DER that `needle` marks."""
    start, _ = _gaps(pdf)[number]
    at = pdf.index(needle.hex().upper().encode(), start) + 2 * (len(needle) + offset)
    return _flip(pdf, at + 1)


def bytes_changed(world: World) -> Iterator[Attack]:
    pdf = world.final
    end_of_first = len(world.first)
    yield Attack("flip-page-content", _flip(pdf, pdf.index(b"endstream") - 20))
    yield Attack("flip-header", pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    yield Attack("flip-xref-of-first-revision", _flip(pdf, end_of_first - 40))
    yield Attack("flip-last-byte-before-eof", _flip(pdf, len(pdf) - 8))
    yield Attack("flip-reason", pdf.replace(b"/Reason", b"/Reasom", 1))
    yield Attack("flip-message-digest", _in_signature(pdf, 0, bytes.fromhex("06092a864886f70d010904"), 6))
    yield Attack("flip-signature-value", _in_signature(pdf, 1, bytes.fromhex("300a06082a8648ce3d040302"), 12))
    yield Attack("flip-certificate-name", _in_signature(pdf, 0, "𠮷田".encode()[:-1], -1))
    yield Attack("flip-token", _in_signature(pdf, 0, bytes.fromhex("060b2a864886f70d0109100104"), 60))
    start, end = _gaps(pdf)[0]
    yield Attack("flip-padding", _flip(pdf, end - 10))
    yield Attack("flip-padding-of-last", _flip(pdf, _gaps(pdf)[-1][1] - 10))
    yield Attack("contents-emptied", pdf[: start + 1] + b"0" * (end - start - 2) + pdf[end - 1 :])
    yield Attack("contents-spaces", pdf[: end - 9] + b"  " + pdf[end - 7 :])
    yield Attack(
        "pay-in-place", world.final.replace(b"8000.00", b"9000.00", 1) if b"8000.00" in pdf else _flip(pdf, 99)
    )
    for title, pattern, replacement in (
        ("wide", rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", lambda m: _range(m, -10, 10)),
        ("short", rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", lambda m: _range(m, 0, 0, rest=-5)),
        ("offset", rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", lambda m: m[0].replace(b"[0 ", b"[1 ")),
        ("missing", rb"/ByteRange", lambda m: b"/ByteRanje"),
    ):
        yield Attack(f"byte-range-{title}", re.sub(pattern, replacement, pdf, count=1))
    yield Attack("byte-range-rolled", _rolled(pdf))


def _range(match: re.Match[bytes], before: int, after: int, rest: int = 0) -> bytes:
    numbers = int(match[1]) + before, int(match[2]) + after, int(match[3]) - after + rest
    return (b"/ByteRange [0 %d %d %d]" % numbers).ljust(len(match[0]))[: len(match[0])]


def _rolled(pdf: bytes) -> bytes:
    """SWA: the signed second part moves to the end, an own part takes its place."""
    start, end = _gaps(pdf)[-1]
    tail = pdf[end:]
    injected = b"\n/Injected true >>\nendobj\n%" + b"x" * 200 + b"\n"
    moved = re.sub(
        rb"/ByteRange \[0 %d %d (\d+)\]" % (start, end),
        lambda m: (b"/ByteRange [0 %d %d %d]" % (start, end + len(injected), len(tail))).ljust(len(m[0])),
        pdf[:end],
    )
    return moved + injected + tail


def bytes_appended(world: World) -> Iterator[Attack]:
    pdf = world.final
    back = b"startxref\n%d\n%%%%EOF\n" % int(re.findall(rb"startxref\s+(\d+)", world.first)[-1])
    for title, tail in {
        "text": b"hello",
        "newlines": b"\n\n\n\n",
        "zero": b"\0",
        "comment": b"\n% the parties agree on 80.00 CNY\n",
        "object": b"\n99 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "eof": b"\n%%EOF\n",
        "startxref-back": b"\n" + back,
        "other-pdf": plain_pdf(1),
    }.items():
        yield Attack(f"appended-{title}", pdf + tail)
    yield Attack("prepended", b"%PDF-1.7\n" + pdf)
    yield Attack("truncated", pdf[:-200])
    yield Attack("junk-after-long-term-data", long_term_data(world) + b"junk")
    yield Attack("junk-after-archive-timestamp", archived(world) + b"\n")
    yield Attack("change-after-archive-timestamp", updated(archived(world), add_content))
    foreign = TestTimestamper.create(Authority.create("测试时间戳根证书"))
    stamper = PdfTimeStamper(StockTimestamper(foreign))
    output = stamper.timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), "sha256", bytes_reserved=2 * RESERVED_BYTES)
    yield Attack("foreign-archive-timestamp", output.getvalue())


def long_term_data(world: World) -> bytes:
    """Control: a document security store, appended as any archiving tool does."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        certificate = stream(writer, world.pki.persons.der)
        put(writer, writer.root, DSS=writer.add_object(dictionary(Certs=ArrayObject([certificate]))))

    return updated(world.final, change)


def archived(world: World) -> bytes:
    """Control: long-term data and an archive time-stamp over everything (level B-LTA)."""
    output = PdfTimeStamper(StockTimestamper(world.pki.timestamper)).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(long_term_data(world))), "sha256", bytes_reserved=2 * RESERVED_BYTES
    )
    stamped: bytes = output.getvalue()
    return stamped


# ── Signatures, signers, times ────────────────────────────────────────────────────────────────────


def _contents(pdf: bytes, number: int) -> bytes:
    start, end = _gaps(pdf)[number]
    raw = bytes.fromhex(pdf[start + 1 : end - 1].decode())
    return raw[: read_element(raw, 0)[1]]


def _with_contents(pdf: bytes, number: int, der: bytes) -> bytes:
    start, end = _gaps(pdf)[number]
    return pdf[: start + 1] + der.hex().upper().encode().ljust(end - start - 2, b"0") + pdf[end - 1 :]


def signatures_broken(world: World) -> Iterator[Attack]:
    pdf = world.final
    yield Attack("reuse-worker-as-employer", _with_contents(pdf, 1, _contents(pdf, 0)))
    other = world.sign_employer(world.sign_worker(prepare(plain_pdf(3), BOXES, "合同编号 其他")))
    yield Attack("reuse-from-other-contract", _with_contents(pdf, 1, _contents(other, 1)))
    yield Attack("contents-null", re.sub(rb"/Contents <[0-9A-F]+>", lambda m: b"/Contents null".ljust(len(m[0])), pdf))
    yield Attack("subfilter-foreign", pdf.replace(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.sha1    ", 1))
    yield Attack("signers-none", _with_contents(pdf, 1, _contents(pdf, 1)[:60]))


def signers_swapped(world: World) -> Iterator[Attack]:
    pki, algorithm = world.pki, KeyAlgorithm.P256
    stranger = pki.identity(algorithm, name("陌生人"))
    yield Attack("stranger-signs-for-worker", world.sign_employer(world.sign_worker(world.prepared, stranger)))
    yield Attack("worker-signs-for-employer", world.sign_employer(world.first, pki.worker))
    namesake = pki.identity(algorithm, name("𠮷田·䶮"))
    yield Attack("namesake-signs-for-worker", world.sign_employer(world.sign_worker(world.prepared, namesake)))
    lookalike = Authority.create("测试机构根证书")
    fake = pki.identity(algorithm, name("合同专用章", "工约"), authority=lookalike)
    yield Attack("look-alike-authority", world.sign_employer(world.first, fake))
    stock = StockSigner(pki.worker)
    stamper = StockTimestamper(pki.timestamper)
    box = SigFieldSpec("third", on_page=0, box=(60, 690, 360, 720))
    third = stock_sign(world.first, field="third", signer=stock, timestamper=stamper, first=False, new_field=box)
    yield Attack("third-signature", employer_signs(world, third))
    boxes = (*BOXES, FieldBox("witness", 0, 60, 690, 360, 720))
    three = world.sign_worker(prepare(plain_pdf(), boxes, FOOTER))
    middle = sign_field(
        three, field="employer", identity=pki.employer, timestamper=pki.timestamper, appearance=world.seal,
        reason=None, first=False, last=False,
    )  # fmt: skip
    witness = sign_field(
        middle, field="witness", identity=stranger, timestamper=pki.timestamper, appearance=world.hand,
        reason=None, first=False, last=True,
    )  # fmt: skip
    yield Attack("foreign-witness", witness)
    yield Attack("witness-field-left-open", middle)


def times_wrong(world: World) -> Iterator[Attack]:
    pki = world.pki
    stock = StockSigner(pki.worker)
    without = stock_sign(world.prepared, field="worker", signer=stock, timestamper=None)
    yield Attack("no-timestamp", world.sign_employer(without))
    foreign = TestTimestamper.create(Authority.create("测试时间戳根证书"))
    stamped = stock_sign(world.prepared, field="worker", signer=stock, timestamper=StockTimestamper(foreign))
    yield Attack("foreign-timestamp", world.sign_employer(stamped))
    wrong = _Wrong(pki.timestamper)
    stamped = stock_sign(world.prepared, field="worker", signer=stock, timestamper=StockTimestamper(wrong))
    yield Attack("timestamp-of-something-else", world.sign_employer(stamped))
    with clock_at(now() + datetime.timedelta(days=400)):
        yield Attack("certificate-expired-at-signing", world.sign_employer(world.first))
    with clock_at(now() - datetime.timedelta(days=30)):
        yield Attack("certificate-not-yet-valid", world.sign_employer(world.first))


@dataclass
class _Wrong:
    """A trusted authority's token over another digest."""

    authority: TestTimestamper

    def roots(self) -> tuple[bytes, ...]:
        return self.authority.roots()

    def stamp(self, digest: bytes) -> bytes:
        return self.authority.stamp(digest[::-1])


# ── Layout and documents ──────────────────────────────────────────────────────────────────────────


def layouts_weak(world: World) -> Iterator[Attack]:
    worker, employer = StockSigner(world.pki.worker), StockSigner(world.pki.employer)
    stamper = StockTimestamper(world.pki.timestamper)
    plain = stock_sign(world.prepared, field="worker", signer=worker, timestamper=stamper, first=False)
    yield Attack("not-certified", employer_signs(world, plain))
    loose = stock_sign(world.prepared, field="worker", signer=worker, timestamper=stamper, permission=MDPPerm.ANNOTATE)
    yield Attack("certified-for-annotations", employer_signs(world, loose))
    old = stock_sign(
        world.prepared, field="worker", signer=worker, timestamper=stamper,
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )  # fmt: skip
    yield Attack("not-pades", employer_signs(world, old))
    yield Attack("without-lock", _without_lock(world))
    bare = SigFieldSpec("worker", on_page=1, box=(72, 120, 222, 180))
    alone = stock_sign(plain_pdf(), field="worker", signer=worker, timestamper=stamper, new_field=bare)
    box = SigFieldSpec("employer", on_page=1, box=(320, 90, 440, 210))
    late = stock_sign(alone, field="employer", signer=employer, timestamper=stamper, first=False, new_field=box)
    yield Attack("field-created-after-certification", late)
    yield Attack("shadow-text-field", _shadow_field(world))
    for title in ("evil-annotation", "open-action", "text-field", "link"):
        base = resaved(updated(world.prepared, CHANGES[title]))
        signed = stock_sign(base, field="worker", signer=worker, timestamper=stamper)
        yield Attack(f"there-from-the-start-{title}", employer_signs(world, signed))


def resaved(pdf: bytes) -> bytes:
    """The same document in one revision."""
    output = BytesIO()
    pikepdf.open(BytesIO(pdf)).save(output)
    return output.getvalue()


def _without_lock(world: World) -> bytes:
    pdf = pikepdf.open(BytesIO(world.prepared))
    del pdf.Root.AcroForm.Fields[1].Lock
    output = BytesIO()
    pdf.save(output)
    return employer_signs(world, world.sign_worker(output.getvalue()))


def _shadow_field(world: World) -> bytes:
    """A form field that was there before the certification, filled after it: allowed by P=2."""
    prepared = resaved(updated(world.prepared, add_text_field))
    stamper = StockTimestamper(world.pki.timestamper)
    worker = StockSigner(world.pki.worker)
    signed = stock_sign(prepared, field="worker", signer=worker, timestamper=stamper)

    def fill(writer: IncrementalPdfFileWriter) -> None:
        put(writer, widget_at(writer, 2), V=pdf_string("8.00"))

    return employer_signs(world, updated(signed, fill))


def documents_exchanged(world: World) -> Iterator[Attack]:
    yield Attack("rollback-to-first-signature", world.first)
    yield Attack("rollback-to-nothing", world.prepared)
    again = world.sign_employer(world.sign_worker(prepare(plain_pdf(1 + 1), BOXES, "合同编号 另一份")))
    yield Attack("other-contract-of-the-same-parties", again, by_record=True)
    yield Attack("signed-again", world.sign_employer(world.first), by_record=True)
    for title, data in {
        "empty": b"",
        "text": "劳动合同".encode(),
        "zip": b"PK\x03\x04" + bytes(100),
        "header-only": b"%PDF-1.7\n%%EOF\n",
        "page-loop": world.final.replace(b"/Kids [", b"/Kids [ 1 0 R ", 1),
        "xref-loop": re.sub(rb"/Prev \d+", lambda m: b"/Prev %d" % world.final.rindex(b"xref\n"), world.final),
    }.items():
        yield Attack(f"no-document-{title}", data)
