"""What is kept on disk is sealed: the key, where it comes from, and sealing with it.

Knows the Fernet recipe of the ``cryptography`` package (AES-128-CBC with HMAC-SHA256) and three
sources of a key: an argument, the environment, the keyring of the operating system. Must not know
what is sealed. ``python -m adsmock.harness.client.key`` prints a new key.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from typing import TYPE_CHECKING, Any

from .errors import StoreTrouble

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_VARIABLE = "ADSMOCK_STORE_KEY"
KEYRING_SERVICE, KEYRING_NAME = "adsmock", "store"

_INDEX = b"adsmock-index"


class Vault:
    """Seals and opens bytes with one key."""

    def __init__(self, key: str) -> None:
        self._cipher, self._refused = _cipher(key)
        # A key of its own for the index: one key must not serve two recipes.
        self._index = hashlib.blake2b(key.encode(), digest_size=32, person=_INDEX).digest()

    def seal(self, plain: bytes) -> bytes:
        """Return the sealed form; the same bytes seal differently each time."""
        sealed: bytes = self._cipher.encrypt(plain)
        return sealed

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            StoreTrouble: when it was sealed with another key or has been changed since.
        """
        try:
            plain: bytes = self._cipher.decrypt(sealed)
        except self._refused as trouble:
            raise StoreTrouble(
                f"this key does not open it: another key sealed it, or it was changed; "
                f"set {KEY_VARIABLE} to the key it was made with"
            ) from trouble
        return plain

    def index(self, name: str) -> bytes:
        """Return a name by which something is found again, and that tells nothing without key."""
        return hashlib.blake2b(name.encode(), digest_size=32, key=self._index).digest()


def new_key() -> str:
    """Return a new key: 32 bytes of the machine's entropy, written in 44 characters."""
    return str(_fernet().Fernet.generate_key().decode())


def find_key(key: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Return the key to use: the one given, else of the environment, else of the keyring.

    Raises:
        StoreTrouble: when none of them has one.
    """
    words = os.environ if environment is None else environment
    found = key or words.get(KEY_VARIABLE) or _from_keyring()
    if not found:
        raise StoreTrouble(
            f"no key: set {KEY_VARIABLE}, or keep it in the keyring as {KEYRING_SERVICE}/"
            f"{KEYRING_NAME}; python -m {__package__}.key prints a new one"
        )
    return found


def _from_keyring() -> str | None:
    """Return the key that the operating system keeps, None where there is none to be had."""
    try:
        keyring: Any = importlib.import_module("keyring")
        found = keyring.get_password(KEYRING_SERVICE, KEYRING_NAME)
    except Exception:  # noqa: BLE001 -- a keyring that is absent or locked is no source, only that
        return None
    return str(found) if found else None


def _cipher(key: str) -> tuple[Any, type[Exception]]:
    fernet = _fernet()
    try:
        return fernet.Fernet(key), fernet.InvalidToken
    except ValueError:
        raise StoreTrouble(
            f"{KEY_VARIABLE} must be 32 bytes in URL-safe base64 (44 characters)"
        ) from None


def _fernet() -> Any:
    """Return the module of the optional library; raises StoreTrouble when it is missing."""
    try:
        return importlib.import_module("cryptography.fernet")
    except ImportError:
        raise StoreTrouble(
            "a store or a sealed backup needs the library cryptography, which is not installed: "
            "pip install cryptography, or 'adsmock[client]'"
        ) from None
