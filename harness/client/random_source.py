"""Random numbers for jitter, repeatable from a seed."""

from __future__ import annotations

import hashlib
import itertools
import os
from typing import Protocol

_WIDTH_BYTES = 7
"""Bytes taken from each digest: 56 bits, more than the 53 that a float can hold."""


class RandomSource(Protocol):
    """A source of random numbers."""

    def fraction(self) -> float:
        """Return the next number in [0, 1)."""
        ...


class SeededRandom:
    """The n-th number is a hash of seed and n: a run repeats, and threads can share it."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._numbers = itertools.count()  # next() is atomic in CPython

    @classmethod
    def from_entropy(cls) -> SeededRandom:
        """Return a source that no other process shares.

        Workers with jitter from one seed would all retry at the same moments.
        """
        return cls(os.urandom(16).hex())

    def fraction(self) -> float:
        """Return the next number in [0, 1)."""
        text = f"{self._seed}:{next(self._numbers)}".encode()
        digest = hashlib.blake2b(text, digest_size=_WIDTH_BYTES).digest()
        # Only the 53 bits of a float: all 56 could round up to 1.0.
        return (int.from_bytes(digest) >> 3) / 2**53
