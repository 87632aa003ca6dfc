"""The corpus of attacks against the strict rule: no false VALID, no rejected control, no exception (A-sig)."""

import hashlib

import pytest

from tests.signing.engine.attacks import Attack, archived, corpus, long_term_data
from tests.signing.engine.world import World


@pytest.fixture(scope="module")
def attacks(world: World) -> list[Attack]:
    return list(corpus(world))


def test_no_attack_is_judged_valid(world: World, attacks: list[Attack]) -> None:
    record = hashlib.sha256(world.final).hexdigest()
    assert len(attacks) >= 40
    assert len({attack.name for attack in attacks}) == len(attacks)
    accepted = [
        attack.name for attack in attacks if world.verify(attack.pdf, sha256=record if attack.by_record else None).valid
    ]
    assert accepted == []


def test_what_only_the_record_tells_is_otherwise_sound(world: World, attacks: list[Attack]) -> None:
    """So the refusal above really comes from the record's hash, and from nothing else."""
    for attack in attacks:
        if attack.by_record:
            report = world.verify(attack.pdf, sha256="0" * 64)
            assert [problem.code for problem in report.all_problems] == ["hash_differs"], attack.name


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        ("after-completion-page-content", "change_forbidden"),
        ("after-completion-covering-field", "field_unsigned"),
        ("between-signatures-nothing", "revision_foreign"),
        ("appended-text", "trailing_data"),
        ("flip-header", "not_intact"),
        ("namesake-signs-for-worker", "certificate_foreign"),
        ("look-alike-authority", "not_trusted"),
        ("foreign-timestamp", "timestamp_untrusted"),
        ("third-signature", "signature_foreign"),
        ("rollback-to-first-signature", "signature_missing"),
        ("there-from-the-start-evil-annotation", "annotation_foreign"),
        ("there-from-the-start-open-action", "active_content"),
        ("there-from-the-start-text-field", "form_foreign"),
        ("no-document-text", "unreadable"),
        ("flip-page-content", "damaged"),
    ],
)
def test_the_reason_is_named(world: World, attacks: list[Attack], attack: str, code: str) -> None:
    (found,) = [one for one in attacks if one.name == attack]
    assert code in [problem.code for problem in world.verify(found.pdf).all_problems]


def test_attack_files_differ_from_the_genuine_one(world: World, attacks: list[Attack]) -> None:
    assert [attack.name for attack in attacks if attack.pdf == world.final] == []


def test_controls_are_accepted(each_world: World) -> None:
    genuine = each_world.final
    assert each_world.verify(genuine, sha256=hashlib.sha256(genuine).hexdigest()).valid
    assert each_world.verify(genuine, expected=None).valid
    assert each_world.verify(each_world.first, expected=each_world.expected[:1], pending=["employer"]).valid
    assert each_world.verify(long_term_data(each_world)).valid
    assert each_world.verify(archived(each_world)).valid
