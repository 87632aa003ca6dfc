"""Names, codes and regions of organisations (C1, GB 32100)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.organisations.errors import UsccInvalid
from app.organisations.profile import normalise_organisation_name, parse_profile, parse_uscc, province_of
from tests.factories import new_uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REAL = "91110000802100433B"  # the example in the vendor's documents


def test_codes_are_normalised() -> None:
    assert parse_uscc(f" {REAL[:4]} {REAL[4:].lower()} ") == REAL
    assert parse_uscc("".join(chr(ord(char) + 0xFEE0) for char in REAL)) == REAL


@given(st.integers(0, 16), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(place: int, char: str) -> None:
    changed = REAL[:place] + char + REAL[place + 1 :]
    if changed == REAL:
        return
    with pytest.raises(UsccInvalid):
        parse_uscc(changed)


@given(st.text(max_size=20))
def test_anything_else_is_refused_and_nothing_crashes(text: str) -> None:
    with pytest.raises(UsccInvalid):
        parse_uscc(text)


@pytest.mark.parametrize("code", ["", REAL[:17], REAL + "0", REAL.replace("B", "I"), REAL.replace("B", "O")])
def test_wrong_lengths_and_letters_that_do_not_exist_are_refused(code: str) -> None:
    with pytest.raises(UsccInvalid):
        parse_uscc(code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("长春市 启明 软件技术有限公司", "长春市启明软件技术有限公司"),
        ("长春启明(集团)有限公司", "长春启明（集团）有限公司"),
        ("长春启明（集团）有限公司", "长春启明（集团）有限公司"),
        ("ＡＢＣ软件有限公司", "ABC软件有限公司"),
        ("北方𠮷祥餐饮管理有限公司", "北方𠮷祥餐饮管理有限公司"),
        ("阿勒泰•额尔齐斯商店", "阿勒泰·额尔齐斯商店"),
    ],
)
def test_names_are_written_as_on_the_licence(typed: str, name: str) -> None:
    assert normalise_organisation_name(typed) == name


@given(st.text(max_size=60))
def test_normalising_a_name_twice_changes_nothing_more(text: str) -> None:
    once = normalise_organisation_name(text)
    assert normalise_organisation_name(once) == once


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_profile(name="<", uscc=REAL, kind="bank", address="")
    assert set(refused.value.fields) == {"name", "kind", "address"}
    with pytest.raises(UsccInvalid) as wrong_code:
        parse_profile(name="长春启明有限公司", uscc="1", kind="enterprise", address="长春市")
    assert set(wrong_code.value.fields) == {"uscc"}


@pytest.mark.parametrize(
    ("region", "province"),
    [
        ("220100", "吉林省"),
        ("110105", "北京市"),
        ("650000", "新疆维吾尔自治区"),
        ("100000", "全国（国家登记机关）"),
    ],
)
def test_the_region_comes_from_the_code(region: str, province: str) -> None:
    profile = parse_profile(name="启明有限公司", uscc=new_uscc(region), kind="other", address="某市某路 1 号")
    assert profile.region_code == region
    assert province_of(profile.region_code) == province
