"""Demo data: an advertiser's campaigns with all that belongs to them, from the sandbox's seed.

Each number is a campaign of Sponsored Products. Every fourth comes with one of Sponsored Brands,
every fourth with one of Sponsored Display; eight share a portfolio. Words are those of the
marketplace's language. Two sandboxes with the same seed get the same entities on the same day for
the same kind of profile, except for the brand, which belongs to the profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from adsmock.contracts.contract_set import Marketplace
from adsmock.mockserver.catalog import demo_templates
from adsmock.mockserver.catalog.demo_templates import (
    BRAND_FORMATS,
    DISPLAY_TACTICS,
    MODES,
    TEMPLATES,
    EntityTemplate,
)
from adsmock.mockserver.catalog.product_words import nouns, qualities
from adsmock.mockserver.catalog.recommendations.candidate_words import SPREADS, SUBSTITUTES
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.budgets.import_rule import import_rule
from adsmock.mockserver.services.sandboxes.identities import brand_name
from adsmock.mockserver.services.sandboxes.import_state import Readers, State, put_state
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource, CompiledResources

_FIRST_ID = 10**14
_SPREAD = (20.0, 60.0)
"""The least and the most of an amount, as multiples of the marketplace's minimum."""
_PORTFOLIO_TIMES = 30
"""A portfolio's budget, as a multiple of a daily budget."""
_PAUSED = "PAUSED"
_LABELS = {
    "PRODUCT_COLLECTION": "Collection",
    "VIDEO": "Video",
    "STORE_SPOTLIGHT": "Store",
    "T00020": "Products",
    "T00030": "Audiences",
}
"""What the name of a campaign says of its format or tactic."""

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Values:
    """What the templates of one campaign or portfolio are filled with."""

    seed: tuple[object, ...]
    mode: str
    ids: Mapping[str, str]
    fields: Mapping[str, str]
    days: Mapping[str, date]
    market: Marketplace

    def fill(self, template: Any, each: str, place: str) -> Any:
        """Return a template's value; ``place`` gives members of the same text different values."""
        if isinstance(template, dict):
            filled = {name: self.fill(value, each, name) for name, value in template.items()}
            return {name: value for name, value in filled.items() if value != ""}
        if isinstance(template, tuple):
            return [self.fill(value, each, place) for value in template]
        if not isinstance(template, str):
            return template
        if template.startswith("$"):
            return self._amount(template[1:], each, place)
        if template.startswith("@"):
            name, _, is_compact = template[1:].partition(" ")
            return self.days[name].strftime("%Y%m%d" if is_compact else "%Y-%m-%d")
        words = qualities(self.market.country)
        quality = words[seeded_random.integer(len(words), *self.seed, place, each)]
        return template.format(each=each, mode=self.mode, quality=quality, **self.fields)

    def _amount(self, name: str, each: str, place: str) -> float:
        times = 1
        if name == "portfolio":
            name, times = "sp.budget", _PORTFOLIO_TIMES
        limits = self.market.limits
        while name not in limits:
            name = SUBSTITUTES[name]
        low, high = SPREADS.get(name, _SPREAD)
        share = seeded_random.unit(*self.seed, place, each)
        amount = (low + (high - low) * share) * limits[name].minimum
        return self.market.rounded(min(amount, limits[name].maximum) * times)


@dataclass(frozen=True, slots=True)
class _Advertiser:
    """The profile of demo data, and what is the same for all its campaigns."""

    sandbox: Sandbox
    profile: Profile
    market: Marketplace
    brand: str
    today: date

    @property
    def seed(self) -> tuple[object, ...]:
        profile = self.profile
        return (self.sandbox.seed, "demo", profile.region, profile.country, profile.kind)

    def campaigns(self, number: int) -> Iterator[_Values]:
        """Yield the values of each campaign of a number, and of its portfolio if it is new."""
        of_portfolio = number - number % demo_templates.PORTFOLIO_SIZE
        if number == of_portfolio:
            has_ended = number // demo_templates.PORTFOLIO_SIZE % demo_templates.ENDED_PORTFOLIOS
            mode = "ENDED" if has_ended == demo_templates.ENDED_PORTFOLIOS - 1 else "OPEN"
            yield self._values(number, "portfolio", mode)
        mode = MODES[number % len(MODES)]
        yield self._values(number, "", mode)
        if number % len(MODES) == 1:
            yield self._values(number, "", "PRODUCTS")
        step, place = divmod(number, demo_templates.EVERY)
        if place == 0:
            yield self._values(number, "sb", BRAND_FORMATS[step % len(BRAND_FORMATS)])
        if place == 1:
            yield self._values(number, "sd", DISPLAY_TACTICS[step % len(DISPLAY_TACTICS)])

    def _values(self, number: int, program: str, mode: str) -> _Values:
        seed = (*self.seed, number, program) if program else (*self.seed, number)
        ids = {
            name: generated_id(seed, name)
            for name in ("campaignId", "adGroupId", "secondAdGroupId", "portfolioId")
        }
        if program != "portfolio":
            first = number - number % demo_templates.PORTFOLIO_SIZE
            ids["portfolioId"] = (
                ""
                if number % demo_templates.EVERY == demo_templates.EVERY - 1
                else generated_id((*self.seed, first, "portfolio"), "portfolioId")
            )
        fields = _fields((*self.seed, number), self.profile.country)
        fields |= {
            "brand": self.brand,
            "number": str(number + 1),
            "label": _LABELS.get(mode, ""),
            "currency": self.market.currency,
        }
        age = 60 + seeded_random.integer(340, *seed, "age")
        days = {
            "first": self.today - timedelta(days=age),
            "last": self.today - timedelta(days=5 + age % 40),
        }
        return _Values(seed, mode, ids, fields, days, self.market)


def _fields(seed: tuple[object, ...], country: str) -> dict[str, str]:
    """Return the words of one product."""
    words = nouns(country)
    code = seeded_random.letters(8, *seed, "product")
    asins = {
        name: f"B0{seeded_random.letters(8, *seed, name)}"
        for name in ("asin2", "asin3", "rival", "rival2")
    }
    return {
        "noun": words[seeded_random.integer(len(words), *seed, "noun")],
        "asin": f"B0{code}",
        "sku": f"SKU-{code[:4]}-{int(str(seed[-1])) + 1}",
        "category": str(10**9 + seeded_random.integer(10**9, *seed, "category")),
        "page": seeded_random.hexadecimal(12, *seed, "page").upper(),
        "video": f"amzn1.assetlibrary.asset1.{seeded_random.hexadecimal(12, *seed, 'video')}",
        **asins,
    }


def add_demo_data(
    sandbox: Sandbox,
    resources: CompiledResources,
    profile: Profile,
    size: int,
    known: Readers | None = None,
) -> dict[str, State]:
    """Add demo data for ``size`` numbers, and return the ids of all entities.

    A profile that has demo campaigns gets the next ones. ``known`` as in ``put_state``.

    Raises:
        SetupError: the profile has a campaign of the same name that is not demo data.
    """
    market = next(iter(resources.values())).rule_context.marketplaces[profile.country]
    validation = ValidationContext(sandbox, profile, sandbox.clock.now())
    today = date.fromisoformat(validation.today)
    advertiser = _Advertiser(sandbox, profile, market, brand_name(sandbox, profile), today)
    rows: Rows = {}
    first = _next_number(sandbox, profile, advertiser.seed)
    ruled = []
    for number in range(first, first + size):
        for values in advertiser.campaigns(number):
            for template in TEMPLATES:
                _add(rows, template, values, resources, profile)
            if number % demo_templates.RULE_EVERY == 0 and values.mode in {*MODES, *BRAND_FORMATS}:
                ruled.append(values)
    made = put_state(sandbox, resources, {"profiles": {profile.id: rows}}, known=known)
    for values in ruled:
        family = "sb" if values.mode in BRAND_FORMATS else "sp"
        details = values.fill(demo_templates.RULES, "", "rule")
        import_rule(validation, family, details, [values.ids["campaignId"]])
    return made


def _add(
    rows: Rows,
    template: EntityTemplate,
    values: _Values,
    resources: CompiledResources,
    profile: Profile,
) -> None:
    """Add the entities of a template, if it is for this mode and account."""
    if values.mode not in template.modes or profile.kind not in template.accounts:
        return
    compiled = resources.get(template.resource)
    if compiled is None:
        return
    ids = {name: values.ids[template.renamed.get(name, name)] for name in template.ids}
    known = {name: _typed(found, compiled) for name, found in ids.items() if found}
    state = _state(values, compiled)
    rows.setdefault(template.resource, []).extend(
        {**known, **state, **values.fill(template.members, each, template.resource)}
        for each in template.each
    )


def _typed(found: str, compiled: CompiledResource) -> str | int:
    return found if compiled.is_text else int(found)


def _state(values: _Values, compiled: CompiledResource) -> dict[str, str]:
    """Return the state of a campaign that is paused."""
    is_campaign = compiled.name.endswith(".campaigns")
    if is_campaign and int(values.fields["number"]) % demo_templates.PAUSED == 0:
        return {"state": compiled.words.get(_PAUSED, _PAUSED)}
    return {}


def _next_number(sandbox: Sandbox, profile: Profile, seed: tuple[object, ...]) -> int:
    """Return the number of the first demo campaign that the profile does not have."""
    table = sandbox.store.table(profile.id, "sp.campaigns")
    return next(n for n in count() if generated_id((*seed, n), "campaignId") not in table)


def generated_id(seed: tuple[object, ...], member: str) -> str:
    """Return the id of a demo entity."""
    return str(_FIRST_ID + seeded_random.integer(_FIRST_ID, *seed, member))
