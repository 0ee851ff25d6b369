"""Compile the rows of a contract and its catalog entry into the ordered checks of one verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from adsmock.contracts.model import Contract, Rule
from adsmock.mockserver.services.validation import (
    date,
    entity_limits,
    money,
    parent,
    policy,
    product,
    schema_fit,
    targeting_setup,
    text,
)
from adsmock.mockserver.services.validation import unique as uniqueness
from adsmock.mockserver.services.validation.order import RANK, asks
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import Check

Builder = Callable[[Any, RuleContext], Check]

WIRE_CHECKS: dict[str, Builder] = {
    "market": money.market,
    "one_of": product.one_of,
}
"""Builders of contract rows that are not about text, by ``Rule.check`` of the contract form."""

CATALOG_CHECKS: dict[str, Builder] = {
    "dates": date.dates,
    "targeting_type": targeting_setup.targeting_type,
    "alone": targeting_setup.alone,
    "manual_only": targeting_setup.manual_only,
    "expression": targeting_setup.expression,
    "allowed_by_parent": targeting_setup.allowed_by_parent,
    "bid_by_parent": money.bid_by_parent,
    "needs": targeting_setup.needs,
    "uniform": targeting_setup.uniform,
    "product": product.product,
    "sole": product.sole,
    "within_budget": money.within_budget,
    "policy": policy.policy,
    "referred": parent.referred,
}
"""Builders of catalog rows, by ``Rule.check`` of the catalog form."""


def checks(
    verb: str, rule_context: RuleContext, contracts: dict[str, Contract]
) -> tuple[tuple[str, Check], ...]:
    """Return the named checks of ``verb``, in the order in which they run."""
    rows = [row for row in _rows(verb, rule_context, contracts) if asks(row[0], verb)]
    return tuple(sorted(rows, key=lambda row: RANK[row[0]]))


def _rows(
    verb: str, rule_context: RuleContext, contracts: dict[str, Contract]
) -> Iterator[tuple[str, Check]]:
    resource = rule_context.resource
    if rule_context.contract.row is not None and rule_context.contract.row.judged == "item":
        yield "fits", schema_fit.fits("update" if verb == "update" else "create", rule_context)
    if resource.parents:
        check_parents = (
            parent.named_parents if resource.is_placed_by_lowest else parent.live_parents
        )
        yield "unarchived_parents", parent.unarchived_parents(resource.parents, rule_context)
        yield "live_parents", check_parents(resource.parents, rule_context)
    yield from _wire(rule_context)
    for rule in resource.rules:
        if verb in rule.verbs and (not rule.accounts or rule_context.account in rule.accounts):
            yield rule.check, CATALOG_CHECKS[rule.check](rule, rule_context)
    yield from _bounds(rule_context, contracts)


def _wire(rule_context: RuleContext) -> Iterator[tuple[str, Check]]:
    """Yield the checks of the contract's rows; adjacent rows about one text become one check."""
    rows = [row for row in rule_context.contract.rules if row.account in ("", rule_context.account)]
    for (_, when, is_text), group in groupby(rows, key=_group_key):
        found = tuple(group)
        if is_text:
            yield "text", _conditional(dict(when), text.text(found, rule_context))
            continue
        for row in found:
            yield row.check, _conditional(row.when, WIRE_CHECKS[row.check](row, rule_context))


def _group_key(row: Rule) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...], bool]:
    return row.field, tuple(row.when.items()), row.check in text.CHECKS


def _bounds(
    rule_context: RuleContext, contracts: dict[str, Contract]
) -> Iterator[tuple[str, Check]]:
    """Yield the checks of unique keys and entity limits."""
    resource = rule_context.resource
    make_keys = uniqueness.keys_of(resource.unique, rule_context.account)
    if resource.unique is not None and make_keys is not None:
        yield "unique", uniqueness.unique(resource.unique, make_keys, rule_context)
    for limit in resource.limits:
        noun = "advertiser"
        if limit.parent is not None:
            noun = contracts[resource.parents[limit.parent].resource].noun
        yield "within_limit", entity_limits.within_limit(limit, rule_context, noun)


def _conditional(when: dict[str, tuple[str, ...]], check: Check) -> Check:
    """Return ``check`` for items whose members have one of the values in ``when``."""
    if not when:
        return check
    return lambda candidate, validation: (
        check(candidate, validation)
        if all(candidate.whole.get(name) in values for name, values in when.items())
        else None
    )
