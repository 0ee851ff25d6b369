"""Demo data: campaigns with products, keywords and a brand, generated from the sandbox's seed.

Two sandboxes with the same seed get the same entities for the same kind of profile, except for the
brand, which belongs to the profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from adsmock.contracts.contract_set import Marketplace
from adsmock.mockserver.catalog.demo_templates import (
    MODES,
    NOUNS,
    QUALITIES,
    TEMPLATES,
    EntityTemplate,
)
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.sandboxes.import_state import State, put_state
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources

_FIRST_ID = 10**14
_SPREAD = (20.0, 60.0)
"""The least and the most of an amount, as multiples of the marketplace's minimum."""


@dataclass(frozen=True, slots=True)
class _CampaignValues:
    """What the templates of one campaign are filled with."""

    seed: tuple[object, ...]
    fields: dict[str, str]
    market: Marketplace

    def fill(self, template: Any, each: str, place: str) -> Any:
        """Return a template's value; ``place`` gives members of the same text different values."""
        if isinstance(template, dict):
            return {name: self.fill(value, each, name) for name, value in template.items()}
        if template.startswith("$"):
            low, high = _SPREAD
            share = seeded_random.unit(*self.seed, place, each)
            amount = (low + (high - low) * share) * self.market.limits[template[1:]].minimum
            return self.market.rounded(amount)
        quality = QUALITIES[seeded_random.integer(len(QUALITIES), *self.seed, place, each)]
        return template.format(each=each, quality=quality, **self.fields)


def add_demo_data(
    sandbox: Sandbox, resources: CompiledResources, profile: Profile, size: int
) -> dict[str, State]:
    """Add ``size`` campaigns with their ad groups, ads and keywords, and return the ids.

    A profile that has demo campaigns gets the next ones.

    Raises:
        SetupError: the profile has a campaign of the same name that is not demo data.
    """
    seed = (sandbox.seed, "demo", profile.region, profile.country, profile.kind)
    brand = brand_name(sandbox, profile)
    rows: dict[str, list[dict[str, Any]]] = {}
    first = _next_number(sandbox, profile, seed)
    for number in range(first, first + size):
        mode = MODES[number % len(MODES)]
        values = _campaign_values((*seed, number), brand, mode, resources, profile)
        for row in TEMPLATES:
            if row.resource in resources and mode in row.modes and profile.kind in row.accounts:
                rows.setdefault(row.resource, []).extend(_entities(row, values))
    return put_state(sandbox, resources, {"profiles": {profile.id: rows}})


def _next_number(sandbox: Sandbox, profile: Profile, seed: tuple[object, ...]) -> int:
    """Return the number of the first demo campaign that the profile does not have."""
    table = sandbox.store.table(profile.id, "sp.campaigns")
    return next(n for n in count() if _generated_id((*seed, n), "campaignId") not in table)


def _generated_id(seed: tuple[object, ...], member: str) -> str:
    return str(_FIRST_ID + seeded_random.integer(_FIRST_ID, *seed, member))


def _entities(row: EntityTemplate, values: _CampaignValues) -> list[dict[str, Any]]:
    ids = {name: _generated_id(values.seed, name) for name in row.ids}
    return [{**ids, **values.fill(row.members, each, row.resource)} for each in row.each]


def _campaign_values(
    seed: tuple[object, ...],
    brand: str,
    mode: str,
    resources: CompiledResources,
    profile: Profile,
) -> _CampaignValues:
    number = str(int(str(seed[-1])) + 1)
    code = seeded_random.letters(8, *seed, "product")
    fields = {
        "brand": brand,
        "noun": NOUNS[seeded_random.integer(len(NOUNS), *seed, "noun")],
        "mode": mode,
        "number": number,
        "asin": f"B0{code}",
        "sku": f"SKU-{code[:4]}-{number}",
    }
    market = next(iter(resources.values())).rule_context.marketplaces[profile.country]
    return _CampaignValues(seed, fields, market)
