"""One client with several defects and habits at once, and the rule by which they combine.

Each part of the client (its policy, its pager) is a class. Classes that override different methods
are combined by inheritance. Two that override the same method conflict: only one would take effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS, CompliantVariant
from adsmock.harness.iac import model_values
from adsmock.harness.mutants import MUTANTS, Mutant

JOIN = "+"
"""Joins the labels of the combined clients: ``mutant:no-jitter+benign:poll-30s``."""

PART = "_class"
"""How the attributes of ``AdsClient`` that name its parts end."""

HIDDEN: Mapping[frozenset[str], str] = {
    frozenset({"long-waits", "full-jitter"}): "a random part of a long wait is mostly a short wait",
}
"""Pairs of clients of which one hides the defect of the other, with the reason."""

_GENERATED = frozenset({"__static_attributes__", "__firstlineno__", "__annotations__"})


class CombinationError(ValueError):
    """The clients do not combine; the text says why: what both override, or what one hides."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Several clients as one.

    ``habits`` says how it differs from the reference. ``kills`` names the checks that catch its
    defects, ``cases`` the cases in which they do. ``template`` has the values of its template.
    """

    factory: Callable[..., AdsClient]
    workers: int
    habits: tuple[str, ...]
    kills: frozenset[str]
    cases: frozenset[str]
    template: Mapping[str, Any]


def combined(label: str) -> Combination:
    """Return the clients of a label as one; a label of a single client is that client.

    Raises:
        KeyError: no client has one of the names.
        CombinationError: two of them override the same method, or one is not a class.
    """
    rows = [_row_of(part) for part in label.split(JOIN)]
    for pair, reason in HIDDEN.items():
        if pair <= {row.name for row in rows}:
            raise CombinationError(f"{' hides '.join(sorted(pair))}: {reason}")
    factory = rows[0].factory
    if len(rows) > 1:
        factory = reduce(_both, (_client_class(row) for row in rows))
    broken = [row for row in rows if isinstance(row, Mutant)]
    kills = frozenset(check for row in broken for check in row.kills)
    cases = frozenset(case for row in broken for case in row.cases)
    return Combination(
        factory=factory,
        workers=max(row.workers if isinstance(row, CompliantVariant) else 1 for row in rows),
        habits=tuple(row.defect if isinstance(row, Mutant) else row.behavior for row in rows),
        kills=kills,
        cases=cases | {check.partition(".")[0] for check in kills},
        template=_template(rows),
    )


def _template(rows: Iterable[Mutant | CompliantVariant]) -> dict[str, Any]:
    """Return the values of the model template with the changes of all clients."""
    values = model_values()
    for row in rows:
        if row.template is not None:
            row.template(values)
    return values


def _row_of(label: str) -> Mutant | CompliantVariant:
    kind, _, name = label.partition(":")
    rows: dict[str, Mapping[str, Mutant | CompliantVariant]] = {
        "mutant": MUTANTS,
        "benign": COMPLIANT_VARIANTS,
    }
    return rows[kind][name]


def _client_class(row: Mutant | CompliantVariant) -> type[AdsClient]:
    if not isinstance(row.factory, type):
        raise CombinationError(f"{row.name} runs clients of its own, so nothing can be added to it")
    return row.factory


def _both(first: type[AdsClient], second: type[AdsClient]) -> type[AdsClient]:
    """Return a client with what both classes override."""
    if AdsClient in {first, second}:  # it only runs more tasks at a time
        return first if second is AdsClient else second
    names = _overrides(first, AdsClient) & _overrides(second, AdsClient)
    parts: dict[str, Any] = {}
    for name in sorted(names):
        if not name.endswith(PART):
            raise CombinationError(f"both override AdsClient.{name}")
        parts[name] = _joined(getattr(first, name), getattr(second, name), getattr(AdsClient, name))
    return type("Combined", (first, second), parts)


def _joined(first: type, second: type, reference: type) -> type:
    """Return a part of the client with what both classes override."""
    shared = _overrides(first, reference) & _overrides(second, reference)
    if shared:
        names = ", ".join(f"{reference.__name__}.{name}" for name in sorted(shared))
        raise CombinationError(f"both override {names}")
    return type(reference.__name__, (first, second), {})


def _overrides(changed: type, reference: type) -> frozenset[str]:
    """Return the attributes that a class and its bases define beyond the reference."""
    own = (each for each in changed.__mro__ if each not in reference.__mro__)
    written = {name for each in own for name in vars(each)}
    return frozenset(written - vars(type("Empty", (), {})).keys() - _GENERATED)
