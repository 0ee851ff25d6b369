"""The complete findings of the checks on the sample journals, as data.

``python -m tests.unit.harness.suite.checks.findings`` writes ``findings.json``, ``limits.json`` and
``variations.json`` again. Read the difference: each changed line is a changed verdict. Each
variation notices a change to a check that the journals themselves do not notice; most have an
answer of the check that no other row has (``answers.py`` adds those).
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from math import inf, nextafter
from pathlib import Path
from typing import Any
from unittest.mock import patch

from adsmock.harness.suite.case import Check, load
from adsmock.harness.suite.checks import JUDGES, Finding
from adsmock.harness.suite.journal import CaseRecord, CaseView
from tests.unit.harness.suite.checks.edges import JOURNALS
from tests.unit.harness.suite.checks.variations import varied

FOLDER = Path(__file__).parent
FINDINGS, LIMITS = FOLDER / "findings.json", FOLDER / "limits.json"
VARIED = FOLDER / "variations.json"

CHECKS: dict[str, Check] = {check.id: check for case in load().values() for check in case.checks}

NO_LIMIT = re.compile(
    r"SHOWN$|EVIDENCE$|UNAUTHORIZED|FORBIDDEN|GONE|REFUSED|BAD_REQUEST|THROTTLED|TOO_EARLY"
    r"|FIRST_[BRS]|LARGEST|LAST|SPARE|SHORTEST"
)
"""Constants that decide nothing: statuses, how much a sentence shows, and guards of a logarithm."""

FACTORS, FACTORS_OF_CONSTANT = (0, 0.5, 1, 2, 4), (0, 1, 4)
"""A limit is searched between these multiples of its value in the case or the code."""


def view_of(record: CaseRecord) -> CaseView:
    """Return the view of a record as a check of its case sees it."""
    case = load().get(record.case)
    return CaseView.of(record, lasting=case.lasting if case else frozenset())


def described(check: str) -> dict[str, Any]:
    """Return everything that a check says of each of its journals."""
    found = CHECKS[check]
    return {
        status: as_data(JUDGES[found.judge](view_of(record), **found.numbers))
        for status, record in JOURNALS[check].items()
    }


def of_variation(check: str, status: str, name: str) -> dict[str, Any]:
    """Return what a check says of one of its journals with one change."""
    found = CHECKS[check]
    view = view_of(varied(JOURNALS[check][status], name))
    return as_data(JUDGES[found.judge](view, **found.numbers))


def as_data(found: Finding) -> dict[str, Any]:
    """Return a finding as JSON members."""
    rows = [f"{one.seq}: {one.note}" + _allowed(one.allowed_from) for one in found.rows]
    data = {
        "outcome": found.outcome,
        "says": found.sentence,
        "rows": rows,
        "numbers": found.numbers,
    }
    return dict(json.loads(json.dumps(data, default=str)))


def _allowed(moment: float | None) -> str:
    return "" if moment is None else f" (allowed from {moment:.3f})"


def limits(check: str) -> dict[str, dict[str, list[str]]]:
    """Return for each journal and limit of a check where the outcome changes.

    Each row is one value and the outcome from it on, exact to the last digit; the first is the
    outcome at zero. Limits are the numbers of the case and the constants of the check's module.
    """
    return {
        status: {name: list(_changes(at, points)) for name, points, at in limits_of(check, record)}
        for status, record in JOURNALS[check].items()
    }


def limits_of(
    check: str, record: CaseRecord
) -> Iterator[tuple[str, list[float], Callable[[float], str]]]:
    """Yield each limit of a check: name, values to try, and the outcome as a function of it."""
    found, view = CHECKS[check], view_of(record)
    judge = JUDGES[found.judge]

    def at_number(name: str, at: float) -> str:
        return _outcome(lambda: judge(view, **found.numbers | {name: at}))

    def at_constant(name: str, at: float) -> str:
        with patch.dict(vars(sys.modules[judge.__module__]), {name: at}):
            return _outcome(lambda: judge(view, **found.numbers))

    for name, value in found.numbers.items():
        if _is_number(value):
            yield name, _multiples(value, FACTORS), partial(at_number, name)
    for name, value in sorted(vars(sys.modules[judge.__module__]).items()):
        if name.isupper() and _is_number(value) and not NO_LIMIT.search(name):
            yield name, _multiples(value, FACTORS_OF_CONSTANT), partial(at_constant, name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _outcome(judged: Callable[[], Finding]) -> str:
    try:
        found = judged()
        return "suspected" if found.numbers.get("suspected") else str(found.outcome)
    except (ZeroDivisionError, ValueError, IndexError) as error:
        return type(error).__name__


def _multiples(value: float, factors: tuple[float, ...]) -> list[float]:
    grid = {(value or 1) * factor for factor in factors}
    return sorted({int(one) for one in grid} if isinstance(value, int) else grid)


def _changes(outcome: Callable[[float], str], points: list[float]) -> Iterator[str]:
    """Yield each value of a limit at which the outcome changes, with the outcome from it on."""
    before, found = points[0], outcome(points[0])
    yield f"0: {found}"
    for point in points[1:]:
        after = outcome(point)
        if after != found:
            yield f"{_flip(outcome, before, point)!r}: {after}"
        before, found = point, after


def _flip(outcome: Callable[[float], str], low: float, high: float) -> float:
    """Return the lowest value between two with the outcome of the higher one."""
    wanted = outcome(high)
    is_whole = isinstance(high, int)
    while (low + 1 if is_whole else nextafter(low, inf)) < high:
        middle = (low + high) // 2 if is_whole else (low + high) / 2
        low, high = (low, middle) if outcome(middle) == wanted else (middle, high)
    return high


def main() -> None:
    """Write the files, one line for each journal."""
    for path, describe in ((FINDINGS, described), (LIMITS, limits)):
        found = {check: describe(check) for check in sorted(JOURNALS)}
        write_rows(
            path,
            {f"{check} {status}": one for check, by in found.items() for status, one in by.items()},
        )
    kept = json.loads(VARIED.read_text("utf-8"))
    write_rows(VARIED, {title: of_variation(*title.split(" ", 2)) for title in sorted(kept)})


def write_rows(path: Path, rows: dict[str, Any]) -> None:
    lines = [
        f"{json.dumps(title)}: {json.dumps(rows[title], ensure_ascii=False)}" for title in rows
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
