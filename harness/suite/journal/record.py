"""The record of a run: one line for the run, one for each case, one for each journal entry.

Holds all that a judge needs, so that yesterday's record is judged again without a server. An entry
names its case, or all of those that look at it. Knows the file form ``adsmock.journal/1``. Must not
know cases, checks or how the record was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

import orjson

from adsmock.harness.suite.journal.entry import Entry, Timebase

FORMAT = "adsmock.journal/1"


Rows = tuple[dict[str, Any], ...]


class RecordError(ValueError):
    """A record that cannot be read: names the line and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How often one rule of the plan was felt."""

    id: str
    kind: str
    met: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How the client's part of a case ended.

    ``exit_code`` is None for a client that is no process of its own; ``error`` is what it raised.
    ``claims`` are its own words about its tasks: ``task`` (index), ``verb``, ``status``, counts.
    ``restarts`` are the numbers of the last entries before it was killed and started again.
    """

    exit_code: int | None = None
    timed_out: bool = False
    output: str = ""
    error: str | None = None
    claims: tuple[dict[str, Any], ...] = ()
    restarts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Noise:
    """How late the machine was beside a run in real time, in seconds.

    ``mean``, ``median``, ``p99`` and ``spread`` (median deviation from the median) are those of a
    control client that slept known times; ``lag_p99`` is what the mock's own loop was late.
    """

    samples: int
    mean: float
    median: float
    p99: float
    spread: float
    lag_p99: float


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case as it was run.

    ``entries`` is how many rows there were when it ended: fewer rows mean a cut journal.
    ``created`` holds, by profile and resource, the entities that were not there at the start.
    """

    case: str
    version: int
    timebase: Timebase
    entries: int
    dropped: int = 0
    client_id: str | None = None
    profiles: tuple[dict[str, Any], ...] = ()
    faults: tuple[FaultCount, ...] = ()
    tasks: tuple[dict[str, Any], ...] = ()
    created: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    ending: Ending = field(default_factory=Ending)
    noise: Noise | None = None
    """None in virtual time, where nothing is late."""
    failure: str | None = None
    """What went wrong on our side, in one line; every check of the case is an ERROR then."""
    numbers: dict[str, dict[str, Any]] | None = None
    """Where the work was not the case's own: by check, what takes the place of its numbers. A check
    that is not named was not asked then. None where the case was played as it stands."""
    rows: Rows = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RunMeta:
    """What was run: which client, which cases, which seed.

    ``strict`` runs count a broken SHOULD as non-conformant too. ``manifest`` and ``baseline`` are
    what the partner declared, each with the members ``file``, ``values`` and ``lines``. ``date``
    is the day of the run in UTC: what a baseline accepts until a day is judged by it.
    """

    driver: str
    client: str
    command: str | None
    profile: str
    seed: int
    cases: tuple[str, ...]
    filtered: bool = False
    strict: bool = False
    server: str = ""
    orphans: int = 0
    date: str = ""
    manifest: dict[str, Any] | None = None
    baseline: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run with its cases, in order of id."""

    meta: RunMeta
    cases: tuple[CaseRecord, ...]


def write(record: RunRecord, path: Path) -> None:
    """Write the record as newline-delimited JSON, keys sorted, replacing the file at once."""
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as file:
        for line in lines(record):
            file.write(orjson.dumps(line, option=orjson.OPT_SORT_KEYS) + b"\n")
    draft.replace(path)


def lines(record: RunRecord) -> Iterator[dict[str, Any]]:
    """Yield the lines of a record: the run, its cases, then all entries."""
    yield {"kind": "run", "format": FORMAT, **asdict(record.meta)}
    for case in record.cases:
        head = asdict(case)
        del head["rows"]
        yield {"kind": "case", **head}
    yield from entries(record)


def entries(record: RunRecord) -> Iterator[dict[str, Any]]:
    """Yield every journal entry once, with the case it belongs to, or all those that share it."""
    for names, rows in _shared(record):
        for row in rows:
            yield {**row, "kind": "entry", "case": names[0] if len(names) == 1 else names}


def _shared(record: RunRecord) -> list[tuple[list[str], Rows]]:
    """Return all rows once, with the cases that look at them."""
    found: list[tuple[list[str], Rows]] = []
    for case in record.cases:
        same = next((names for names, rows in found if rows == case.rows), None)
        if same is None:
            found.append(([case.case], case.rows))
        else:
            same.append(case.case)
    return found


def of_cases(case: str | list[str]) -> list[str]:
    """Return the cases that the member ``case`` of an entry names."""
    return [case] if isinstance(case, str) else list(case)


def read(path: Path) -> RunRecord:
    """Return the record in a file.

    Raises:
        RecordError: a line is no JSON object, of no known kind, or lacks a member.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return parse(file)


def parse(raw: Iterable[bytes]) -> RunRecord:
    """Return the record written in ``raw`` lines.

    Raises:
        RecordError: a line is no JSON object, of no known kind, or lacks a member.
    """
    meta: RunMeta | None = None
    heads: dict[str, dict[str, Any]] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, line in _objects(raw):
        kind = line.pop("kind", None)
        if kind not in ("run", "case", "entry"):
            raise RecordError(number, "is no line of a run's record")
        try:
            if kind == "run":
                meta = _meta(line)
            elif kind == "case":
                heads[str(line["case"])] = line
            else:
                names = of_cases(line.pop("case"))
                _check(line)
                for name in names:
                    rows.setdefault(name, []).append(line)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordError(number, f"lacks a member or holds a wrong one: {error}") from None
    if meta is None:
        raise RecordError(1, f"is not the head of a record in the form {FORMAT}")
    return RunRecord(meta, tuple(_case(heads[name], rows.get(name, [])) for name in sorted(heads)))


def _objects(raw: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, text in enumerate(raw, 1):
        if not text.strip():
            continue
        try:
            line = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise RecordError(number, f"is not JSON ({error}); was the file cut?") from None
        if not isinstance(line, dict):
            raise RecordError(number, "is not a JSON object")
        yield number, line


def _check(row: dict[str, Any]) -> None:
    """Return when a row is an entry, by both of its clocks.

    Raises:
        TypeError, ValueError, KeyError, AttributeError: it is none.
    """
    for timebase in get_args(Timebase):
        Entry.read(row, timebase)


def _meta(line: dict[str, Any]) -> RunMeta:
    if line.pop("format", None) != FORMAT:
        raise ValueError(f"the form is not {FORMAT}")
    if not all(isinstance(name, str) for name in line["cases"]):
        raise ValueError("its cases are no names")
    for file in (line.get("manifest"), line.get("baseline")):
        if file is not None and not isinstance(file["values"], dict):
            raise ValueError("a file that was handed to it holds no values")
    return RunMeta(**{**line, "cases": tuple(line["cases"])})


def _case(head: dict[str, Any], rows: list[dict[str, Any]]) -> CaseRecord:
    try:
        ready = {
            **head,
            "profiles": tuple(head.get("profiles", ())),
            "tasks": tuple(head.get("tasks", ())),
            "faults": tuple(FaultCount(**fault) for fault in head.get("faults", ())),
            "ending": _ending(head.get("ending", {})),
            "noise": Noise(**head["noise"]) if head.get("noise") else None,
            "rows": tuple(rows),
        }
        return CaseRecord(**ready)
    except (TypeError, AttributeError) as error:
        raise RecordError(1, f"case {head.get('case')}: {error}") from None


def _ending(line: dict[str, Any]) -> Ending:
    lists = {name: tuple(line.get(name, ())) for name in ("claims", "restarts")}
    return Ending(**{**line, **lists})
