"""Signing: what is in the revisions, what independent validators say, what is refused."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms, parser, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.core.errors import ProviderError
from app.signing.appearance import Appearance
from app.signing.cms import SigningIdentity, read_element
from app.signing.pades import CannotSign, FieldBox, prepare, sign_field
from tests.signing.engine.stock import StockSigner, StockTimestamper, stock_sign
from tests.signing.engine.world import BOXES, FOOTER, World, plain_pdf, sample_ink


def signatures(pdf: bytes) -> list[cms.SignedData]:
    return [one.signed_data for one in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures]


def reencoded(encoded: bytes) -> bytes:
    """Every length written again in its shortest form, by another library."""
    class_, method, tag, _header, content, trailer = parser.parse(encoded, strict=True)
    assert trailer == b""
    if method == 1:
        parts, at = [], 0
        while at < len(content):
            _, end = read_element(content, at)
            parts.append(reencoded(content[at:end]))
            at = end
        content = b"".join(parts)
    return bytes(parser.emit(class_, method, tag, content))


def test_pyhanko_says_intact_trusted_and_within_the_permissions(each_world: World) -> None:
    reader = PdfFileReader(BytesIO(each_world.final))
    roots = [x509.Certificate.load(root) for root in each_world.pki.signing_roots]
    stamp_roots = [x509.Certificate.load(root) for root in each_world.pki.timestamper.roots()]
    statuses = [
        validate_pdf_signature(one, ValidationContext(trust_roots=roots), ValidationContext(trust_roots=stamp_roots))
        for one in reader.embedded_regular_signatures
    ]
    worker, employer = statuses
    for status in statuses:
        assert status.bottom_line, status.pretty_print_details()
        assert status.timestamp_validity is not None
        assert status.timestamp_validity.trusted
        assert status.signer_reported_dt is not None
    assert worker.coverage is SignatureCoverageLevel.ENTIRE_REVISION
    assert worker.modification_level is ModificationLevel.FORM_FILLING
    assert employer.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_pdfsig_says_both_are_valid(each_world: World, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(each_world.final)
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    assert told.count("Signature is Valid.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert "𠮷田·䶮" in told


def test_qpdf_finds_no_fault_in_any_revision(each_world: World) -> None:
    for revision in (each_world.prepared, each_world.first, each_world.final):
        with pikepdf.open(BytesIO(revision)) as pdf:
            assert pdf.check_pdf_syntax() == []


def test_each_signature_is_one_revision_on_top_of_the_former(each_world: World) -> None:
    assert each_world.first.startswith(each_world.prepared)
    assert each_world.final.startswith(each_world.first)


def test_cms_equals_what_pyhanko_builds(each_world: World) -> None:
    """Differential: same attributes, certificates, algorithms; only order-free and per-signature parts may differ."""
    timestamper = StockTimestamper(each_world.pki.timestamper)
    stock = stock_sign(
        each_world.prepared, field="worker", signer=StockSigner(each_world.pki.worker), timestamper=timestamper
    )
    (theirs,), (ours,) = signatures(stock), signatures(each_world.first)

    def summary(data: cms.SignedData) -> dict[str, object]:
        (info,) = data["signer_infos"]
        return {
            "version": data["version"].native,
            "certificates": {one.chosen.sha256 for one in data["certificates"]},
            "digest": [one["algorithm"].native for one in data["digest_algorithms"]],
            "signer": info["sid"].native,
            "signed": {one["type"].native for one in info["signed_attrs"]},
            "unsigned": {one["type"].native for one in info["unsigned_attrs"]},
            "hash": info["digest_algorithm"]["algorithm"].native,
            "scheme": (info["signature_algorithm"].signature_algo, info["signature_algorithm"].hash_algo),
        }

    assert summary(ours) == summary(theirs)
    assert "signing_time" not in summary(ours)["signed"]  # type: ignore[operator]


def test_cms_is_der(each_world: World) -> None:
    for one in PdfFileReader(BytesIO(each_world.final)).embedded_regular_signatures:
        _, end = read_element(one.pkcs7_content, 0)
        encoded = one.pkcs7_content[:end]
        (info,) = cms.ContentInfo.load(encoded)["content"]["signer_infos"]
        assert reencoded(encoded) == encoded
        attributes = [attribute.dump() for attribute in info["signed_attrs"]]
        assert attributes == sorted(attributes)


def test_timestamp_is_over_the_signature_value(world: World) -> None:
    before = len(world.pki.timestamper.stamped)
    signed = world.sign_worker(world.prepared)
    assert len(world.pki.timestamper.stamped) == before + 1  # one request, no dry run
    (data,) = signatures(signed)
    (info,) = data["signer_infos"]
    (token,) = info["unsigned_attrs"][0]["values"]
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    assert imprint["hashed_message"].native == world.pki.timestamper.stamped[-1]


def test_key_is_used_once_per_signature(world: World) -> None:
    calls: list[bytes] = []
    genuine = world.pki.worker

    def sign(data: bytes) -> bytes:
        calls.append(data)
        return genuine.sign(data)

    world.sign_worker(world.prepared, SigningIdentity(genuine.chain, genuine.algorithm, sign))
    assert len(calls) == 1


def test_first_certifies_and_last_locks(world: World) -> None:
    pdf = pikepdf.open(BytesIO(world.final))
    worker, employer = pdf.Root.AcroForm.Fields
    assert pdf.Root.Perms.DocMDP.objgen == worker.V.objgen
    (certification,) = worker.V.Reference
    assert certification.TransformMethod == "/DocMDP"
    assert MDPPerm.FILL_FORMS.value == certification.TransformParams.P
    (lock,) = employer.V.Reference
    assert lock.TransformMethod == "/FieldMDP"
    assert lock.TransformParams.Action == "/All"
    assert MDPPerm.NO_CHANGES.value == lock.TransformParams.P
    assert str(worker.V.Reason) == "签署劳动合同"


def test_a_single_signature_certifies_and_locks(world: World) -> None:
    prepared = prepare(plain_pdf(), BOXES[:1], FOOTER)
    signed = sign_field(
        prepared, field="worker", identity=world.pki.worker, timestamper=world.pki.timestamper,
        appearance=world.hand, reason=None, first=True, last=True,
    )  # fmt: skip
    assert world.verify(signed, expected=world.expected[:1]).valid


def test_several_places_of_one_party_share_the_seal(world: World) -> None:
    boxes = [FieldBox(f"seal{number}", number % 2, 100, 100, 220, 220) for number in range(3)]
    pdf = prepare(plain_pdf(), boxes, None)
    sizes = [len(pdf)]
    for number in range(3):
        pdf = sign_field(
            pdf, field=f"seal{number}", identity=world.pki.employer, timestamper=world.pki.timestamper,
            appearance=world.seal, reason=None, first=number == 0, last=number == 2,
        )  # fmt: skip
        sizes.append(len(pdf))
    document = pikepdf.open(BytesIO(pdf))
    forms = [next(iter(w.AP.N.Resources.XObject.values())) for w in document.Root.AcroForm.Fields]
    assert len({form.objgen for form in forms}) == 1
    assert sizes[1] - sizes[0] > sizes[2] - sizes[1] + 3000
    assert world.verify(pdf, expected=None).valid


def test_another_seal_of_the_same_size_is_not_mistaken(world: World) -> None:
    pdf = prepare(plain_pdf(), BOXES, None)
    for number, field in enumerate(("worker", "employer")):
        drawing = Appearance(b"0 0 %d 10 re f" % (number + 5), 20, 20, shared=True)
        pdf = sign_field(
            pdf, field=field, identity=world.pki.employer, timestamper=world.pki.timestamper,
            appearance=drawing, reason=None, first=number == 0, last=number == 1,
        )  # fmt: skip
    document = pikepdf.open(BytesIO(pdf))
    forms = [next(iter(w.AP.N.Resources.XObject.values())) for w in document.Root.AcroForm.Fields]
    assert [bytes(form.read_bytes()) for form in forms] == [b"0 0 5 10 re f", b"0 0 6 10 re f"]


def test_handwriting_is_a_few_kilobytes(world: World) -> None:
    document = pikepdf.open(BytesIO(world.first))
    assert 300 < len(document.Root.AcroForm.Fields[0].AP.N.read_raw_bytes()) < 3000
    assert sum(len(stroke) for stroke in sample_ink().strokes) == 180


class TestRefusals:
    """The caller's mistakes never leave half a signature."""

    @pytest.mark.parametrize(
        ("field", "first", "last"),
        [("nobody", True, False), ("worker", False, False), ("worker", True, True), ("employer", True, True)],
    )
    def test_wrong_turn(self, world: World, field: str, first: bool, last: bool) -> None:
        with pytest.raises(CannotSign):
            sign_field(
                world.prepared, field=field, identity=world.pki.worker, timestamper=world.pki.timestamper,
                appearance=world.hand, reason=None, first=first, last=last,
            )  # fmt: skip

    def test_same_field_twice(self, world: World) -> None:
        with pytest.raises(CannotSign, match="no empty signature field"):
            world.sign_worker(world.first)

    def test_last_before_the_others(self, world: World) -> None:
        boxes = (FieldBox("witness", 0, 72, 120, 222, 180), *BOXES)
        pdf = prepare(plain_pdf(), boxes, None)
        with pytest.raises(CannotSign, match="after all others"):
            world.sign_employer(world.sign_worker(pdf))

    def test_without_the_authority_nothing_is_produced(self, world: World) -> None:
        class Down:
            def stamp(self, digest: bytes) -> bytes:
                raise ProviderError("tsa", "timeout")

            def roots(self) -> tuple[bytes, ...]:
                return ()

        with pytest.raises(ProviderError, match="timeout"):
            sign_field(
                world.prepared, field="worker", identity=world.pki.worker, timestamper=Down(),
                appearance=world.hand, reason=None, first=True, last=False,
            )  # fmt: skip

    def test_token_that_does_not_fit(self, world: World) -> None:
        class Chatty:
            def stamp(self, digest: bytes) -> bytes:
                return world.pki.timestamper.stamp(digest) + bytes(20_000)

            def roots(self) -> tuple[bytes, ...]:
                return ()

        with pytest.raises(CannotSign, match="reserved"):
            sign_field(
                world.prepared, field="worker", identity=world.pki.worker, timestamper=Chatty(),
                appearance=world.hand, reason=None, first=True, last=False,
            )  # fmt: skip


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_appearance_stands_where_it_was_placed_on_rotated_pages(world: World, rotation: int) -> None:
    """A wide bar in the lower left of what people see stays a wide bar there."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    pdf = pikepdf.open(BytesIO(plain_pdf(1)))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"")
    pdf.pages[0].obj.Rotate = rotation
    pdf.pages[0].obj.MediaBox = pikepdf.Array([10, 20, 410, 620])
    pdf.pages[0].obj.CropBox = pikepdf.Array([30, 50, 390, 600])
    output = BytesIO()
    pdf.save(output)
    prepared = prepare(output.getvalue(), [FieldBox("bar", 0, 20, 40, 120, 60)], None)
    bar = Appearance(b"1 0 0 rg 0 0 100 20 re f 0 0 1 rg 0 0 10 20 re f", 100, 20)
    signed = sign_field(
        prepared, field="bar", identity=world.pki.worker, timestamper=world.pki.timestamper,
        appearance=bar, reason=None, first=True, last=True,
    )  # fmt: skip
    document = pypdfium2.PdfDocument(signed)
    document.init_forms()
    picture = document[0].render(scale=1, may_draw_forms=True).to_pil().convert("RGB")
    height = picture.height
    assert picture.getpixel((25, height - 50)) == (0, 0, 255)  # its left end
    assert picture.getpixel((115, height - 50)) == (255, 0, 0)  # its right end
    assert picture.getpixel((125, height - 50)) == (255, 255, 255)
    assert picture.getpixel((70, height - 65)) == (255, 255, 255)


def test_any_flipped_byte_is_detected(world: World) -> None:
    """Every 997th byte of the file, and every byte of the last structure."""
    pdf = world.final
    places = [*range(0, len(pdf), 997), *range(len(pdf) - 60, len(pdf), 7)]
    padding = [range(int(m[2]) - 12_000, int(m[2])) for m in re.finditer(rb"/ByteRange \[0 (\d+) (\d+)", pdf)]
    assert any(any(place in gap for gap in padding) for place in places)
    accepted = [at for at in places if world.verify(pdf[:at] + bytes((pdf[at] ^ 0x10,)) + pdf[at + 1 :]).valid]
    assert accepted == []
