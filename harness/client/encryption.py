"""Encryption of files and stores, and the sources of its key.

Uses Fernet of the ``cryptography`` package (AES-128-CBC with HMAC-SHA256). The key comes from an
argument, the environment, or the keyring of the operating system.
``python -m adsmock.harness.client.key`` prints a new one.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Mapping
from typing import Any

from .errors import StoreError

KEY_VARIABLE = "ADSMOCK_STORE_KEY"
KEYRING_SERVICE, KEYRING_NAME = "adsmock", "store"

_INDEX = b"adsmock-index"


class Encryptor:
    """Encrypts and decrypts bytes with one key."""

    def __init__(self, key: str) -> None:
        self._cipher, self._invalid_token = _cipher(key)
        # A second key for the index: one key must not serve two algorithms.
        self._index_key = hashlib.blake2b(key.encode(), digest_size=32, person=_INDEX).digest()

    def encrypt(self, plain: bytes) -> bytes:
        """Return the encrypted bytes, which differ each time."""
        encrypted: bytes = self._cipher.encrypt(plain)
        return encrypted

    def decrypt(self, encrypted: bytes) -> bytes:
        """Return the plain bytes.

        Raises:
            StoreError: another key was used, or the bytes were changed.
        """
        try:
            plain: bytes = self._cipher.decrypt(encrypted)
        except self._invalid_token as error:
            raise StoreError(
                "cannot decrypt: another key was used, or the content was changed; "
                f"set {KEY_VARIABLE} to the key it was encrypted with"
            ) from error
        return plain

    def blind_index(self, name: str) -> bytes:
        """Return a keyed hash of a name, to find it again without storing it in plain text."""
        return hashlib.blake2b(name.encode(), digest_size=32, key=self._index_key).digest()


def new_key() -> str:
    """Return a new key: 32 random bytes in 44 characters of base64."""
    return str(_fernet().Fernet.generate_key().decode())


def find_key(key: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Return the key to use: the argument, else the environment's, else the keyring's.

    Raises:
        StoreError: none of them has a key.
    """
    variables = os.environ if environment is None else environment
    found = key or variables.get(KEY_VARIABLE) or _from_keyring()
    if not found:
        raise StoreError(
            f"no key: set {KEY_VARIABLE}, or store it in the keyring as {KEYRING_SERVICE}/"
            f"{KEYRING_NAME}; python -m {__package__}.key prints a new one"
        )
    return found


def _from_keyring() -> str | None:
    """Return the key in the operating system's keyring, None where there is none."""
    try:
        keyring: Any = importlib.import_module("keyring")
        found = keyring.get_password(KEYRING_SERVICE, KEYRING_NAME)
    except Exception:  # noqa: BLE001 -- an absent or locked keyring holds no key
        return None
    return str(found) if found else None


def _cipher(key: str) -> tuple[Any, type[Exception]]:
    fernet = _fernet()
    try:
        return fernet.Fernet(key), fernet.InvalidToken
    except ValueError:
        raise StoreError(
            f"the key in {KEY_VARIABLE} is malformed: expected 32 bytes in URL-safe base64 (44 "
            f"characters); python -m {__package__}.key prints a new one"
        ) from None


def _fernet() -> Any:
    """Return the module of the optional library; raises StoreError when it is missing."""
    try:
        return importlib.import_module("cryptography.fernet")
    except ImportError:
        raise StoreError(
            "a store or a sealed backup needs the library cryptography, which is not installed: "
            "pip install cryptography, or 'adsmock[client]'"
        ) from None
