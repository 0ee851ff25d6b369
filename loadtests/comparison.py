"""The partner's program next to the reference client, on the same event and seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from adsmock.loadtests.counters import percentile
from adsmock.loadtests.report import Report


@dataclass(frozen=True, slots=True)
class Row:
    """One number of both runs, as text."""

    name: str
    ours: str
    reference: str


def compare(ours: Report, reference: Report) -> tuple[Row, ...]:
    """Return the rows of the comparison; a hyphen is a number that a run cannot know."""
    return tuple(Row(name, read(ours), read(reference)) for name, read in NUMBERS)


def lines(rows: Sequence[Row], name: str) -> Iterator[str]:
    """Yield the comparison as a table of text."""
    yield f"{'':28} {name[:20]:>20} {'reference client':>20}"
    for row in rows:
        yield f"{row.name:28} {row.ours:>20} {row.reference:>20}"


def _calls(report: Report) -> str:
    return f"{sum(report.outcome.counters.totals().values()):,}"


def _share(name: str) -> Callable[[Report], str]:
    return lambda report: f"{report.measures[name]:.1%}" if name in report.measures else "-"


def _number(name: str) -> Callable[[Report], str]:
    return lambda report: f"{report.measures[name]:.3g}" if name in report.measures else "-"


def _done(report: Report) -> str:
    work = report.outcome.counters.work()
    if report.outcome.has_own_work:
        return "-"
    return f"{work['done']:,} of {work['arrived'] - work['unsupported']:,}"


def _wait(report: Report) -> str:
    """Return the p95 from the arrival of an item to its end."""
    rows = [(int(value), times) for (_role, value), times in report.outcome.counters.of("aged")]
    return f"{percentile(rows, 0.95) / 1000:.1f} s" if rows else "-"


def _response(report: Report) -> str:
    rows = [(int(value), times) for (_name, value), times in report.outcome.counters.of("late")]
    return f"{percentile(rows, 0.95):.0f} ms" if rows else "-"


NUMBERS: tuple[tuple[str, Callable[[Report], str]], ...] = (
    ("calls", _calls),
    ("calls by the minimum", _number("calls_ratio")),
    ("throttled calls", _share("throttled_share")),
    ("failed calls", _share("failed_share")),
    ("work items done", _done),
    ("p95 of the wait for an item", _wait),
    ("p95 of accepted calls", _response),
    ("lost writes", _number("lost")),
    ("doubled writes", _number("doubled")),
)
