"""The complete findings of the checks on the sample journals, as data.

``python -m tests.unit.harness.suite.checks.findings`` writes ``findings.json``, ``limits.json`` and
``variations.json`` again. Read the difference: each changed line is a changed verdict. Each
variation notices a change to a check that the journals themselves do not notice; most have an
answer of the check that no other row has (``answers.py`` adds those).
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from adsmock.harness.suite.case import Check, load
from adsmock.harness.suite.checks import JUDGES
from adsmock.harness.suite.journal import CaseRecord, CaseView
from tests.unit.harness.suite.checks.variations import varied
from tests.unit.harness.suite.samples import SAMPLES

FOLDER = Path(__file__).parent
FINDINGS, LIMITS = FOLDER / "findings.json", FOLDER / "limits.json"
VARIED = FOLDER / "variations.json"

CHECKS: dict[str, Check] = {check.id: check for case in load().values() for check in case.checks}

PRECISION = 1e-3
"""How exactly the value of a limit is searched, relative to the value."""

FACTORS = (0, 0.5, 1, 2, 4)
"""A limit is searched between these multiples of its value in the case."""


def view_of(record: CaseRecord) -> CaseView:
    """Return the view of a record as a check of its case sees it."""
    case = load().get(record.case)
    return CaseView.of(record, lasting=case.lasting if case else frozenset())


def described(check: str) -> dict[str, Any]:
    """Return everything that a check says of each of its journals."""
    found = CHECKS[check]
    return {
        status: _as_data(JUDGES[found.judge](view_of(record), **found.numbers))
        for status, record in SAMPLES[check].items()
    }


def of_variation(check: str, status: str, name: str) -> dict[str, Any]:
    """Return what a check says of one of its journals with one change."""
    found = CHECKS[check]
    view = view_of(varied(SAMPLES[check][status], name))
    return _as_data(JUDGES[found.judge](view, **found.numbers))


def _as_data(found: Any) -> dict[str, Any]:
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
    """Return for each journal and number of a check where the outcome changes.

    Each row is one value and the outcome from it on; the first is the outcome at zero.
    """
    numbers = {
        name: value
        for name, value in CHECKS[check].numbers.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return {
        status: {name: list(_changes(CHECKS[check], view, name)) for name in numbers}
        for status, view in ((one, view_of(record)) for one, record in SAMPLES[check].items())
    }


def _changes(check: Check, view: CaseView, name: str) -> Iterator[str]:
    """Yield each value of a number at which the outcome changes, with the outcome from it on."""
    value = check.numbers[name]

    def outcome(at: float) -> str:
        try:
            return str(JUDGES[check.judge](view, **check.numbers | {name: at}).outcome)
        except (ZeroDivisionError, ValueError, IndexError) as error:
            return type(error).__name__

    is_whole = isinstance(value, int)
    grid = {value * factor for factor in FACTORS}
    points = sorted({int(one) for one in grid} if is_whole else grid)
    before, found = points[0], outcome(points[0])
    yield f"0: {found}"
    for point in points[1:]:
        after = outcome(point)
        if after != found:
            yield f"{_flip(outcome, before, point, is_whole=is_whole):.3g}: {after}"
        before, found = point, after


def _flip(outcome: Callable[[float], str], low: float, high: float, *, is_whole: bool) -> float:
    """Return the lowest value between two with the outcome of the higher one."""
    wanted = outcome(high)
    step = 1 if is_whole else PRECISION * high
    while high - low > step:
        middle = (low + high) // 2 if is_whole else (low + high) / 2
        low, high = (low, middle) if outcome(middle) == wanted else (middle, high)
    return high


def main() -> None:
    """Write the files, one line for each journal."""
    for path, describe in ((FINDINGS, described), (LIMITS, limits)):
        found = {check: describe(check) for check in sorted(SAMPLES)}
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
