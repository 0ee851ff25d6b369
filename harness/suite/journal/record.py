"""The record of a run: one line for the run, one for each case, one for each journal entry.

It contains all that a judge needs, so that an old record can be judged again without a server. An
entry names its case, or every case that reads it. Each line ends with a digest over itself and the
lines before it; records of earlier versions have none. File format: ``adsmock.journal/1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict, get_args

import orjson
from msgspec import Struct, structs, to_builtins

from adsmock.contracts.bounded_file import read_lines
from adsmock.harness.structs import MismatchError, convert
from adsmock.harness.suite.journal.digest import DigestChecker, DigestError, with_digests
from adsmock.harness.suite.journal.entry import Entry, Timebase
from adsmock.harness.suite.journal.row_shape import check_shape
from adsmock.harness.suite.journal.work import Work

FORMAT = "adsmock.journal/1"

RERUN = "run the suite again to write a new record"

Rows = tuple[dict[str, Any], ...]


class RecordError(ValueError):
    """A record that cannot be read: names the line and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}; {RERUN}")


class DeclaredFile(TypedDict):
    """A file of the partner's: its name, its values and the line of each member."""

    file: str
    values: dict[str, Any]
    lines: Mapping[str, int]


class FaultCount(Struct, frozen=True, forbid_unknown_fields=True):
    """How many calls one rule of the fault plan took effect on."""

    id: str
    kind: str
    met: int


class Ending(Struct, frozen=True, forbid_unknown_fields=True):
    """How the client's part of a case ended.

    ``exit_code`` is None for a client that is not a process; ``error`` is what it raised.
    ``claims`` are the client's own reports of its tasks: ``task`` (index), ``verb``, ``status``,
    counts. ``restarts`` are the sequence numbers of the last entries before each restart.
    """

    exit_code: int | None = None
    timed_out: bool = False
    stopped_after: float | None = None
    """Seconds that a program had run when the suite stopped it; None where that is not measured."""
    output: str = ""
    error: str | None = None
    claims: tuple[dict[str, Any], ...] = ()
    restarts: tuple[int, ...] = ()


class Noise(Struct, frozen=True, forbid_unknown_fields=True):
    """How late the machine was during a run in real time, in seconds.

    ``mean``, ``median``, ``p99`` and ``spread`` (median deviation from the median) are those of a
    control client that slept known times; ``lag_p99`` is the lag of the mock's event loop.
    """

    samples: int
    mean: float
    median: float
    p99: float
    spread: float
    lag_p99: float


class ProgramRun(Struct, frozen=True, forbid_unknown_fields=True):
    """One run of a program that shares its sandbox with others.

    ``token`` is the fingerprint of its own refresh token, ``ended`` the last entry of the journal
    when it ended by itself, 0 for one that was stopped. ``seconds`` is how long it ran.
    """

    name: str
    token: str
    seconds: float
    ended: int = 0


class CaseRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """One case as it ran.

    ``entries`` is the number of rows when it ended: fewer rows mean that the journal was cut.
    ``created`` contains, by profile and resource, the entities that were not there at the start.
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
    created: dict[str, dict[str, list[dict[str, Any]]]] = {}
    ending: Ending = Ending()
    noise: Noise | None = None
    """None in virtual time, where nothing is late."""
    failure: str | None = None
    """What the suite or the mock did wrong, in one line; every check of the case is ERROR then."""
    numbers: dict[str, dict[str, Any]] | None = None
    """For work that was not the tasks of the case: by check, the arguments that replace its own. A
    check without a member here is N/A. None where the client ran the tasks of the case."""
    work: tuple[Work, ...] = ()
    """In a free run: what the program did without faults, compared with this pass."""
    template: DeclaredFile | None = None
    """The template of the queues that the manifest names, in cases about it."""
    lacks: str | None = None
    """In a free run: what the program would have to do for this case to be judged."""
    replay_of: str = ""
    """In a free run: the case of which this round played one fault by itself; ``case`` names the
    fault. Only its work is judged with that case."""
    not_replayed: tuple[str, ...] = ()
    """In a free run: faults whose lost work another fault's failure may excuse, and that no round
    played by itself."""
    no_replay: str = ""
    """Why they were not, in words; empty where all were."""
    runs: tuple[ProgramRun, ...] = ()
    """In a load run: the runs of a program that brings its own work."""
    rows: Rows = ()


class RunMeta(Struct, frozen=True, forbid_unknown_fields=True):
    """What ran: which client, which cases, which seed.

    In a ``strict`` run a broken SHOULD is non-conformant too. ``date`` is the day of the run in
    UTC: the baseline's ``until`` dates are compared with it.
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
    clean_exit: int = 0
    """In a free run: the program's exit code without faults."""
    clean_refused_tokens: int = 0
    """In a free run: token requests that were refused without faults, when none was granted."""
    date: str = ""
    manifest: DeclaredFile | None = None
    baseline: DeclaredFile | None = None
    through_proxy: bool = False
    """Whether the program kept Amazon's host names and went through the proxy."""
    stopped: str = ""
    """Why the run ended before its cases, in words; empty for a whole run. The cases without a
    record had not ended."""


class RunRecord(Struct, frozen=True):
    """A run with its cases, in order of id."""

    meta: RunMeta
    cases: tuple[CaseRecord, ...]
    has_digests: bool = True
    """False for a file without digests, whose changes cannot be detected."""


def write(record: RunRecord, path: Path) -> None:
    """Write the record as newline-delimited JSON, keys sorted, replacing the file at once."""
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as file:
        rows = (orjson.dumps(line, option=orjson.OPT_SORT_KEYS) for line in lines(record))
        for row in with_digests(rows):
            file.write(row + b"\n")
    draft.replace(path)


def lines(record: RunRecord) -> Iterator[dict[str, Any]]:
    """Yield the lines of a record: the run, its cases, then all entries."""
    yield {"kind": "run", "format": FORMAT, **to_builtins(record.meta)}
    for case in record.cases:
        head = to_builtins(structs.replace(case, rows=()))
        del head["rows"]
        yield {"kind": "case", **head}
    yield from entries(record)


def entries(record: RunRecord) -> Iterator[dict[str, Any]]:
    """Yield every journal entry once, with its case, or with all cases that read it."""
    for names, rows in _shared(record):
        for row in rows:
            yield {**row, "kind": "entry", "case": names[0] if len(names) == 1 else names}


def _shared(record: RunRecord) -> list[tuple[list[str], Rows]]:
    """Return all rows once, with the cases that read them."""
    found: list[tuple[list[str], Rows]] = []
    for case in record.cases:
        same = next((names for names, rows in found if rows == case.rows), None)
        if same is None:
            found.append(([case.case], case.rows))
        else:
            same.append(case.case)
    return found


def of_cases(case: str | list[str]) -> list[str]:
    """Return the cases in the member ``case`` of an entry."""
    return [case] if isinstance(case, str) else list(case)


def read(path: Path) -> RunRecord:
    """Return the record in a file.

    Raises:
        RecordError: a line is not a JSON object, has an unknown kind, a wrong member or digest.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return parse(read_lines(file))


def parse(raw: Iterable[bytes]) -> RunRecord:
    """Return the record written in ``raw`` lines.

    Raises:
        RecordError: a line is not a JSON object, has an unknown kind, a wrong member or digest.
    """
    reader, checker = _Reader(), DigestChecker()
    for number, line in _objects(raw, checker):
        kind = line.pop("kind", None)
        try:
            reader.add(kind, line)
        except MismatchError as error:
            case = f"case {line.get('case')}: " if kind == "case" else ""
            raise RecordError(number, f"{case}{error}") from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordError(number, f"missing or wrong member: {error}") from None
    return structs.replace(reader.record(), has_digests=bool(checker.has_digests))


class _Reader:
    """What was read of a record so far."""

    def __init__(self) -> None:
        self._meta: RunMeta | None = None
        self._cases: dict[str, CaseRecord] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, kind: object, line: dict[str, Any]) -> None:
        """Take one line.

        Raises:
            MismatchError: a line of a run or a case with a wrong member, or of an unknown kind.
            TypeError, ValueError, KeyError, AttributeError: not a journal entry.
        """
        if kind == "run":
            self._meta = _meta(line)
        elif kind == "case":
            case = convert(line, CaseRecord)
            self._cases[case.case] = case
        elif kind == "entry":
            names = of_cases(line.pop("case"))
            check_shape(line)
            for timebase in get_args(Timebase):
                Entry.read(line, timebase)
            for name in names:
                self._rows.setdefault(name, []).append(line)
        else:
            raise MismatchError("kind", f"{kind!r} is not one of run, case, entry")

    def record(self) -> RunRecord:
        """Return the record, its cases in order of id."""
        if self._meta is None:
            raise RecordError(1, f"the first line of a record in the format {FORMAT} is missing")
        cases = (
            structs.replace(case, rows=tuple(self._rows.get(name, ())))
            for name, case in sorted(self._cases.items())
        )
        return RunRecord(self._meta, tuple(cases))


def _objects(raw: Iterable[bytes], checker: DigestChecker) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, text in enumerate(raw, 1):
        if not text.strip():
            continue
        try:
            line = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise RecordError(number, f"invalid JSON, perhaps cut ({error})") from None
        if not isinstance(line, dict):
            raise RecordError(number, "not a JSON object")
        try:
            checker.check(text)
        except DigestError as error:
            raise RecordError(number, str(error)) from None
        line.pop("digest", None)
        yield number, line


def _meta(line: dict[str, Any]) -> RunMeta:
    found = line.pop("format", None)
    if found != FORMAT:
        raise MismatchError("format", f"{found!r} is not {FORMAT!r}")
    return convert(line, RunMeta)
