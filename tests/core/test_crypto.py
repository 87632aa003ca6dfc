"""Encryption of columns and documents, keys that rotate, blind indexes (B8)."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import crypto
from app.core.crypto import CannotDecrypt, Keyring

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def rotated(encryption_keys: None) -> Iterator[None]:
    """Something was encrypted with the old key; now the new one is active."""
    yield
    crypto.configure(Keyring("test", {"test": b"k" * 32}, b"i" * 32))


@given(st.binary(max_size=200), st.text(min_size=1, max_size=30))
def test_what_went_in_comes_out(data: bytes, aad: str) -> None:
    assert crypto.decrypt(crypto.encrypt(data, aad=aad), aad=aad) == data


def test_two_encryptions_differ() -> None:
    assert crypto.encrypt(b"same", aad="a") != crypto.encrypt(b"same", aad="a")


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(crypto.encrypt(b"secret", aad="a"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotDecrypt):
        crypto.decrypt(bytes(sealed), aad="a")


@pytest.mark.parametrize("cut", [0, 1, 2, 5, 20])
def test_a_cut_ciphertext_is_noticed(cut: int) -> None:
    with pytest.raises(CannotDecrypt):
        crypto.decrypt(crypto.encrypt(b"secret", aad="a")[:cut], aad="a")


def test_a_value_moved_to_another_place_does_not_open() -> None:
    sealed = crypto.encrypt(b"13800138000", aad="worker_account:phone:1")
    with pytest.raises(CannotDecrypt):
        crypto.decrypt(sealed, aad="worker_account:phone:2")


def test_each_scope_has_a_key_of_its_own() -> None:
    sealed = crypto.encrypt(b"contract", aad="a", scope="file:org-1")
    with pytest.raises(CannotDecrypt):
        crypto.decrypt(sealed, aad="a", scope="file:org-2")


def test_old_values_open_after_rotation_and_new_ones_use_the_new_key(rotated: None) -> None:
    crypto.configure(Keyring("old", {"old": OLD}, b"i" * 32))
    before = crypto.encrypt(b"before", aad="a")
    crypto.configure(Keyring("new", {"new": NEW, "old": OLD}, b"i" * 32))
    assert crypto.decrypt(before, aad="a") == b"before"
    after = crypto.encrypt(b"after", aad="a")
    crypto.configure(Keyring("old", {"old": OLD}, b"i" * 32))
    with pytest.raises(CannotDecrypt):
        crypto.decrypt(after, aad="a")


def test_an_index_finds_the_same_value_of_the_same_purpose_only() -> None:
    phone = crypto.blind_index("13800138000", purpose="phone")
    assert phone == crypto.blind_index("13800138000", purpose="phone")
    assert phone != crypto.blind_index("13800138000", purpose="id_number")
    assert phone != crypto.blind_index("13800138001", purpose="phone")
    assert "13800138000" not in phone


@pytest.mark.parametrize(
    ("active", "keys", "index"),
    [("a", {"b": OLD}, b"i" * 32), ("a", {"a": b"short"}, b"i" * 32), ("a", {"a": OLD}, b"short")],
)
def test_weak_keys_are_refused(active: str, keys: dict[str, bytes], index: bytes) -> None:
    with pytest.raises(ValueError, match=r"key"):
        Keyring(active, keys, index)
