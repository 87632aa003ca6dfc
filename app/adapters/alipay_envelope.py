"""The signed envelope of the Alipay gateway: which bytes were signed, and by whom.

The signature covers the exact text of the inner object, so that text is cut out with a JSON scanner;
counting braces (as the SDK does) goes wrong on a brace inside a string.
"""

import base64
import binascii
import re
from json import JSONDecodeError, JSONDecoder
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()


def top_level_members(text: str) -> dict[str, tuple[Any, str]]:
    """Each member of the JSON object `text`: its value, and the exact characters of the value.

    Raises ValueError for anything else, for doubled names, and for text after the object.
    """
    members: dict[str, tuple[Any, str]] = {}
    position = _after(text, 0, "{")
    while True:
        name, position = _DECODER.raw_decode(text, position)
        if not isinstance(name, str) or name in members:
            raise ValueError("name missing or doubled")
        start = _after(text, position, ":")
        value, position = _DECODER.raw_decode(text, start)
        members[name] = (value, text[start:position])
        position = _skip_blank(text, position)
        if text[position : position + 1] == "}":
            break
        position = _after(text, position, ",")
    if _skip_blank(text, position + 1) != len(text):
        raise ValueError("text after the object")
    return members


def is_signed_by(key: RSAPublicKey, text: str, signature: str) -> bool:
    """RSA2: RSA PKCS#1 v1.5 with SHA-256, base64, over the UTF-8 of `text`."""
    try:
        key.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def _skip_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _after(text: str, position: int, char: str) -> int:
    position = _skip_blank(text, position)
    if text[position : position + 1] != char:
        raise JSONDecodeError(f"expected {char}", "", position)
    return _skip_blank(text, position + 1)
