"""The order in which an item's checks run, which decides the error that a client sees.

An item that is wrong in two ways gets the first error; the real service answers with one error in
every captured body. Within one step, rows run in the order of the contract, then of the catalog.

Source: assumed throughout; no capture shows an item that is wrong in two ways. The idea: checks of
the text alone run before checks that need the clock, then checks that need other entities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verb = Literal["create", "update", "archive"]
_ALL: tuple[Verb, ...] = ("create", "update", "archive")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``checks`` are the names of its rules, empty where the verb itself checks."""

    name: str
    verbs: tuple[Verb, ...]
    checks: tuple[str, ...] = ()


ORDER: tuple[Step, ...] = (
    Step("fault", _ALL),  # a fault plan names this index: throttledError, internalServerError …
    Step("found", ("update", "archive")),  # entityNotFoundError
    Step("open", ("update", "archive")),  # entityStateError: archived is final
    Step("locked", ("archive",)),  # entityStateError: automatic clauses
    Step("fit", ("create", "update"), ("fits",)),  # missingValueError, rangeError …
    Step("kept", ("update",), ("unarchived_parents",)),  # entityStateError: the parent is archived
    Step("text", ("create", "update")),  # malformedValueError
    Step("money", ("create", "update"), ("market", "policy")),  # biddingError …
    Step("date", ("create", "update"), ("dates",)),  # dateError
    Step("parent", ("create",), ("live_parents",)),  # parentEntityError
    Step("reference", ("create", "update"), ("referred",)),  # parentEntityError
    Step(
        "setup",  # targetingClauseSetupError
        ("create", "update"),
        (
            "targeting_type",
            "alone",
            "manual_only",
            "expression",
            "allowed_by_parent",
            "needs",
            "uniform",
        ),
    ),
    Step("product", ("create",), ("product", "one_of", "sole")),  # missing value, identifier
    Step("balance", ("create", "update"), ("within_budget", "bid_by_parent")),  # biddingError
    Step("unique", ("create", "update"), ("unique",)),  # duplicateValueError
    Step("quota", ("create",), ("within_limit",)),  # entityQuotaError
)

RANK: dict[str, int] = {
    check: rank for rank, step in enumerate(ORDER) for check in (step.name, *step.checks)
}
"""The rank of a check, by its name."""


def asks(check: str, verb: str) -> bool:
    """Say whether ``verb`` runs ``check``."""
    return verb in ORDER[RANK[check]].verbs
