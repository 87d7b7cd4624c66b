"""Values as bytes for a column, and back."""

import json
import zlib
from typing import TypeVar

import msgspec

Value = TypeVar("Value")
_FAST = 1  # 1 instead of 6: three times the speed for a sixth more space


def encode(value: object) -> bytes:
    """JSON. Lone surrogates, which neither database holds, become question marks."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def pack(encoded: bytes) -> bytes:
    return zlib.compress(encoded, _FAST)


def unpack(packed: bytes, kind: type[Value]) -> Value:
    return msgspec.json.decode(zlib.decompress(packed), type=kind)


def plain(text: str) -> str:
    """Without what a text column refuses: NUL (PostgreSQL) and lone surrogates (both)."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
