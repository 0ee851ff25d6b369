"""Random items from contracts: valid ones, ones that break exactly one rule, and batches.

What a field may hold is read from its contract; the little that no contract row says (which
characters a name uses, what an expression looks like) is in the tables below.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from adsmock.contracts.model import Contract, Field, Rule

MONEY = (0.5, 5.0)  # within every bound of the marketplaces the tests use, below their budgets
BUDGET = (10.0, 10_000.0)
DAYS = ("2026-07-02", "2026-07-15", "2026-12-31")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäéñøß春夏秋冬"

_WORD = st.text(LETTERS, min_size=1, max_size=12)
_ASIN = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=10, max_size=10)
_IDS = st.integers(10**12, 10**15).map(str)


def words(most: int = 4) -> st.SearchStrategy[str]:
    """Return texts that every name and keyword rule allows."""
    return st.lists(_WORD, min_size=1, max_size=most).map(" ".join)


_TEXTS: dict[str, st.SearchStrategy[str]] = {
    "name": words(),
    "keywordText": words(),
    "sku": st.from_regex(r"[A-Z]{3}-[0-9]{4}", fullmatch=True),
    "asin": _ASIN,
    "value": _ASIN,
    "audienceId": st.from_regex(r"[0-9]{1,20}", fullmatch=True),
}


def _value(field: Field) -> st.SearchStrategy[Any]:
    """Return what a create may say for a field."""
    if field.enum:
        return st.sampled_from(field.enum)
    if field.type == "object":
        return _object(field.fields)
    if field.type == "array":
        assert field.items is not None
        most = min(field.max_items or 2, 2)
        return st.lists(_value(field.items), min_size=max(field.min_items or 0, 1), max_size=most)
    return _SCALARS[field.type](field)


def _text(field: Field) -> st.SearchStrategy[str]:
    if field.name not in _TEXTS and field.max_length is not None:
        return st.text("ABCDEFGHIJ", min_size=field.min_length or 0, max_size=field.max_length)
    return _TEXTS.get(field.name, words())


def _number(field: Field) -> st.SearchStrategy[float]:
    low, high = BUDGET if field.name == "budget" else MONEY
    return st.floats(low, high).map(lambda amount: round(amount, 2))


def _integer(field: Field) -> st.SearchStrategy[int]:
    return st.integers(int(field.minimum or 0), int(field.maximum or 100))


_SCALARS: dict[str, Any] = {
    "id": lambda _: st.one_of(_IDS, _IDS.map(int)),
    "string": _text,
    "number": _number,
    "integer": _integer,
    "boolean": lambda _: st.booleans(),
    "date": lambda _: st.sampled_from(DAYS),
    "map": lambda _: st.dictionaries(_WORD, _WORD, max_size=2),
}


def _object(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    demanded = {each.name: _value(each) for each in fields if each.create == "required"}
    free = {each.name: _value(each) for each in fields if each.create == "optional"}
    return st.fixed_dictionaries(demanded, optional=free)


def items(contract: Contract, parents: dict[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return valid creates of a seller under ``parents``."""

    def finish(item: dict[str, Any]) -> dict[str, Any]:
        item = {**item, **parents}
        item.pop("portfolioId", None)  # none exists
        if "startDate" in item and "endDate" in item:
            item["startDate"], item["endDate"] = sorted((item["startDate"], item["endDate"]))
        for predicate in item.get("expression", ()):
            predicate.setdefault("value", "B000000001")
        if contract.name.endswith("productAds"):
            item = {name: value for name, value in item.items() if name != "asin"}
            item.setdefault("sku", "SKU-0001")
        return item

    return _object(contract.fields).map(finish)


def _put(item: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {**item, first: _put(item[first], rest, value) if rest else value}


def _broken(rule: Rule, item: dict[str, Any]) -> dict[str, Any]:
    """Return ``item`` with exactly ``rule`` broken."""
    item = {**item, **{name: values[0] for name, values in rule.when.items()}}
    if rule.check == "one_of":
        names = rule.field.split(",")
        return {name: value for name, value in item.items() if name not in names}
    return _put(item, rule.field, _BREAKERS[rule.check](rule))


_BREAKERS: dict[str, Any] = {
    "length": lambda rule: "" if rule.minimum else "x" * (int(rule.maximum) + 1),
    "words": lambda rule: " ".join(["x"] * (int(rule.maximum) + 1)),
    "pattern": lambda rule: {"LEADING_OR_TRAILING_WHITESPACE": "x "}.get(rule.reason, "x<x"),
    "market": lambda _: 0.001,
}


def invalid_items(
    contract: Contract, parents: dict[str, str]
) -> st.SearchStrategy[tuple[dict[str, Any], Rule]]:
    """Return creates of a seller that break exactly one rule of the contract, with that rule."""
    rules = [rule for rule in contract.rules if rule.account in ("", "seller")]
    return st.tuples(items(contract, parents), st.sampled_from(rules)).map(
        lambda drawn: (_broken(drawn[1], drawn[0]), drawn[1])
    )


def batches(
    contract: Contract, parents: dict[str, str], most: int = 6
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return batches that mix valid items, broken ones and repeats."""
    valid = items(contract, parents)
    if not contract.rules:
        return st.lists(valid, max_size=most)
    broken = invalid_items(contract, parents).map(lambda drawn: drawn[0])
    return st.lists(st.one_of(valid, valid, broken), max_size=most)
