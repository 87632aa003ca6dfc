"""The strict rule, fact by fact, and the quick check."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.signing.pades import integrity_only
from app.signing.verification import (
    _TEXTS,
    Change,
    DocumentFacts,
    ExpectedSignature,
    SignatureFacts,
    VerificationReport,
    judge,
    problem,
)
from tests.signing.engine.attacks import Attack, archived, corpus, long_term_data
from tests.signing.engine.world import World

WORKER = SignatureFacts(
    field="worker", signer="张三", certificate_sha256="aa", revision=1, level="B-T",
    signed_at=datetime(2026, 11, 20, tzinfo=UTC), intact=True, trusted=True, timestamp_valid=True,
    timestamp_trusted=True, covers="revision", well_formed=True, change=Change.SIGNING, permission=2, locks=False,
)  # fmt: skip
EMPLOYER = replace(
    WORKER, field="employer", certificate_sha256="bb", revision=2, covers="file", change=Change.NOTHING,
    permission=None, locks=True,
)  # fmt: skip
GOOD = DocumentFacts("f" * 64, (WORKER, EMPLOYER), (), (), False, True)
EXPECTED = [ExpectedSignature("worker", "aa"), ExpectedSignature("employer", "bb")]


def verdict(facts: DocumentFacts, **options: object) -> VerificationReport:
    defaults: dict[str, object] = {"expected": EXPECTED, "pending": (), "sha256": None}
    return judge(facts, **{**defaults, **options})  # type: ignore[arg-type]


def codes(facts: DocumentFacts, **options: object) -> list[str]:
    report = verdict(facts, **options)
    assert report.valid is not bool(report.all_problems)
    return [one.code for one in report.all_problems]


def test_good_facts_are_valid() -> None:
    assert codes(GOOD) == []
    assert codes(GOOD, expected=None) == []
    assert codes(GOOD, sha256="f" * 64) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"intact": False}, "not_intact"),
        ({"trusted": False}, "not_trusted"),
        ({"signed_at": None}, "timestamp_missing"),
        ({"timestamp_valid": False}, "timestamp_bad"),
        ({"timestamp_trusted": False}, "timestamp_untrusted"),
        ({"covers": "part"}, "not_covering"),
        ({"well_formed": False}, "not_covering"),
        ({"change": Change.FORBIDDEN}, "change_forbidden"),
    ],
)
def test_one_bad_fact_of_a_signature_is_enough(changed: dict[str, object], code: str) -> None:
    for bad in (
        replace(GOOD, signatures=(replace(WORKER, **changed), EMPLOYER)),
        replace(GOOD, signatures=(WORKER, replace(EMPLOYER, **changed))),
    ):
        assert codes(bad) == [code]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"trailing": True}, ["trailing_data"]),
        ({"archive_timestamps_valid": False}, ["archive_timestamp_bad"]),
        ({"structure": ("annotation_foreign",)}, ["annotation_foreign"]),
        ({"unsigned_fields": ("extra",)}, ["field_unsigned"]),
        ({"signatures": (WORKER,)}, ["signature_missing", "not_locked"]),
        ({"signatures": ()}, ["no_signature", "signature_missing", "signature_missing"]),
        ({"signatures": (WORKER, replace(EMPLOYER, revision=3))}, ["revision_foreign"]),
        ({"signatures": (replace(WORKER, permission=3), EMPLOYER)}, ["not_certified"]),
        ({"signatures": (replace(WORKER, permission=None), EMPLOYER)}, ["not_certified"]),
        ({"signatures": (WORKER, replace(EMPLOYER, locks=False))}, ["not_locked"]),
        ({"signatures": (WORKER, replace(EMPLOYER, certificate_sha256="aa"))}, ["certificate_foreign"]),
        ({"signatures": (WORKER, replace(EMPLOYER, field="other"))}, ["signature_missing", "signature_foreign"]),
    ],
)
def test_one_bad_fact_of_the_document_is_enough(changed: dict[str, object], expected: list[str]) -> None:
    assert codes(replace(GOOD, **changed)) == expected


def test_another_hash_than_on_record() -> None:
    assert codes(GOOD, sha256="0" * 64) == ["hash_differs"]


def test_a_document_on_its_way_may_have_pending_fields_only() -> None:
    halfway = replace(GOOD, signatures=(replace(WORKER, covers="file"),), unsigned_fields=("employer",))
    assert codes(halfway, expected=EXPECTED[:1], pending=["employer"]) == []
    assert codes(halfway, expected=EXPECTED[:1]) == ["field_unsigned", "not_locked"]


def test_every_problem_speaks_two_languages() -> None:
    for code in _TEXTS:
        one = problem(code, field="worker")
        assert one.text_zh.endswith("。")
        assert one.text_en.endswith(".")
        assert "{" not in one.text_zh + one.text_en


def test_report_of_a_real_document(each_world: World) -> None:
    report = each_world.verify(each_world.final)
    worker, employer = report.signatures
    assert (worker.field, worker.signer, worker.covers, worker.level) == ("worker", "𠮷田·䶮", "revision", "B-T")
    assert (employer.field, employer.signer, employer.covers) == ("employer", "合同专用章", "file")
    assert worker.signed_at is not None
    assert worker.signed_at.tzinfo is not None
    assert all(one.valid and one.intact and one.trusted for one in report.signatures)


def test_no_roots_trust_nobody(world: World) -> None:
    report = world.verify(world.final, signing_roots=(), timestamp_roots=())
    assert {one.code for one in report.all_problems} == {"not_trusted", "timestamp_untrusted"}


class TestIntegrityOnly:
    def test_sound_documents(self, each_world: World) -> None:
        assert integrity_only(each_world.final).sound
        assert integrity_only(each_world.first).signatures == 1
        assert integrity_only(archived(each_world)).sound

    def test_what_follows_is_seen(self, world: World) -> None:
        report = integrity_only(long_term_data(world))
        assert report.intact
        assert not report.covers_file

    def test_unsigned_is_not_sound(self, world: World) -> None:
        assert not integrity_only(world.prepared).sound
        assert not integrity_only(b"").sound

    def test_never_raises_and_sees_every_changed_byte(self, world: World) -> None:
        attacks: list[Attack] = list(corpus(world))
        for attack in attacks:
            report = integrity_only(attack.pdf)
            if attack.name in ("flip-page-content", "flip-header", "flip-reason", "reuse-from-other-contract"):
                assert not report.sound, attack.name
