"""Seeded random values: each is a hash of what it is for.

There is no hidden state, so neither threads nor the order of calls can change a value. The one
exception is a value that nobody may predict.
"""

from __future__ import annotations

import os
from base64 import b32encode
from hashlib import blake2b
from random import Random  # noqa: TID251 -- a library needs one; it is seeded by hash

_SEPARATOR = "\x1f"


def unpredictable(size: int) -> str:
    """Return ``size`` bytes from the system's generator in hexadecimal, for access tokens."""
    return os.urandom(size).hex()


def digest(size: int, *parts: object) -> bytes:
    """Return ``size`` bytes that depend on ``parts`` alone."""
    return blake2b(_SEPARATOR.join(map(str, parts)).encode(), digest_size=size).digest()


def hexadecimal(length: int, *parts: object) -> str:
    """Return ``length`` lower-case hexadecimal characters."""
    return digest((length + 1) // 2, *parts).hex()[:length]


def unit(*parts: object) -> float:
    """Return a number in [0, 1)."""
    return int.from_bytes(digest(7, *parts)) / (1 << 56)


def integer(below: int, *parts: object) -> int:
    """Return an integer in [0, below)."""
    return int.from_bytes(digest(16, *parts)) % below


def uuid(*parts: object) -> str:
    """Return a version 4 shaped UUID."""
    text = digest(16, *parts).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def letters(length: int, *parts: object) -> str:
    """Return ``length`` characters of A-Z and 2-7, such as request ids show."""
    return b32encode(digest((length * 5 + 7) // 8, *parts)).decode()[:length]


def generator(*parts: object) -> Random:
    """Return a ``random.Random`` that depends on ``parts``, for libraries that need one."""
    return Random(digest(16, *parts))  # noqa: S311 -- invented data, no secret
