"""How parent and child talk: one line of JSON, then blobs back to back.

`{"sizes": [3, 2], …}\\nabcde` carries the blobs `abc` and `de`.
"""

import json
from collections.abc import Sequence
from typing import Any

Message = tuple[dict[str, Any], list[bytes]]


def pack(head: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return the message as bytes."""
    line = json.dumps({**head, "sizes": [len(blob) for blob in blobs]})
    return b"".join([line.encode(), b"\n", *blobs])


def unpack(data: bytes) -> Message:
    """Return head and blobs. Raises ValueError for anything malformed: the sender may be a broken child."""
    line, separator, rest = data.partition(b"\n")
    head = json.loads(line)
    if not separator or not isinstance(head, dict) or not isinstance(head.get("sizes"), list):
        raise ValueError("malformed message")
    blobs, position = [], 0
    for size in head["sizes"]:
        if not isinstance(size, int) or size < 0:
            raise ValueError("malformed size")
        blobs.append(rest[position : position + size])
        position += size
    if position != len(rest):
        raise ValueError("sizes do not add up")
    return head, blobs
