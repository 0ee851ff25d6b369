"""Ids of entities and requests: unique, realistic, and the same for the same seed."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core import seeded_random

_FLOOR = 100_000_000_000_000
_SHIFTS = _FLOOR
_RANGE = 8 * _FLOOR
# Coprime with the range (8e14 = 2^17 * 5^14), so n -> id is one to one.
_STEP = 380_204_032_279_871


_LARGEST = 2**63 - 1
_DIGITS = len(str(_LARGEST))


def as_number(text: str) -> int | None:
    """Return an id as a 64-bit integer, None for a text that is no such id."""
    is_digits = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_digits and int(text) <= _LARGEST else None


class Mint:
    """Numbers that never repeat within one sandbox.

    Entity ids have 15 digits, as seen on the live API. Source: campaign management reference
    (observed: 13 to 18 digits, unsigned 64-bit).

    The numbers depend on ``seed``, their order on ``order`` alone: mints with the same order issue
    other ids, and the n-th id has the same rank in each. A program may prefer the lowest id, which
    is always the same in a real account.
    """

    __slots__ = ("_calls", "_counts", "_first", "_offsets", "_order", "_seed", "blocks")

    def __init__(self, seed: object, order: object = 0) -> None:
        self._seed = seed
        self._order = order
        self._first = _FLOOR + seeded_random.integer(_SHIFTS, seed, "first")
        self._calls = seeded_random.uuid(seed, "call")[:24]
        self._counts: dict[str, int] = {}
        self._offsets: dict[str, int] = {}
        self.blocks: dict[str, Any] = {}
        """Header lines with ids of this mint, by operation; ``render.gateway`` fills it."""

    def entity(self, kind: str) -> str:
        """Return the next id of ``kind`` as decimal digits."""
        return self.entities(kind, 1)[0]

    def entities(self, kind: str, wanted: int) -> list[str]:
        """Return the next ``wanted`` ids of ``kind``."""
        offset = self._offsets.get(kind)
        if offset is None:
            offset = seeded_random.integer(_RANGE, self._order, "entity", kind)
            self._offsets[kind] = offset
        count = self._counts.get(kind, 0)
        self._counts[kind] = count + wanted
        place, found = (offset + count * _STEP) % _RANGE, []
        for _ in range(wanted):
            found.append(str(self._first + place))
            place += _STEP
            if place >= _RANGE:  # twice as fast as a division of each (measured)
                place -= _RANGE
        return found

    def request(self, number: int) -> str:
        """Return the id of the sandbox's call ``number``, shaped like a UUID.

        Every reply needs one, so only the last part is computed.
        """
        return f"{self._calls}{number:012x}"

    def forms(self) -> dict[str, str]:
        """Return the forms of the ids that a reply's headers name, with ``%s`` for what varies.

        That is the number of the call in 12 hexadecimal digits; ``code``, ``serviceCode`` and
        ``gateway`` take it in capitals, ``trace`` takes the second in 8 digits first. Recorded
        replies have codes of 20 capitals and digits, UUIDs, 16 characters of API Gateway and
        traces of X-Ray.
        """
        return {
            "request": f"{self._calls}%s",
            "service": seeded_random.uuid(self._seed, "service")[:24] + "%s",
            "code": seeded_random.letters(8, self._seed, "code") + "%s",
            "serviceCode": seeded_random.letters(8, self._seed, "serviceCode") + "%s",
            "gateway": "%soAM=",
            "trace": f"Root=1-%s-{seeded_random.hexadecimal(12, self._seed, 'trace')}%s",
        }

    def uuid(self, kind: str) -> str:
        """Return the next UUID of ``kind``."""
        return seeded_random.uuid(self._seed, kind, self._next(kind))

    def letters(self, kind: str, length: int) -> str:
        """Return the next code of ``kind``: ``length`` characters of A-Z and 2-7."""
        return seeded_random.letters(length, self._seed, kind, self._next(kind))

    def _next(self, kind: str) -> int:
        count = self._counts.get(kind, 0)
        self._counts[kind] = count + 1
        return count

    def fork(self) -> Mint:
        """Return an independent mint that continues from here."""
        other = Mint(self._seed, self._order)
        other.resume(self._counts)
        return other

    @property
    def issued(self) -> int:
        """How many ids were issued."""
        return sum(self._counts.values())

    def counts(self) -> dict[str, int]:
        """Return how many ids of each kind were issued, for snapshots."""
        return dict(self._counts)

    def resume(self, counts: dict[str, int]) -> None:
        """Continue after ``counts``, for snapshots."""
        self._counts = dict(counts)
