"""Redaction by value: a secret is replaced wherever it occurs in what is kept of a call.

A secret is replaced by its fingerprint, so its occurrences can be compared. Secrets of
Login with Amazon and download signatures are recognized by their form, others because they were
received where a secret belongs.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import unquote

SECRET_NAMES: Final = frozenset({
    "access_token", "accesstoken", "api_key", "apikey", "authorization", "client_secret",
    "clientsecret", "id_token", "passwd", "password", "refresh_token", "refreshtoken", "secret",
    "x-amz-security-token",
})  # fmt: skip
"""Members and parameters, in lower case, that carry a secret wherever they occur."""

SECRET_HEADERS: Final = (
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-amz-access-token",
    "x-amz-security-token",
    "x-api-key",
)

MAX_LEARNED: Final = 256
"""Secrets remembered per sandbox; the oldest are forgotten first."""

_SHORTEST = 8
_LONGEST_CLEAN, _MOST_CLEAN = 200, 1_024
_LONGEST_WORD = 20
_BAR = r"(?:\||%7[Cc]|\\u007[Cc])"
_FORMS = rf"Atz[acr]{_BAR}[\w.~+-]+|amzn1\.oa2-cs\.[\w.~+-]+"
_SIGNATURE = r"X-Amz-Signature(=|%3[Dd])([\w.~%-]+)"
_TEXT = re.compile(f"{_FORMS}|{_SIGNATURE}", re.ASCII | re.IGNORECASE)
_RAW = re.compile(f"{_FORMS}|{_SIGNATURE}".encode(), re.IGNORECASE)
_NAMED_MEMBER = re.compile(
    ('"(?:' + "|".join(map(re.escape, sorted(SECRET_NAMES))) + r')"\s*:').encode()
)
_FORM_HINTS = (b"atz", b"oa2-cs", b"x-amz-s")
_NAME_HINTS = (b"token", b"secret", b"passw", b"api", b"authorization")
"""Parts of forms and names: looking for them first takes a tenth of a pattern's time."""


def fingerprint(secret: str) -> str:
    """Return a short name of a secret that does not reveal it."""
    return "tok-" + blake2b(secret.encode(), digest_size=6).hexdigest()


def signature_name(signature: str) -> str:
    """Return a short name of a download signature, distinct from those of tokens."""
    return "sig-" + blake2b(signature.encode(), digest_size=6).hexdigest()


class Redactor:
    """Replaces the secrets of one sandbox, and everything that has the form of a secret.

    ``everyone`` learns them too: calls without a sandbox may carry the secret of any.
    """

    __slots__ = ("_clean", "_everyone", "_learned")

    def __init__(self, everyone: Redactor | None = None) -> None:
        self._learned: dict[str, None] = {}
        self._clean: set[str] = set()
        self._everyone = everyone

    def learn(self, secret: str | None) -> None:
        """Remember a secret that its form does not show.

        Short values and plain words are left out: a caller could otherwise hide ordinary text.
        """
        if not secret or len(secret) < _SHORTEST or secret in self._learned:
            return
        if (secret.isalpha() and len(secret) < _LONGEST_WORD) or _TEXT.fullmatch(secret):
            return
        if self._everyone is not None:
            self._everyone.learn(secret)
        self._learned[secret] = None
        self._clean.clear()
        if len(self._learned) > MAX_LEARNED:
            del self._learned[next(iter(self._learned))]

    def text(self, text: str) -> str:
        """Return a text without secrets; short ones without any are remembered."""
        if text in self._clean:
            return text
        kept = self._without_secrets(text)
        if kept == text and len(text) <= _LONGEST_CLEAN:
            if len(self._clean) >= _MOST_CLEAN:
                self._clean.clear()
            self._clean.add(text)
        return kept

    def _without_secrets(self, text: str) -> str:
        lower = text.lower()  # much faster than the pattern, which rarely matches
        if "atz" in lower or "oa2-cs" in lower or "x-amz-s" in lower:
            text = _TEXT.sub(_name, text)
        for secret in self._learned:
            if secret in text:
                text = text.replace(secret, fingerprint(secret))
        return text

    def raw(self, body: bytes) -> bytes:
        """Return bytes without secrets."""
        lower = body.lower()
        if any(form in lower for form in _FORM_HINTS):
            body = _RAW.sub(_raw_name, body)
        for secret in self._learned:
            encoded = secret.encode()
            if encoded in body:
                body = body.replace(encoded, fingerprint(secret).encode())
        return body

    def value(self, value: Any) -> Any:
        """Return a JSON value without secrets, also in names and in members that carry them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, dict):
            return {self.text(name): self._member(name, each) for name, each in value.items()}
        return value

    def _member(self, name: str, value: Any) -> Any:
        is_secret = name.lower() in SECRET_NAMES and isinstance(value, str) and value
        return fingerprint(value) if is_secret else self.value(value)

    def needs_redaction(self, body: bytes) -> bool:
        """Say whether a body has a secret, or a member that carries one."""
        lower = body.lower()
        is_named = any(hint in lower for hint in _NAME_HINTS) and _NAMED_MEMBER.search(lower)
        return (
            any(form in lower for form in _FORM_HINTS)
            or bool(is_named)
            or any(secret.encode() in body for secret in self._learned)
        )


def _name(match: re.Match[str]) -> str:
    if match[2]:
        return match[0][: match.start(2) - match.start()] + signature_name(match[2])
    return fingerprint(unquote(match[0]).replace("\\u007c", "|").replace("\\u007C", "|"))


def _raw_name(match: re.Match[bytes]) -> bytes:
    found = _TEXT.fullmatch(match[0].decode("ascii", "replace"))
    return (_name(found) if found else fingerprint(match[0].decode("utf-8", "replace"))).encode()
