"""Collecting the facts about a signed PDF with pyHanko's strict validator; `verification` judges them.

Nothing is fetched. A certificate has to be valid at the time that its trusted time-stamp proves, because one-time
certificates expire soon after their signature; the time-stamping authority's has to be valid today.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import FieldMDPAction
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from app.core.clock import now
from app.signing.cms import read_element
from app.signing.integrity import integrity_only
from app.signing.verification import (
    Change,
    DocumentFacts,
    ExpectedSignature,
    SignatureFacts,
    VerificationReport,
    judge,
    unreadable,
)

__all__ = ["integrity_only", "verify"]

_CHANGES = {
    ModificationLevel.NONE: Change.NOTHING,
    ModificationLevel.LTA_UPDATES: Change.LONG_TERM_DATA,
    ModificationLevel.FORM_FILLING: Change.SIGNING,
}
_CATALOG_KEYS = {"/Type", "/Pages", "/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version", "/Metadata"}
_FORM_KEYS = {"/Fields", "/SigFlags"}
_PAGE_ACTIONS = {"/AA", "/AF", "/Metadata", "/PieceInfo"}


def verify(
    pdf: bytes,
    *,
    signing_roots: Sequence[bytes],
    timestamp_roots: Sequence[bytes],
    expected: Sequence[ExpectedSignature] | None = None,
    pending: Sequence[str] = (),
    sha256: str | None = None,
) -> VerificationReport:
    """The strict verdict. Roots are DER; `sha256` (hex) is the record's hash of the whole file, if there is one.

    `pending` names the fields that are still to be signed. Never raises on what `pdf` holds.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        facts = _collect(pdf, digest, _roots(signing_roots), _roots(timestamp_roots))
    except Exception:  # hostile bytes make a parser fail in ways that nobody can list
        return unreadable(digest, is_signed=integrity_only(pdf).signatures > 0)
    return judge(facts, expected=expected, pending=pending, sha256=sha256)


def _roots(encoded: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(root) for root in encoded]


def _collect(
    pdf: bytes, digest: str, signing: list[asn1_x509.Certificate], stamping: list[asn1_x509.Certificate]
) -> DocumentFacts:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    in_order = sorted(reader.embedded_regular_signatures, key=lambda one: one.signed_revision)
    signatures = [_facts(pdf, one, signing, stamping) for one in in_order]
    archive = list(reader.embedded_timestamp_signatures)
    last = max((one.revision for one in signatures), default=0)
    return DocumentFacts(
        sha256=digest,
        signatures=tuple(signatures),
        unsigned_fields=tuple(str(field.get("/T")) for field in _fields(reader) if "/V" not in field),
        structure=tuple(dict.fromkeys(_structure(reader))),
        trailing=_has_trailing(pdf, reader, signatures),
        archive_timestamps_valid=all(
            one.signed_revision > last and _is_archive_timestamp(pdf, one, stamping) for one in archive
        ),
    )


def _context(roots: list[asn1_x509.Certificate], moment: datetime) -> ValidationContext:
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)


def _facts(
    pdf: bytes,
    one: EmbeddedPdfSignature,
    signing: list[asn1_x509.Certificate],
    stamping: list[asn1_x509.Certificate],
) -> SignatureFacts:
    stamped_at = _stamped_at(one)
    status: PdfSignatureStatus = validate_pdf_signature(
        one,
        signer_validation_context=_context(signing, stamped_at or now()),
        ts_validation_context=_context(stamping, now()),
    )
    stamp = status.timestamp_validity
    lock = one.fieldmdp
    return SignatureFacts(
        field=one.field_name,
        signer=_common_name(one.signer_cert),
        certificate_sha256=one.signer_cert.sha256.hex(),
        revision=one.signed_revision,
        level="B-T" if stamp is not None else "B-B",
        signed_at=stamped_at,
        intact=status.intact and status.valid,
        trusted=status.trusted,
        timestamp_valid=stamp is not None and stamp.intact and stamp.valid,
        timestamp_trusted=stamp is not None and stamp.trusted,
        covers=_covers(status.coverage),
        well_formed=_is_well_formed(pdf, one),
        change=_change(one, status),
        permission=_certification(one),
        locks=lock is not None and lock.action is FieldMDPAction.ALL,
    )


def _stamped_at(one: EmbeddedPdfSignature) -> datetime | None:
    """The time in the signature's only time-stamp token; None without, or with several."""
    tokens = [
        value
        for attribute in one.signer_info["unsigned_attrs"] or ()
        if attribute["type"].native == "signature_time_stamp_token"
        for value in attribute["values"]
    ]
    if len(tokens) != 1:
        return None
    content: cms.EncapsulatedContentInfo = tokens[0]["content"]["encap_content_info"]
    moment: datetime = content["content"].parsed["gen_time"].native
    return moment


def _common_name(certificate: asn1_x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else "、".join(name)


def _covers(level: SignatureCoverageLevel | None) -> str:
    return {SignatureCoverageLevel.ENTIRE_FILE: "file", SignatureCoverageLevel.ENTIRE_REVISION: "revision"}.get(
        level or SignatureCoverageLevel.UNCLEAR, "part"
    )


def _change(one: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Change:
    if not status.docmdp_ok or not isinstance(one.diff_result, DiffResult):
        return Change.FORBIDDEN
    return _CHANGES.get(one.diff_result.modification_level, Change.FORBIDDEN)


def _is_well_formed(pdf: bytes, one: EmbeddedPdfSignature) -> bool:
    """PAdES, and the only bytes left out are the hexadecimal digits of this very signature and zeros."""
    if one.sig_object.get("/SubFilter") not in ("/ETSI.CAdES.detached", "/ETSI.RFC3161"):
        return False
    start, before, after, rest = (int(number) for number in one.byte_range)
    if start != 0 or not before + 2 <= after <= after + rest <= len(pdf):
        return False
    left_out = pdf[before:after]
    if left_out[:1] != b"<" or left_out[-1:] != b">":
        return False
    contents = bytes.fromhex(left_out[1:-1].decode("ascii"))
    _, end = read_element(contents, 0)
    return contents == one.pkcs7_content and not contents[end:].strip(b"\0")


def _certification(one: EmbeddedPdfSignature) -> int | None:
    """P of this signature's own DocMDP entry, if the catalogue names it as the certifying one."""
    perms = _entry(one.reader.root, "/Perms")
    try:
        certifying = perms.raw_get("/DocMDP")
    except (KeyError, AttributeError):
        return None
    if certifying.reference != one.sig_object.container_ref:
        return None
    level = one.docmdp_level
    return None if level is None else int(level.value)


def _is_archive_timestamp(pdf: bytes, one: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate]) -> bool:
    status = validate_pdf_timestamp(one, validation_context=_context(roots, now()))
    return (
        _is_well_formed(pdf, one)
        and status.intact
        and status.valid
        and status.trusted
        and isinstance(one.diff_result, DiffResult)
        and one.diff_result.modification_level <= ModificationLevel.LTA_UPDATES
    )


def _has_trailing(pdf: bytes, reader: PdfFileReader, signatures: list[SignatureFacts]) -> bool:
    """Anything after the last signature but revisions of long-term data that end with the file."""
    everything = [*reader.embedded_regular_signatures, *reader.embedded_timestamp_signatures]
    end = max((int(one.byte_range[2]) + int(one.byte_range[3]) for one in everything), default=0)
    if end == len(pdf) or not signatures:
        return False
    newest = max(signatures, key=lambda one: one.revision)
    return (
        newest.change is not Change.LONG_TERM_DATA
        or "/DSS" not in reader.root
        or (reader.last_startxref or 0) < end
        or not pdf.rstrip(b"\r\n").endswith(b"%%EOF")
        or len(pdf) - len(pdf.rstrip(b"\r\n")) > 2
    )


def _entry(dictionary: Mapping[str, Any], key: str) -> Any:
    """The value itself, where `get` would hand out a reference; an empty mapping without."""
    return dictionary[key] if key in dictionary else {}  # noqa: SIM401


def _fields(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    for reference in _entry(_entry(reader.root, "/AcroForm"), "/Fields"):
        yield reference.get_object()


def _structure(reader: PdfFileReader) -> Iterator[str]:
    """What does not belong in the hardened layout."""
    root = reader.root
    if set(root.keys()) - _CATALOG_KEYS or set(_entry(root, "/Perms").keys()) - {"/DocMDP"}:
        yield "active_content"
    fields = list(_fields(reader))
    if set(_entry(root, "/AcroForm").keys()) - _FORM_KEYS or any(
        field.get("/FT") != "/Sig" or "/Kids" in field or "/A" in field or "/AA" in field for field in fields
    ):
        yield "form_foreign"
    widgets = {field.container_ref for field in fields}
    for page in _pages(root["/Pages"]):
        if _PAGE_ACTIONS & set(page.keys()):
            yield "active_content"
        if any(item.reference not in widgets for item in _entry(page, "/Annots")):
            yield "annotation_foreign"


def _pages(node: generic.DictionaryObject) -> Iterator[generic.DictionaryObject]:
    if "/Kids" not in node:
        yield node
        return
    for kid in node["/Kids"]:
        yield from _pages(kid.get_object())
