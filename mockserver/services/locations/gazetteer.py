"""The locations of a country: states, market areas, cities and postal codes.

Only the United States have some. Cities have invented names; everything else of a state is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from adsmock.mockserver.catalog.states import STATES, State
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.sandboxes.identities import generate

_COUNTRY = "US"
_CITIES = 8
_POSTAL_CODES = 24
_PREFIX = "amzn1.ad-geo."
_SEED = "locations"


@dataclass(frozen=True, slots=True)
class Location:
    """A location that can be targeted."""

    category: str
    id: str
    name: str


@cache
def locations_of(country: str) -> tuple[Location, ...]:
    """Return every location of a country: the same in all sandboxes."""
    if country != _COUNTRY:
        return ()
    states = [each for state in STATES for each in _locations_in(state)]
    return (_opaque("COUNTRY", "United States"), *states)


def _locations_in(state: State) -> Iterator[Location]:
    names = [generate(_COUNTRY, "city", state.code, number) for number in range(_CITIES)]
    cities = [*dict.fromkeys(names)]
    yield _opaque("STATE", f"{state.name}, {_COUNTRY}")
    yield _opaque("DMA", f"{cities[0]}, {state.code}")
    for city in cities:
        yield _opaque("CITY", f"{city}, {state.name}, {_COUNTRY}")
    last = min(state.last, state.first + _POSTAL_CODES - 1)
    for place, number in enumerate(range(state.first, last + 1)):
        code, city = f"{number:05d}", cities[place * len(cities) // _POSTAL_CODES]
        name = f"{city}, {state.name}, {_COUNTRY} - {code}"
        yield Location("POSTAL_CODE", f"{_PREFIX}GP-{_COUNTRY}-{code}", name)


def _opaque(category: str, name: str) -> Location:
    code = seeded_random.letters(13, _SEED, category, name)
    return Location(category, f"{_PREFIX}G{code}", name)
