"""From rows of contract and catalog to the ordered checks of one verb.

Knows every builder by the name that rows use. Must not know any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from adsmock.contracts.form import Contract, Rule
from adsmock.mockserver.services.rules import (
    date,
    fit,
    money,
    parent,
    policy,
    product,
    quota,
    setup,
    text,
)
from adsmock.mockserver.services.rules import unique as uniqueness
from adsmock.mockserver.services.rules.order import RANK, asks
from adsmock.mockserver.services.rules.site import Site
from adsmock.mockserver.services.scene import Check

Builder = Callable[[Any, Site], Check]

WIRE_CHECKS: dict[str, Builder] = {
    "market": money.market,
    "one_of": product.one_of,
}
"""Builders of contract rows that are not about text, by ``Rule.check`` of the contract form."""

CATALOG_CHECKS: dict[str, Builder] = {
    "dates": date.dates,
    "targeting_type": setup.targeting_type,
    "alone": setup.alone,
    "manual_only": setup.manual_only,
    "expression": setup.expression,
    "allowed_by_parent": setup.allowed_by_parent,
    "bid_by_parent": money.bid_by_parent,
    "needs": setup.needs,
    "uniform": setup.uniform,
    "product": product.product,
    "sole": product.sole,
    "within_budget": money.within_budget,
    "policy": policy.policy,
    "referred": parent.referred,
}
"""Builders of catalog rows, by ``Rule.check`` of the catalog form."""


def checks(verb: str, site: Site, contracts: dict[str, Contract]) -> tuple[tuple[str, Check], ...]:
    """Return the named checks that ``verb`` asks at ``site``, in the order they are asked."""
    rows = [row for row in _rows(verb, site, contracts) if asks(row[0], verb)]
    return tuple(sorted(rows, key=lambda row: RANK[row[0]]))


def _rows(verb: str, site: Site, contracts: dict[str, Contract]) -> Iterator[tuple[str, Check]]:
    resource = site.resource
    if site.contract.row is not None and site.contract.row.judged == "item":
        yield "fits", fit.fits("update" if verb == "update" else "create", site)
    if resource.parents:
        judge = parent.named_parents if resource.is_placed_by_lowest else parent.live_parents
        yield "unarchived_parents", parent.unarchived_parents(resource.parents, site)
        yield "live_parents", judge(resource.parents, site)
    yield from _wire(site)
    for rule in resource.rules:
        if verb in rule.verbs and (not rule.accounts or site.account in rule.accounts):
            yield rule.check, CATALOG_CHECKS[rule.check](rule, site)
    yield from _bounds(site, contracts)


def _wire(site: Site) -> Iterator[tuple[str, Check]]:
    """Yield what the contract's rows ask; neighbouring rows about one text become one check."""
    rows = [row for row in site.contract.rules if row.account in ("", site.account)]
    for (_, when, is_text), group in groupby(rows, key=_kinship):
        found = tuple(group)
        if is_text:
            yield "text", _conditional(dict(when), text.text(found, site))
            continue
        for row in found:
            yield row.check, _conditional(row.when, WIRE_CHECKS[row.check](row, site))


def _kinship(row: Rule) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...], bool]:
    return row.field, tuple(row.when.items()), row.check in text.CHECKS


def _bounds(site: Site, contracts: dict[str, Contract]) -> Iterator[tuple[str, Check]]:
    """Yield what an entity may not share, and how many there may be."""
    resource = site.resource
    make_keys = uniqueness.keys_of(resource.unique, site.account)
    if resource.unique is not None and make_keys is not None:
        yield "unique", uniqueness.unique(resource.unique, make_keys, site)
    for limit in resource.limits:
        noun = "advertiser"
        if limit.parent is not None:
            noun = contracts[resource.parents[limit.parent].resource].noun
        yield "within_limit", quota.within_limit(limit, site, noun)


def _conditional(when: dict[str, tuple[str, ...]], check: Check) -> Check:
    """Return ``check`` for items whose members have one of the values in ``when``."""
    if not when:
        return check
    return lambda candidate, scene: (
        check(candidate, scene)
        if all(candidate.whole.get(name) in values for name, values in when.items())
        else None
    )
