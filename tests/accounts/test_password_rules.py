"""What a password may be, and how it is kept (A2)."""

import inspect

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.accounts import password_hashing
from app.accounts.errors import PasswordRefused
from app.accounts.passwords import parse_new_password
from tests.accounts.password_world import GOOD


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab3!efg", "密码须为 8 至 64 个字符。"),
        ("a1" * 32 + "b", "密码须为 8 至 64 个字符。"),
        ("changchun", "密码须包含字母、数字、符号中的至少两种。"),
        ("20261120", "密码须包含字母、数字、符号中的至少两种。"),
        ("长春市朝阳区人民大街", "密码须包含字母、数字、符号中的至少两种。"),
        ("a13912345678", "密码不能包含本人手机号。"),
        ("ａ１３９１２３４５６７８", "密码不能包含本人手机号。"),
        ("Woaini1314", "该密码太常见，容易被猜到，请换一个。"),
        ("ａｂｃ１２３４５６", "该密码太常见，容易被猜到，请换一个。"),
        ("good\npass1", "密码不能包含换行等不可见字符。"),
    ],
)
def test_what_a_password_may_not_be(password: str, reason: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        parse_new_password(password, phone="13912345678")
    assert refused.value.fields == {"password": [reason]}


@pytest.mark.parametrize("password", ["changchun 2026", "长春2026人民大街", "a1" * 32, "!!!!!!!a", " two blanks "])
def test_what_a_password_may_be(password: str) -> None:
    assert parse_new_password(password, phone="13912345678") == password


def test_hashes_are_argon2id_as_documented_and_salted() -> None:
    first, second = password_hashing.hash_password(GOOD), password_hashing.hash_password(GOOD)
    assert first != second
    found = extract_parameters(first)
    assert (found.time_cost, found.memory_cost, found.parallelism) == (3, 64 * 1024, 4)
    assert first.startswith("$argon2id$")
    assert password_hashing.is_password(first, GOOD)
    assert not password_hashing.is_password(first, GOOD + " ")


def test_where_there_is_no_password_the_same_work_is_done() -> None:
    """Equal parameters are equal work; what the dummy hash is of, nobody knows (T-27)."""
    stored = password_hashing.hash_password(GOOD)
    assert extract_parameters(password_hashing.NOBODYS_HASH) == extract_parameters(stored)
    assert not PasswordHasher.from_parameters(extract_parameters(stored)).check_needs_rehash(
        password_hashing.NOBODYS_HASH
    )
    assert not password_hashing.is_password(None, GOOD)
    assert inspect.getsource(password_hashing.is_password).count("_HASHER.verify") == 1
