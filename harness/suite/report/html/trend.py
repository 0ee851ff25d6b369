"""The trend over earlier runs: how many checks failed in each, which cases changed, and since when.

A run.json has the day of its run and no time, so the caller gives the runs in their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adsmock.harness.suite.report.html.check import slug
from adsmock.harness.suite.report.html.labels import ORDER, Verdict, verdict
from adsmock.harness.suite.report.html.masking import mask_text

RUNS_SHOWN = 20
# The parts of a bar, from the bottom: what has to be fixed comes first.
_PARTS = (
    ("fail", ("ERROR", "FAIL")),
    ("warn", ("WARN",)),
    ("unproven", ("UNPROVEN", "INCONCLUSIVE")),
)
BAR_HEIGHT = 72

Run = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One run: its day, verdict, the checks by verdict, and its bar as (css, y, height)."""

    date: str
    profile: str
    word: str
    counts: tuple[tuple[Verdict, int], ...]
    bar: tuple[tuple[str, str, str], ...]
    failed: int
    checks: int
    is_this: bool


@dataclass(frozen=True, slots=True)
class CaseTrend:
    """One case that changed: its verdict in each run (None where it did not run), since when."""

    id: str
    verdicts: tuple[Verdict | None, ...]
    since: str
    before: str
    anchor: str = ""
    title: str = ""

    @property
    def now(self) -> Verdict:
        """Return the latest verdict."""
        return next(one for one in reversed(self.verdicts) if one is not None)


@dataclass(frozen=True, slots=True)
class Trend:
    """The runs of one client, oldest first, and the cases that changed in them."""

    client: str
    runs: tuple[RunPoint, ...]
    cases: tuple[CaseTrend, ...]
    same: int
    left_out: int

    @property
    def highest(self) -> int:
        """Return the largest number of checks that did not pass in a run."""
        return max(run.failed for run in self.runs)


def client_name(run: Run) -> str:
    """Return the name of a client: of its manifest, else its command, else its own."""
    client, manifest = run.get("client"), run.get("manifest")
    client = client if isinstance(client, Mapping) else {}
    values = manifest.get("values") if isinstance(manifest, Mapping) else None
    named = values.get("name") if isinstance(values, Mapping) else None
    driver, name = str(client.get("driver") or ""), str(client.get("name") or "")
    included = f"{driver}:{name}" if driver in {"mutant", "benign"} else name
    return mask_text(str(named or client.get("command") or included or driver))


def trends(run: Run, earlier: Sequence[Run]) -> tuple[Trend, ...]:
    """Return the trend of each client, that of the run itself first; empty without a history."""
    by_client: dict[str, list[Run]] = {client_name(run): []}
    for each in earlier:
        by_client.setdefault(client_name(each), []).append(each)
    if not earlier:
        return ()
    by_client[client_name(run)].append(run)
    return tuple(_trend(client, runs, run) for client, runs in by_client.items())


def _trend(client: str, runs: Sequence[Run], this: Run) -> Trend:
    shown = runs[-RUNS_SHOWN:]
    statuses = [_statuses(each) for each in shown]
    names = list(dict.fromkeys(name for each in reversed(statuses) for name in each))
    titles = {str(case.get("id")): str(case.get("title", "")) for case in _cases(shown)}
    anchors = {str(case.get("id")) for case in _cases([this])}
    changed = [
        _case(name, [each.get(name) for each in statuses], [_date(each) for each in shown])
        for name in names
        if len({each[name] for each in statuses if name in each}) > 1
    ]
    changed.sort(key=lambda one: (_urgency(one), one.id))
    highest = max(_open(each) for each in shown)
    return Trend(
        client=client,
        runs=tuple(_point(each, highest, is_this=each is this) for each in shown),
        cases=tuple(
            replace(one, anchor=slug(one.id) if one.id in anchors else "", title=titles[one.id])
            for one in changed
        ),
        same=len(names) - len(changed),
        left_out=len(runs) - len(shown),
    )


def _case(name: str, statuses: Sequence[str | None], dates: Sequence[str]) -> CaseTrend:
    """Return how a case changed: since which run it has its last verdict, and what it had."""
    known = [at for at, status in enumerate(statuses) if status is not None]
    last = statuses[known[-1]]
    change = next(at for at in reversed(known) if statuses[at] != last)
    since = next(at for at in known if at > change)
    return CaseTrend(
        id=name,
        verdicts=tuple(None if status is None else verdict(status) for status in statuses),
        since=f"run {since + 1} ({dates[since]})" if dates[since] else f"run {since + 1}",
        before=str(statuses[change]),
    )


def _urgency(case: CaseTrend) -> int:
    """Return the rank of a case by its latest verdict, the most urgent first."""
    return ORDER.index(case.now.word) if case.now.word in ORDER else 0


def _point(run: Run, highest: int, *, is_this: bool) -> RunPoint:
    words = _words(run)
    known = [word for word in ORDER if word in words]
    bar, floor = [], float(BAR_HEIGHT)
    for css, parts in _PARTS:
        count = sum(words.count(part) for part in parts)
        height = BAR_HEIGHT * count / highest if highest else 0.0
        floor -= height
        bar += [(css, f"{floor:.4g}", f"{height:.4g}")] if count else []
    return RunPoint(
        date=_date(run),
        profile=str(run.get("profile", "")),
        word=str(run.get("verdict", "")),
        counts=tuple((verdict(word), words.count(word)) for word in known),
        bar=tuple(bar),
        failed=_open(run),
        checks=len(words),
        is_this=is_this,
    )


def _open(run: Run) -> int:
    """Return the number of checks that failed or were not decided."""
    words = _words(run)
    return sum(words.count(part) for _, parts in _PARTS for part in parts)


def _words(run: Run) -> list[str]:
    return [
        str(check.get("status"))
        for case in _cases([run])
        for check in case.get("checks", ())
        if isinstance(check, Mapping)
    ]


def _cases(runs: Iterable[Run]) -> list[Mapping[str, Any]]:
    return [each for run in runs for each in run.get("cases", ()) if isinstance(each, Mapping)]


def _statuses(run: Run) -> dict[str, str]:
    return {str(case.get("id")): str(case.get("status")) for case in _cases([run])}


def _date(run: Run) -> str:
    return str(run.get("date") or "")
