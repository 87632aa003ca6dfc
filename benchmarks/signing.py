"""Time per contract in the signing engine, side by side with stock pyHanko, in one process and one run.

One complete contract: worker's handwriting and certificate, employer's seal and certificate, each with an RFC 3161
time-stamp from an authority inside the process (network time is the authority's, not the engine's). Both sides get
the same six-page document, keys that are already loaded, a fixed reserved size and the same vector drawings; pyHanko
is used through its public PdfSigner. Rounds alternate, so that a busy machine slows both; medians are compared.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.seals.drawing import draw_round_seal
from app.signing.appearance import handwriting, seal
from app.signing.pades import FieldBox, integrity_only, prepare, sign_field, verify
from app.signing.ports import KeyAlgorithm
from tests.signing.engine.pki import Pki, create_pki
from tests.signing.engine.stock import StockSigner, StockTimestamper, stock_sign
from tests.signing.engine.world import sample_ink

CONTRACT = Path(__file__).resolve().parent.parent / "tests" / "data" / "labour_contract.pdf"
FOOTER = "合同编号 GY20261120-0001"
BOXES = (FieldBox("worker", 5, 100, 200, 250, 260), FieldBox("employer", 5, 320, 160, 440, 280))
ROUNDS = 60


@dataclass(frozen=True)
class Row:
    """One comparison: medians in milliseconds and what each side did."""

    name: str
    ours_ms: float
    peer_ms: float
    peer: str

    @property
    def ratio(self) -> float:
        """How many times longer the peer takes."""
        return self.peer_ms / self.ours_ms


def run(rounds: int = ROUNDS) -> list[Row]:
    """Measure and print. Takes about 15 seconds."""
    source = CONTRACT.read_bytes()
    rows = [row for algorithm in KeyAlgorithm for row in _rows(algorithm, source, rounds)]
    print_table(rows)
    return rows


def print_table(rows: list[Row]) -> None:
    print(f"{'engine':<46}{'ours ms':>9}{'peer ms':>9}{'ratio':>7}  peer")
    for row in rows:
        print(f"{row.name:<46}{row.ours_ms:>9.2f}{row.peer_ms:>9.2f}{row.ratio:>6.1f}x  {row.peer}")


def _rows(algorithm: KeyAlgorithm, source: bytes, rounds: int) -> list[Row]:
    pki = create_pki(algorithm)
    prepared = prepare(source, BOXES, FOOTER)
    ours, stock = _ours(pki), _stock(pki)
    signed = ours(prepared)
    name = {KeyAlgorithm.P256: "P-256", KeyAlgorithm.RSA2048: "RSA-2048"}[algorithm]
    peer = "pyHanko, keys cached"
    signing = _medians(lambda: ours(prepared), lambda: stock(prepared), rounds)
    frozen = _medians(
        lambda: ours(prepare(source, BOXES, FOOTER)), lambda: stock(prepare(source, BOXES, FOOTER)), rounds
    )
    checked = _medians(lambda: _verify(pki, signed), lambda: _stock_verify(pki, signed), max(rounds // 3, 5))
    swept = _medians(lambda: integrity_only(signed), lambda: _stock_verify(pki, signed), max(rounds // 3, 5))
    return [
        Row(f"contract, {name}: two B-T signatures", *signing, peer),
        Row(f"contract, {name}: freezing included", *frozen, f"{peer}, frozen by us"),
        Row(f"verification, {name}: strict rule", *checked, "pyHanko's verdict only"),
        Row(f"verification, {name}: quick sweep", *swept, "pyHanko's verdict only"),
    ]


def _medians(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        for side, work in enumerate((ours, peer)):
            begin = time.perf_counter()
            work()
            if number >= 3:  # the first rounds warm caches
                times[side].append((time.perf_counter() - begin) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def _ours(pki: Pki) -> Callable[[bytes], bytes]:
    ink = sample_ink()
    drawing = draw_round_seal("长春市工约科技有限公司", "合同专用章", "2201041234567")

    def sign(pdf: bytes) -> bytes:
        first = sign_field(
            pdf, field="worker", identity=pki.worker, timestamper=pki.timestamper,
            appearance=handwriting(ink, (150, 60)), reason="签署劳动合同", first=True, last=False,
        )  # fmt: skip
        return sign_field(
            first, field="employer", identity=pki.employer, timestamper=pki.timestamper,
            appearance=seal(drawing), reason="签署劳动合同", first=False, last=True,
        )  # fmt: skip

    return sign


def _stock(pki: Pki) -> Callable[[bytes], bytes]:
    ink = sample_ink()
    stamp = seal(draw_round_seal("长春市工约科技有限公司", "合同专用章", "2201041234567"))
    worker, employer = StockSigner(pki.worker), StockSigner(pki.employer)
    timestamper = StockTimestamper(pki.timestamper)

    def sign(pdf: bytes) -> bytes:
        first = stock_sign(
            pdf, field="worker", signer=worker, timestamper=timestamper,
            appearance=handwriting(ink, (150, 60)), reason="签署劳动合同",
        )  # fmt: skip
        return stock_sign(
            first, field="employer", signer=employer, timestamper=timestamper,
            appearance=stamp, reason="签署劳动合同", first=False,
        )  # fmt: skip

    return sign


def _verify(pki: Pki, pdf: bytes) -> None:
    report = verify(pdf, signing_roots=pki.signing_roots, timestamp_roots=pki.timestamper.roots())
    if not report.valid:
        raise RuntimeError(f"the benchmark's document is not valid: {report.all_problems}")


def _stock_verify(pki: Pki, pdf: bytes) -> None:
    roots = ValidationContext(trust_roots=[x509.Certificate.load(root) for root in pki.signing_roots])
    stamps = ValidationContext(trust_roots=[x509.Certificate.load(root) for root in pki.timestamper.roots()])
    for one in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
        if not validate_pdf_signature(one, roots, stamps).bottom_line:
            raise RuntimeError("pyHanko calls the benchmark's document invalid")


if __name__ == "__main__":
    run()
