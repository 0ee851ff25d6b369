"""Names of companies, brands and people, addresses and e-mail addresses in a marketplace's locale.

Faker generates them. Its import takes about 80 ms and each locale about 7 ms, so both wait for
the first name that a call needs, or for ``load_names``. A name depends only on its seed: the same
seed and the same Faker version give the same name, in any order of calls and on any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Literal

from adsmock.mockserver.catalog.locales import LOCALES
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Profile, Sandbox

if TYPE_CHECKING:
    from faker import Generator

Kind = Literal["company", "brand", "person", "address", "email", "city"]

MAX_BRAND = 19
"""Characters of a brand, so that the longest headline has 50."""

_ATTEMPTS = 20
_LOADING = Lock()
"""One thread at a time imports Faker: two imports of one package could see it half initialized."""
_METHODS: dict[Kind, str] = {
    "company": "company",
    "brand": "last_name",
    "person": "name",
    "address": "address",
    "email": "ascii_safe_email",
    "city": "city",
}
"""Faker's methods. It has no brands; a surname is one in every locale."""


def company_name(sandbox: Sandbox, profile: Profile) -> str:
    """Return the name of a profile's company, which the sandbox and its snapshots keep."""
    return _kept(sandbox, profile, "company")


def brand_name(sandbox: Sandbox, profile: Profile) -> str:
    """Return a profile's own brand, which the sandbox and its snapshots keep."""
    return _kept(sandbox, profile, "brand")


def competing_brands(sandbox: Sandbox, profile: Profile, count: int) -> list[str]:
    """Return ``count`` brands, all different and none the profile's own; the sandbox keeps them."""
    brands = [brand_name(sandbox, profile)]
    for number in range(1, count + 1):
        brands.append(_kept(sandbox, profile, "brand", number, brands))
    return brands[1:]


def _kept(
    sandbox: Sandbox, profile: Profile, kind: Kind, number: int = 0, taken: Sequence[str] = ()
) -> str:
    """Return a name that was generated before, or a new one that is not in ``taken``."""
    key = f"{profile.id}/{kind}/{number}"
    name = sandbox.names.get(key)
    if name is None:
        seed = (sandbox.seed, profile.id, number)
        names = (generate(profile.country, kind, *seed, each) for each in range(_ATTEMPTS))
        name = next((each for each in names if each not in taken), f"Brand {number}")
        sandbox.names[key] = name
    return name


def generate(country: str, kind: Kind, *seed: object) -> str:
    """Return a name of ``kind`` for a marketplace; it depends on the arguments alone."""
    locale = LOCALES[country]
    source = _source(locale.names, locale.addresses or locale.names)
    names = (source.generate(kind, country, kind, *seed, each) for each in range(_ATTEMPTS))
    if kind != "brand":
        return next(names)
    return next((name for name in names if len(name) <= MAX_BRAND), f"Brand {country}")


def load_names(countries: Iterable[str]) -> None:
    """Load what names of these marketplaces need, so that their first call does not wait for it."""
    for locale in dict.fromkeys(LOCALES[country] for country in countries):
        _source(locale.names, locale.addresses or locale.names)


@dataclass(slots=True)
class _Source:
    """Faker's generator of one locale. Each name seeds it first, so threads need the lock."""

    generator: Generator
    lock: Lock = field(default_factory=Lock)

    def generate(self, kind: Kind, *seed: object) -> str:
        """Return the name that ``seed`` gives, on one line."""
        with self.lock:
            self.generator.seed_instance(seeded_random.digest(16, *seed))
            return str(self.generator.format(_METHODS[kind])).replace("\n", ", ")


@cache
def _source(names: str, addresses: str) -> _Source:
    """Load the four providers that names need: a complete Faker takes 260 ms."""

    def paths(*providers: str) -> list[str]:
        return [f"faker.providers.{provider}" for provider in providers]

    with _LOADING:
        from faker import Factory  # noqa: PLC0415 -- 80 ms that only names need

        of_names = paths("person", "company", "internet")
        generator = Factory.create(names, providers=of_names, use_weighting=False)
        return _Source(Factory.create(addresses, providers=paths("address"), generator=generator))


def asin_of(sandbox: Sandbox, profile: Profile, sku: str) -> str:
    """Return the ASIN of a seller's SKU: always the same."""
    return f"B0{seeded_random.letters(8, sandbox.seed, 'products', profile.id, sku)}"


def brand_entity_id(sandbox: Sandbox, profile: Profile) -> str:
    """Return the entity id of a profile's brand; only brands of sellers have one, others ""."""
    if profile.kind != "seller":
        return ""
    return f"ENTITY{seeded_random.letters(13, sandbox.seed, 'brand', profile.id)}"


def brand_registry_id(sandbox: Sandbox, profile: Profile) -> str:
    """Return the id of a profile's brand in the brand registry."""
    return f"A{seeded_random.letters(12, sandbox.seed, 'brandId', profile.id)}"


def advertiser_entity_id(sandbox: Sandbox, profile: Profile) -> str:
    """Return the entity id of the advertiser behind a profile."""
    return f"ENTITY{seeded_random.letters(13, sandbox.seed, 'advertiser', profile.id)}"
