"""A small contract, its parties and its revisions, shared by the tests of the engine."""

import math
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import pikepdf

from app.seals.drawing import draw_round_seal
from app.signing.appearance import Appearance, Ink, handwriting, seal
from app.signing.certificates import fingerprint_of
from app.signing.pades import FieldBox, SigningIdentity, prepare, sign_field, verify
from app.signing.ports import KeyAlgorithm
from app.signing.verification import ExpectedSignature, VerificationReport
from tests.signing.engine.pki import Pki, create_pki

FOOTER = "合同编号 GY20261120-0001"
BOXES = (FieldBox("worker", 1, 72, 120, 222, 180), FieldBox("employer", 1, 320, 90, 440, 210))
PAY = b"BT /F1 14 Tf 72 700 Td (Monthly pay: 8000.00 CNY) Tj ET"


def plain_pdf(pages: int = 2) -> bytes:
    """Pages of Latin text with a standard font, as small as can be."""
    pdf = pikepdf.Pdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595.276, 841.89))
        page = pdf.pages[-1]
        page.obj.Contents = pdf.make_stream(PAY)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    output = BytesIO()
    pdf.save(output, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return output.getvalue()


def sample_ink(strokes: int = 6) -> Ink:
    """Loops next to each other, 30 points and 350 ms each."""
    drawn, time = [], 0
    for number in range(strokes):
        stroke = []
        for at in range(30):
            x = 60 + number * 60 + 30 * math.sin(at / 6 + number)
            stroke.append((x, 60 + 40 * math.cos(at / 9 * (1 + number % 3)), float(time), None))
            time += 12
        drawn.append(tuple(stroke))
        time += 100
    return Ink(600, 240, tuple(drawn))


@dataclass
class World:
    """Lazily made, so that a test pays only for what it looks at."""

    algorithm: KeyAlgorithm

    @cached_property
    def pki(self) -> Pki:
        return create_pki(self.algorithm)

    @cached_property
    def hand(self) -> Appearance:
        return handwriting(sample_ink(), (150, 60))

    @cached_property
    def seal(self) -> Appearance:
        return seal(draw_round_seal("长春市工约科技有限公司", "合同专用章", "2201041234567"))

    @cached_property
    def prepared(self) -> bytes:
        return prepare(plain_pdf(), BOXES, FOOTER)

    @cached_property
    def first(self) -> bytes:
        return self.sign_worker(self.prepared)

    @cached_property
    def final(self) -> bytes:
        return self.sign_employer(self.first)

    def sign_worker(self, pdf: bytes, identity: SigningIdentity | None = None) -> bytes:
        return sign_field(
            pdf, field="worker", identity=identity or self.pki.worker, timestamper=self.pki.timestamper,
            appearance=self.hand, reason="签署劳动合同", first=True, last=False,
        )  # fmt: skip

    def sign_employer(self, pdf: bytes, identity: SigningIdentity | None = None) -> bytes:
        return sign_field(
            pdf, field="employer", identity=identity or self.pki.employer, timestamper=self.pki.timestamper,
            appearance=self.seal, reason=None, first=False, last=True,
        )  # fmt: skip

    @property
    def expected(self) -> list[ExpectedSignature]:
        return [
            ExpectedSignature("worker", fingerprint_of(self.pki.worker.chain[0])),
            ExpectedSignature("employer", fingerprint_of(self.pki.employer.chain[0])),
        ]

    def verify(self, pdf: bytes, **options: object) -> VerificationReport:
        """With the record's expectations, unless told otherwise."""
        options.setdefault("expected", self.expected)
        roots = {"signing_roots": self.pki.signing_roots, "timestamp_roots": self.pki.timestamper.roots()}
        return verify(pdf, **{**roots, **options})  # type: ignore[arg-type]
