"""Which case of a round accounts for which work, and which work cannot be compared at all.

A fault of the kind ``patch`` shows a program other data than there is, such as an empty page. What
the program then does with that data is right, although it differs from a pass without faults: only
the calls with the fault itself are compared for that profile.
"""

from __future__ import annotations

from collections.abc import Sequence

from adsmock.harness.suite.free_run.opportunity import shows_other_data
from adsmock.harness.suite.free_run.placement import Placed, Round
from adsmock.harness.suite.journal import Work

PARENTS = {"adGroups": 1, "campaigns": 2}
"""Resources in which others are created, and how far they are above keywords, targets and ads."""

_UNRELATED = 9


def work_by_case(round_: Round, work: Sequence[Work]) -> dict[str, tuple[Work, ...]]:
    """Return the work by case: of the calls that it used, or of those that the work needs first.

    Keywords are lost when their ad group was not created. What no case explains belongs to the
    first one.
    """
    found: dict[str, list[Work]] = {placed.case.id: [] for placed in round_.placed}
    for piece in work:
        if not any(_misled(placed, piece) for placed in round_.placed):
            owner = min(round_.placed, key=lambda placed: distance(placed, piece))
            found[owner.case.id].append(piece)
    return {name: tuple(pieces) for name, pieces in found.items()}


def distance(placed: Placed, piece: Work) -> int:
    """Return how far the calls of a case are from a piece of work: 0 for the same operation."""
    same = [slot.operation for slot in placed.slots if slot.profile == piece.profile]
    return min((_steps(operation, piece) for operation in same), default=_UNRELATED)


def _steps(operation: str, piece: Work) -> int:
    """Return how far an operation of the same profile is from a piece of work.

    Farther than the same operation are: the creation of a parent, other calls of the resource.
    """
    if operation == piece.operation:
        return 0
    resource, _, verb = operation.rpartition(".")
    own = piece.operation.rpartition(".")[0]
    above = PARENTS.get(resource.rpartition(".")[2], 0) - PARENTS.get(own.rpartition(".")[2], 0)
    is_same_product = resource.rpartition(".")[0] == own.rpartition(".")[0]
    if verb == "create" and is_same_product and above > 0 and piece.kind in {"created", "changed"}:
        return above
    return len(PARENTS) + 1 if resource == own else _UNRELATED - 1


def _misled(placed: Placed, piece: Work) -> bool:
    """Say whether a piece of work may follow from the data that the faults of a case replace."""
    if not shows_other_data(placed.case):
        return False
    edits = [(fault.match["operation"], fault.match.get("profileId")) for fault in placed.faults]
    is_edited = any(piece.operation in operations for operations, _ in edits)
    return not is_edited and any(
        profile in ({"$profile": piece.profile}, None) for _, profile in edits
    )
