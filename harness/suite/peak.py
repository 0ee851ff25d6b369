"""The cases of a peak and all invariants, judged on a load run, which does its own work.

They all read the one journal of the load run. ``Work`` has what a journal cannot know of the work;
a check that needs more is N/A. The case M01 exempts the invariants that users or copies with equal
calls would break.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from msgspec.structs import replace

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.suite import case, noise_monitor
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.journal import CaseRecord, DeclaredFile, RunMeta, RunRecord
from adsmock.harness.suite.journal.record import ProgramRun
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.verdict import RunVerdict

CASES = ("M01", "M02", "M03", "M04", "M05", "M06")

DRIVER = "load"

MOST_BYTES = 256_000_000
"""Bytes of a journal that are kept: about 45 minutes of the default event."""

BUILT = "sp.campaigns"
"""The resource that is looked up at the end."""

JournalRow = dict[str, Any]
State = Mapping[str, Mapping[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Work:
    """Facts about the work that only the load generator knows; None is unknown.

    ``seconds`` is the time in which all reports are due, ``least`` the minimum of calls for the
    work, ``hourly`` the estimated calls an hour. ``made`` has profile and name of each
    created campaign, ``state`` the entities at the end, ``manifest`` the values of a manifest.
    ``profiles`` have profile id and region. ``runs`` are those of a program with its own work.
    """

    client: str
    seed: int
    seconds: float
    least: int | None = None
    hourly: float | None = None
    made: Collection[tuple[str, str]] = ()
    state: State = field(default_factory=dict)
    manifest: Mapping[str, Any] | None = None
    profiles: tuple[dict[str, Any], ...] = ()
    runs: tuple[ProgramRun, ...] = ()


class LoadWatcher:
    """Collects the journal of a sandbox during a load run, and judges it at the end.

    A journal is a ring buffer: call ``look`` often enough to get each row before it is dropped.
    At most ``most`` bytes of it are kept as JSON; the verdicts on a longer one are INCONCLUSIVE.
    """

    def __init__(
        self,
        plane: Plane,
        sandbox: str,
        control_client: noise_monitor.NoiseMonitor,
        most: int = MOST_BYTES,
    ) -> None:
        self._plane = plane
        self._sandbox = sandbox
        self._control_client = control_client
        self._orphans = plane.orphans()
        self._rows: dict[int, bytes] = {}
        self._kept, self._most = 0, most
        self._open: set[int] = set()
        self._first: int | None = None
        self._last = 0
        self._ends: dict[str, int] = {}

    def start_here(self) -> None:
        """Leave out the entries so far: they belong to an earlier part of the run."""
        rows, _ = self._plane.journal(self._sandbox)
        if rows:
            self._last = int(rows[-1]["seq"])
            self._first = self._last + 1

    def look(self) -> list[JournalRow]:
        """Fetch the new entries, and those that were in progress at the last look.

        Returns those that have ended since the last look.
        """
        after = min(self._open, default=self._last + 1) - 1
        rows, dropped = self._plane.journal(self._sandbox, after)
        if self._first is None and rows:  # a mock that was started again continues its numbers
            self._first = int(rows[0]["seq"]) - dropped
        fresh = [row for row in rows if row["seq"] > self._last or row["seq"] in self._open]
        for row in fresh:
            self._keep(row)
        self._last = max((int(row["seq"]) for row in rows), default=self._last)
        self._open = {int(row["seq"]) for row in rows if row["ended"] == "open"}
        return [row for row in fresh if row["ended"] != "open"]

    def see_ended(self, labels: Iterable[str]) -> None:
        """Keep, for each run that has ended, the last entry at the first look after its end."""
        for label in labels:
            self._ends.setdefault(label, self._last)

    def program_run(self, label: str, token: str, seconds: float, *, ended: bool) -> ProgramRun:
        """Return the run of a copy; ``label`` has the numbers of the copy and of its start."""
        copy, _, start = label.partition(".")
        last = self._ends.get(label, self._last) if ended else 0
        return ProgramRun(f"run {start} of copy {copy}", token, seconds, last)

    def rows(self) -> list[JournalRow]:
        """Return the entries that are kept, in order."""
        return [orjson.loads(zlib.decompress(row)) for _, row in sorted(self._rows.items())]

    def _keep(self, row: JournalRow) -> None:
        """Keep an entry for the verdicts, compressed, as long as there is room."""
        text = orjson.dumps(row)
        if self._kept + len(text) <= self._most:
            self._kept += len(text)
            self._rows[int(row["seq"])] = zlib.compress(text, 1)

    def judge(self, work: Work) -> RunVerdict:
        """Return the verdicts; the sandbox must not be deleted yet.

        Raises:
            PlaneError: the control plane refused or could not be reached.
        """
        self.look()
        return judge_run(RunRecord(self._meta(work), self._records(work)), case.load())

    def _meta(self, work: Work) -> RunMeta:
        manifest: DeclaredFile | None = (
            {"file": "", "values": dict(work.manifest), "lines": {}} if work.manifest else None
        )
        return RunMeta(
            driver=DRIVER,
            client=work.client,
            command=None,
            profile="peak",
            seed=work.seed,
            cases=(*CASES, *(each.id for each in case.load().values() if each.every)),
            filtered=True,  # a program's own work never proves a whole profile
            server=str(self._plane.health().get("version", "")),
            orphans=max(0, self._plane.orphans() - self._orphans),
            date=datetime.fromtimestamp(SystemClock().now(), UTC).date().isoformat(),
            manifest=manifest,
        )

    def _records(self, work: Work) -> tuple[CaseRecord, ...]:
        """Return one record per case, all with the same rows."""
        rows = tuple(self.rows())
        whole = CaseRecord(
            case="",
            version=0,
            timebase="monotonic",
            entries=len(rows),
            dropped=self._last + 1 - (self._first or 1) - len(rows),
            client_id=self._sandbox,  # one client, and so one journal for the invariants
            profiles=work.profiles,
            tasks=_tasks(work),
            created=_created(work),
            runs=work.runs,
            rows=rows,
        )
        whole = self._control_client.samples().with_noise(whole)
        answerable, cases = _answerable(work), case.load()
        return tuple(
            replace(
                whole,
                case=name,
                version=cases[name].version,
                numbers={
                    check.id: answerable[check.id]
                    for check in cases[name].checks
                    if check.id in answerable
                },
            )
            for name in CASES
        )


@contextmanager
def watching(control: str, sandbox: str, seed: int) -> Iterator[LoadWatcher]:
    """Yield a watcher of a sandbox with a journal, together with a noise monitor.

    Raises:
        PlaneError: the control plane refused or could not be reached.
    """
    plane = Plane(control)
    try:
        with noise_monitor.running(control, seed) as control_client:
            yield LoadWatcher(plane, sandbox, control_client)
    finally:
        plane.close()


def _answerable(work: Work) -> dict[str, dict[str, Any]]:
    """Return the arguments of each check that the work can answer.

    ``M06.done`` is never among them: work arrives until the end of a load run, so its backlog never
    ends.
    """
    answerable: dict[str, dict[str, Any]] = {"M01.ratio": {}, "M02.ratio": {}, "M04.spread": {}}
    if work.least is not None:
        answerable["M03.calls"] = {"least": work.least}
    if work.hourly is not None:
        answerable["M05.estimate"] = {"estimate": round(work.hourly)}
    if work.made:
        answerable["M06.lost"] = {"resource": BUILT}
    return answerable


def _tasks(work: Work) -> tuple[dict[str, Any], ...]:
    """Return the work as tasks, as far as a check reads them."""
    items: dict[str, list[dict[str, str]]] = {}
    for profile, name in sorted(work.made):
        items.setdefault(profile, []).append({"name": name})
    creates = (
        {"verb": "create", "args": {"resource": BUILT, "profile": profile, "items": made}}
        for profile, made in items.items()
    )
    return (*creates, {"verb": "reports", "args": {"within": work.seconds}})


def _created(work: Work) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the campaigns of the work that exist at the end, by profile."""
    made = set(work.made)
    return {
        profile: {
            BUILT: [
                {"campaignId": each["campaignId"], "name": each["name"]}
                for each in shelves.get(BUILT, ())
                if (profile, each["name"]) in made
            ]
        }
        for profile, shelves in sorted(work.state.items())
    }
