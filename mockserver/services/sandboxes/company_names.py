"""Believable names of companies from a seed.

Knows how a draw becomes a name. Must not know whose name it is.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.company_words import FORMS, SURNAMES
from adsmock.mockserver.core import seeded_random


def surname(*parts: object) -> str:
    """Return a surname that depends on ``parts`` alone."""
    return SURNAMES[seeded_random.integer(len(SURNAMES), *parts)]


def company(*parts: object) -> str:
    """Return the name of a company that depends on ``parts`` alone."""
    start = seeded_random.integer(len(SURNAMES), *parts, "surname")
    step = 1 + seeded_random.integer(len(SURNAMES) // 2 - 1, *parts, "step")
    names = [SURNAMES[(start + turn * step) % len(SURNAMES)] for turn in range(3)]
    return FORMS[seeded_random.integer(len(FORMS), *parts, "form")].format(*names)
