"""The strict rule of the house: when is a signed document valid (I1; threats T-12, T-13, T-38, T-39).

A validator's own verdict accepts covering fields, foreign third signatures, swapped certificates and trailing
bytes. So facts are collected first (`pades_verify`) and judged here, without any PDF library.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a document is not valid."""

    code: str
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ExpectedSignature:
    """What the record says: this field, signed with this certificate (SHA-256 of its DER, hex)."""

    field: str
    certificate_sha256: str


class Change(StrEnum):
    """What happened to the document after a signature, worst last."""

    NOTHING = "nothing"
    LONG_TERM_DATA = "long_term_data"
    SIGNING = "signing"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What the validator found out about one signature. `revision`: 0 is the prepared document."""

    field: str
    signer: str
    certificate_sha256: str
    revision: int
    level: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    timestamp_valid: bool
    timestamp_trusted: bool
    covers: str
    well_formed: bool
    change: Change
    permission: int | None
    locks: bool


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the validator found out about the file. `structure`: codes of what does not belong in our layout."""

    sha256: str
    signatures: tuple[SignatureFacts, ...]
    unsigned_fields: tuple[str, ...]
    structure: tuple[str, ...]
    trailing: bool
    archive_timestamps_valid: bool


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature as shown to people. `covers`: file, revision or part. `level`: B-B or B-T."""

    field: str
    signer: str
    certificate_sha256: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    covers: str
    level: str
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The verdict on a whole document."""

    sha256: str
    signatures: tuple[SignatureReport, ...]
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        return bool(self.signatures) and not self.all_problems

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Of the document, then of each signature in order."""
        return self.problems + tuple(problem for one in self.signatures for problem in one.problems)


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """The quick look: are the signed bytes the ones that were signed. Says nothing about trust or time."""

    signatures: int
    intact: bool
    covers_file: bool

    @property
    def sound(self) -> bool:
        return self.signatures > 0 and self.intact and self.covers_file


_TEXTS = {
    "unreadable": ("文件无法读取，可能已损坏或不是 PDF。", "The file cannot be read: damaged, or not a PDF."),
    "damaged": ("签名后的文件已损坏或被改动。", "The signed file is damaged or was changed."),
    "no_signature": ("文件中没有电子签名。", "The file has no signature."),
    "hash_differs": ("文件与存档记录不一致，不是本平台存证的版本。", "The file is not the one on record."),
    "signature_missing": ("缺少应有的签名：{field}。", "An expected signature is missing: {field}."),
    "signature_foreign": ("出现了不应有的签名：{field}。", "There is a signature that does not belong: {field}."),
    "certificate_foreign": (
        "{field} 使用的数字证书与存档记录不一致。",
        "{field} was signed with another certificate than on record.",
    ),
    "field_unsigned": ("存在未签署的签名域：{field}。", "There is an unsigned signature field: {field}."),
    "annotation_foreign": ("页面上存在签名以外的批注或控件。", "Pages carry annotations other than the signatures."),
    "form_foreign": ("文件中存在签名以外的表单内容。", "The form holds more than signatures."),
    "active_content": (
        "文件含有脚本、附件或其他活动内容。",
        "The file holds scripts, attachments or other active content.",
    ),
    "not_certified": (
        "首个签名没有限制后续修改（缺少 DocMDP 认证）。",
        "The first signature does not certify the document (DocMDP).",
    ),
    "not_locked": ("最后一个签名没有锁定文件。", "The last signature does not lock the document."),
    "revision_foreign": ("签名之间夹有其他修改。", "There are other changes between the signatures."),
    "trailing_data": ("最后一个签名之后还有其他内容。", "Something follows the last signature."),
    "archive_timestamp_bad": ("归档时间戳无效。", "An archive time-stamp is not valid."),
    "not_intact": ("{field}：签名后内容被改动。", "{field}: the content was changed after signing."),
    "not_trusted": (
        "{field}：数字证书不受信任，或签署时不在有效期内。",
        "{field}: the certificate is not trusted, or was not valid when signing.",
    ),
    "timestamp_missing": ("{field}：缺少可信时间戳。", "{field}: there is no time-stamp."),
    "timestamp_bad": ("{field}：时间戳无效。", "{field}: the time-stamp is not valid."),
    "timestamp_untrusted": ("{field}：时间戳机构不受信任。", "{field}: the time-stamping authority is not trusted."),
    "not_covering": (
        "{field}：签名没有覆盖当时的完整文件。",
        "{field}: the signature does not cover the whole file of its time.",
    ),
    "change_forbidden": ("{field}：签名之后有不允许的修改。", "{field}: changes after the signature are not allowed."),
}


def problem(code: str, **details: str) -> Problem:
    """The problem `code` with its texts."""
    chinese, english = _TEXTS[code]
    return Problem(code, chinese.format(**details), english.format(**details))


def unreadable(sha256: str, *, is_signed: bool) -> VerificationReport:
    """The verdict on bytes that a strict reader does not understand."""
    return VerificationReport(sha256, (), (problem("damaged" if is_signed else "unreadable"),))


def judge(
    facts: DocumentFacts, *, expected: Sequence[ExpectedSignature] | None, pending: Sequence[str], sha256: str | None
) -> VerificationReport:
    """Apply the rule. Without `expected` any trusted signer passes, everything else is as strict.

    `pending`: fields whose party has not signed yet, for a document that is still on its way.
    """
    found = []
    if sha256 is not None and sha256 != facts.sha256:
        found.append(problem("hash_differs"))
    found += _completeness(facts, expected, pending)
    found += _layout(facts, pending)
    reports = tuple(_report(one) for one in facts.signatures)
    return VerificationReport(facts.sha256, reports, tuple(found))


def _completeness(
    facts: DocumentFacts, expected: Sequence[ExpectedSignature] | None, pending: Sequence[str]
) -> Iterator[Problem]:
    signed = {one.field: one.certificate_sha256 for one in facts.signatures}
    if not signed:
        yield problem("no_signature")
    for field in facts.unsigned_fields:
        if field not in pending:
            yield problem("field_unsigned", field=field)
    if expected is None:
        return
    wanted = {one.field: one.certificate_sha256 for one in expected}
    for field in sorted(wanted.keys() - signed.keys()):
        yield problem("signature_missing", field=field)
    for field in sorted(signed.keys() - wanted.keys()):
        yield problem("signature_foreign", field=field)
    for field in sorted(signed.keys() & wanted.keys()):
        if signed[field] != wanted[field]:
            yield problem("certificate_foreign", field=field)


def _layout(facts: DocumentFacts, pending: Sequence[str]) -> Iterator[Problem]:
    for code in facts.structure:
        yield problem(code)
    if facts.trailing:
        yield problem("trailing_data")
    if not facts.archive_timestamps_valid:
        yield problem("archive_timestamp_bad")
    if not facts.signatures:
        return
    first, *others = facts.signatures
    if first.permission not in (1, 2) or any(other.permission is not None for other in others):
        yield problem("not_certified")
    if not pending and not facts.signatures[-1].locks:
        yield problem("not_locked")
    if any(one.revision != place for place, one in enumerate(facts.signatures, 1)):
        yield problem("revision_foreign")


def _report(facts: SignatureFacts) -> SignatureReport:
    return SignatureReport(
        field=facts.field,
        signer=facts.signer,
        certificate_sha256=facts.certificate_sha256,
        signed_at=facts.signed_at,
        intact=facts.intact,
        trusted=facts.trusted,
        covers=facts.covers,
        level=facts.level,
        problems=tuple(problem(code, field=facts.field) for code in _signature_problems(facts)),
    )


def _signature_problems(facts: SignatureFacts) -> Iterator[str]:
    if not facts.intact:
        yield "not_intact"
    if not facts.trusted:
        yield "not_trusted"
    if facts.signed_at is None:
        yield "timestamp_missing"
    elif not facts.timestamp_valid:
        yield "timestamp_bad"
    elif not facts.timestamp_trusted:
        yield "timestamp_untrusted"
    if facts.covers == "part" or not facts.well_formed:
        yield "not_covering"
    if facts.change is Change.FORBIDDEN:
        yield "change_forbidden"
