"""Believable advertisers from a seed: brands, products, campaigns, keywords.

Knows how templates are filled. The same sandbox seed and kind of profile give the same names.
Must not know any resource by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adsmock.mockserver.catalog.demo_templates import INVENTIONS, MODES, NOUNS, QUALITIES, Invention
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.sandboxes.company_names import surname
from adsmock.mockserver.services.sandboxes.import_state import State, put_state
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources

_ID_FLOOR = 10**14
_SPREAD = (20.0, 60.0)
"""Amounts are so many times the least that the marketplace allows."""


@dataclass(frozen=True, slots=True)
class _Muse:
    """What one campaign is invented from. ``least`` are the marketplace's least amounts."""

    seed: tuple[object, ...]
    blanks: dict[str, str]
    least: dict[str, float]

    def fill(self, template: Any, each: str, place: str) -> Any:
        """Return a template's value; ``place`` keeps draws of different members apart."""
        if isinstance(template, dict):
            return {name: self.fill(value, each, name) for name, value in template.items()}
        if template.startswith("$"):
            low, high = _SPREAD
            share = seeded_random.unit(*self.seed, place, each)
            return round((low + (high - low) * share) * self.least[template[1:]], 2)
        quality = QUALITIES[seeded_random.integer(len(QUALITIES), *self.seed, place, each)]
        return template.format(each=each, quality=quality, **self.blanks)


def believable(
    sandbox: Sandbox, plans: CompiledResources, profile: Profile, size: int
) -> dict[str, State]:
    """Add ``size`` campaigns with all that belongs to them, and return the ids.

    Raises:
        SetupError: the profile holds these campaigns already.
    """
    seed = (sandbox.seed, "believable", profile.region, profile.country, profile.kind)
    brand = surname(*seed)
    rows: dict[str, list[dict[str, Any]]] = {}
    for number in range(size):
        mode = MODES[number % len(MODES)]
        muse = _muse((*seed, number), brand, mode, plans, profile)
        for row in INVENTIONS:
            if row.resource in plans and mode in row.modes and profile.kind in row.accounts:
                rows.setdefault(row.resource, []).extend(_invented(row, muse))
    return put_state(sandbox, plans, {"profiles": {profile.id: rows}})


def _invented(row: Invention, muse: _Muse) -> list[dict[str, Any]]:
    ids = {
        name: str(_ID_FLOOR + seeded_random.integer(_ID_FLOOR, *muse.seed, name))
        for name in row.ids
    }
    return [{**ids, **muse.fill(row.members, each, row.resource)} for each in row.each]


def _muse(
    seed: tuple[object, ...], brand: str, mode: str, plans: CompiledResources, profile: Profile
) -> _Muse:
    number = str(int(str(seed[-1])) + 1)
    code = seeded_random.letters(8, *seed, "product")
    noun = NOUNS[seeded_random.integer(len(NOUNS), *seed, "noun")]
    blanks = {
        "brand": brand,
        "noun": noun,
        "mode": mode,
        "number": number,
        "asin": f"B0{code}",
        "sku": f"{brand[:3].upper()}-{code[:4]}-{number}",
    }
    limits = next(iter(plans.values())).rule_context.marketplaces[profile.country].limits
    return _Muse(seed, blanks, {name: row.minimum for name, row in limits.items()})
