"""Self-describing signed strings: tokens, page tokens, download URLs.

A signed string names its shard and sandbox in plain text, so any process of a larger installation
can attribute it without a shared store.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import b2a_base64
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

_SEPARATOR = "\x1f"
_MAC_BYTES = 12
_LONGEST = 4096
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class TokenSigner:
    """Signs and verifies strings with one key."""

    __slots__ = ("_begun", "_key", "shard")

    def __init__(self, key: bytes, shard: str = "0") -> None:
        self._key = key
        self.shard = shard
        self._begun: dict[str, Any] = {}

    def sign(self, kind: str, sandbox: str, *fields: object) -> str:
        """Return an opaque URL-safe string that carries ``fields``."""
        payload = _SEPARATOR.join((self.shard, sandbox, *map(str, fields))).encode()
        return _encode(self._mac(kind, payload) + payload)

    def verify(self, kind: str, text: str) -> tuple[str, ...] | None:
        """Return ``(sandbox, *fields)``, or None if ``text`` was not signed here as ``kind``."""
        parts = self._parts(kind, text)
        return tuple(parts[1:]) if parts is not None and parts[0] == self.shard else None

    def shard_of(self, kind: str, text: str) -> str | None:
        """Return the shard that signed ``text`` as ``kind``, None if no shard did."""
        parts = self._parts(kind, text)
        return None if parts is None else parts[0]

    def _parts(self, kind: str, text: str) -> list[str] | None:
        raw = _decode(text)
        if raw is None:
            return None
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not compare_digest(mac, self._mac(kind, payload)):
            return None
        return payload.decode().split(_SEPARATOR)

    def _mac(self, kind: str, payload: bytes) -> bytes:
        begun = self._begun.get(kind)
        if begun is None:  # all strings of a kind share the key, so it is hashed once
            person = kind.encode()[:16]
            begun = blake2b(key=self._key, digest_size=_MAC_BYTES, person=person)
            self._begun[kind] = begun
        hashed = begun.copy()
        hashed.update(payload)
        return bytes(hashed.digest())


def _encode(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=").decode()


def _decode(text: str) -> bytes | None:
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    # One spelling per token: the decoder also accepts stray characters and spare bits.
    return raw if len(raw) > _MAC_BYTES and _encode(raw) == text else None
