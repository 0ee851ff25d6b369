"""Chance as an argument: the draws that jitter needs, repeatable from a seed.

Knows how to turn a seed into fractions. Must not know what they are used for.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from typing import Protocol

_WIDTH_BYTES = 7
"""Bytes taken from each digest: 56 bits, more than the 53 that a float can hold."""


class RandomSource(Protocol):
    """A source of chance."""

    def fraction(self) -> float:
        """Return the next number in [0, 1)."""
        ...


class SeededRandom:
    """The n-th draw is a hash of seed and n, so a run repeats and threads share it safely."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._numbers = itertools.count()  # next() is atomic in CPython

    @classmethod
    def from_entropy(cls) -> SeededRandom:
        """Return a source that no other process shares.

        Workers that draw their jitter from one common seed would all come back at once.
        """
        return cls(os.urandom(16).hex())

    def fraction(self) -> float:
        """Return the next number in [0, 1)."""
        text = f"{self._seed}:{next(self._numbers)}".encode()
        digest = hashlib.blake2b(text, digest_size=_WIDTH_BYTES).digest()
        # Only the 53 bits a float holds: all 56 could round up to 1.0.
        return (int.from_bytes(digest) >> 3) / 2**53
