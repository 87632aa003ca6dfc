"""Which characters of an Alipay answer were signed."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.alipay_envelope import is_signed_by, top_level_members

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), JSON_VALUES, min_size=1, max_size=4), st.booleans())
def test_finds_every_member_and_its_exact_text(members: dict[str, object], indented: bool) -> None:
    found = top_level_members(json.dumps(members, indent=2 if indented else None))
    assert {name: value for name, (value, _) in found.items()} == members
    assert all(json.loads(text) == members[name] for name, (_, text) in found.items())


def test_braces_in_strings_do_not_end_the_object() -> None:
    inner = '{"reason":"}{\\"}", "code":"10000"}'
    assert top_level_members(f'{{"answer": {inner} ,"sign":"x"}}')["answer"][1] == inner


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "{",
        '{"a":1',
        '{"a":1,}',
        '{"a":1}x',
        '{"a":1}{"a":2}',
        '{"a":1,"a":2}',
        '{"a" 1}',
        "{1:2}",
        '"a"',
        '{"a":}',
        '{"a":1 "b":2}',
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        top_level_members(text)


def test_signature_over_exactly_that_text(key: RSAPrivateKey) -> None:
    text = '{"code":"10000","name":"𠮷野家明"}'
    sign = base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
    public = key.public_key()
    assert is_signed_by(public, text, sign)
    assert not is_signed_by(public, text + " ", sign)
    assert not is_signed_by(public, text, sign[:-4])
    assert not is_signed_by(public, text, "不是 base64")
    assert not is_signed_by(public, text, "")
