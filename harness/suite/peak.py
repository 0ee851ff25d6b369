"""The cases of a peak, judged on a load run: work that the suite did not hand out.

A load run is one integration at its own work. Its one journal is what each of these cases looks at;
what a journal cannot know of that work is told in ``Work``, and a check that needs what nobody can
tell is N/A. Knows the control plane and records. Must not know who makes the load.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.suite import case, noise_monitor
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.journal import CaseRecord, DeclaredFile, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.verdict import RunVerdict

CASES = ("M01", "M02", "M03", "M04", "M05", "M06")

DRIVER = "load"

BUILT = "sp.campaigns"
"""What is looked for in the store at the end."""

Row = dict[str, Any]
State = Mapping[str, Mapping[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Work:
    """What was done, as far as only its maker knows; None is not known.

    ``seconds`` is the time in which all reports are due, ``least`` the calls that the same work
    needs, ``hourly`` the calls an hour that were estimated. ``made`` holds profile and name of each
    campaign that the service said it had created, ``state`` the store at the end. ``manifest`` are
    the values of a manifest.
    """

    client: str
    seed: int
    seconds: float
    least: int | None = None
    hourly: float | None = None
    made: Collection[tuple[str, str]] = ()
    state: State = field(default_factory=dict)
    manifest: Mapping[str, Any] | None = None


class Witness:
    """Sees the journal of a sandbox grow, and judges it at the end.

    A journal is a ring: ``look`` often enough takes each row before it makes room.
    """

    def __init__(
        self, plane: Plane, sandbox: str, control_client: noise_monitor.NoiseMonitor
    ) -> None:
        self._plane = plane
        self._sandbox = sandbox
        self._control_client = control_client
        self._orphans = plane.orphans()
        self._rows: dict[int, Row] = {}
        self._open: set[int] = set()

    def look(self) -> None:
        """Take what is new, and what was under way at the last look."""
        after = min(self._open, default=max(self._rows, default=0) + 1) - 1
        rows, _ = self._plane.journal(self._sandbox, after)
        self._rows |= {int(row["seq"]): row for row in rows}
        self._open = {int(row["seq"]) for row in rows if row["ended"] == "open"}

    def judge(self, work: Work) -> RunVerdict:
        """Return the verdicts on what was seen; the sandbox must still be there.

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
            cases=CASES,
            filtered=True,  # work of one's own never proves a whole profile
            server=str(self._plane.health().get("version", "")),
            orphans=max(0, self._plane.orphans() - self._orphans),
            date=datetime.fromtimestamp(SystemClock().now(), UTC).date().isoformat(),
            manifest=manifest,
        )

    def _records(self, work: Work) -> tuple[CaseRecord, ...]:
        """Return one record a case, all of the same rows."""
        rows = tuple(row for _, row in sorted(self._rows.items()))
        whole = CaseRecord(
            case="",
            version=0,
            timebase="monotonic",
            entries=len(rows),
            dropped=max(self._rows, default=0) - len(rows),
            tasks=_tasks(work),
            created=_standing(work),
            rows=rows,
        )
        whole = self._control_client.beats().beside(whole)
        told, contract_set = _told(work), case.load()
        return tuple(
            replace(
                whole,
                case=name,
                version=contract_set[name].version,
                numbers={
                    one.id: told[one.id] for one in contract_set[name].checks if one.id in told
                },
            )
            for name in CASES
        )


@contextmanager
def witness(control: str, sandbox: str, seed: int) -> Iterator[Witness]:
    """Give a witness of a sandbox that keeps a journal, with a control client beside it.

    Raises:
        PlaneError: the control plane refused or could not be reached.
    """
    plane = Plane(control)
    try:
        with noise_monitor.running(control, seed) as control_client:
            yield Witness(plane, sandbox, control_client)
    finally:
        plane.close()


def _told(work: Work) -> dict[str, dict[str, Any]]:
    """Return by check what takes the place of its numbers; what cannot be told is not there.

    ``M06.done`` is never there: a load run ends while work still arrives, so no backlog of its own
    comes to an end.
    """
    told: dict[str, dict[str, Any]] = {"M01.ratio": {}, "M02.ratio": {}, "M04.spread": {}}
    if work.least is not None:
        told["M03.calls"] = {"least": work.least}
    if work.hourly is not None:
        told["M05.estimate"] = {"estimate": round(work.hourly)}
    if work.made:
        told["M06.lost"] = {"resource": BUILT}
    return told


def _tasks(work: Work) -> tuple[dict[str, Any], ...]:
    """Return the work as tasks, as far as a check asks for them."""
    items = [{"name": name} for _, name in sorted(work.made)]
    return (
        {"verb": "create", "args": {"resource": BUILT, "items": items}},
        {"verb": "reports", "args": {"within": work.seconds}},
    )


def _standing(work: Work) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the campaigns of the work that stand in the store, by profile."""
    made = set(work.made)
    return {
        profile: {
            BUILT: [
                {"campaignId": one["campaignId"], "name": one["name"]}
                for one in shelves.get(BUILT, ())
                if (profile, one["name"]) in made
            ]
        }
        for profile, shelves in sorted(work.state.items())
    }
