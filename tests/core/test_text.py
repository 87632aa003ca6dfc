"""Names, phones and identity numbers: one normal form, and no wrong digit passes (P-07)."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.core.text import (
    mask_id_number,
    mask_name,
    mask_phone,
    normalise_id_number,
    normalise_name,
    normalise_phone,
)
from tests.factories import new_id_number


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
    ],
)
def test_every_way_of_writing_a_phone_is_one_phone(typed: str, normal: str) -> None:
    assert normalise_phone(typed) == normal


@pytest.mark.parametrize("typed", ["", "12800138000", "1380013800", "138001380000", "02188886666", "1380013800a", "+8513800138000"])  # fmt: skip  # noqa: E501
def test_what_is_no_mobile_phone_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normalise_phone(typed)
    assert list(refused.value.fields) == ["phone"]


@pytest.mark.parametrize("name", ["𠮷野家明", "䶮文杰", "阿依古丽·买买提", "张伟", "John Smith", "O'Neil", "欧阳·娜娜"])
def test_real_names_stay_as_they_are(name: str) -> None:
    assert normalise_name(name) == name


@pytest.mark.parametrize("dot", "•・‧∙．")
def test_there_is_one_middle_dot(dot: str) -> None:
    assert normalise_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize("name", ["", " ", "张3", "<script>", "张" * 51, "张\x00伟", "http://a.b/c", "张,伟"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        normalise_name(name)


@given(st.text(max_size=60))
def test_a_normal_name_is_normal(typed: str) -> None:
    try:
        once = normalise_name(typed)
    except InvalidInput:
        return
    assert normalise_name(once) == once


def test_every_single_wrong_digit_of_an_identity_number_is_found() -> None:
    number = new_id_number()
    assert normalise_id_number(f" {number.lower()} ") == number
    for at in range(18):
        for digit in string.digits + "X":
            if digit != number[at]:
                with pytest.raises(InvalidInput):
                    normalise_id_number(number[:at] + digit + number[at + 1 :])


def test_neighbours_that_changed_places_are_found() -> None:
    number = new_id_number()
    for at in range(17):
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        if swapped != number:
            with pytest.raises(InvalidInput):
                normalise_id_number(swapped)


@pytest.mark.parametrize("number", ["11010119900230001", "", "abc", "810000199408230021x"])
def test_impossible_numbers_are_refused(number: str) -> None:
    with pytest.raises(InvalidInput):
        normalise_id_number(number)


def test_a_residence_permit_is_an_identity_number() -> None:
    assert normalise_id_number("810000199408230021") == "810000199408230021"


def test_masks_show_little() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_id_number("220100199003071013") == "220***********1013"
    assert (mask_name("张伟"), mask_name("阿依古丽·买买提"), mask_name("")) == ("张*", "阿*******", "")
