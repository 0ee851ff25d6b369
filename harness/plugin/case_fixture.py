"""A sandbox with its clock, faults and journal as a test uses them, and a case in a sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import pytest

from adsmock.harness.plugin.reported import with_reports
from adsmock.harness.suite import case_setup
from adsmock.harness.suite.case import load
from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.command import environment
from adsmock.harness.suite.invariants import judge_invariants
from adsmock.harness.suite.journal import CaseRecord, Ending
from adsmock.harness.suite.judge import judge_case
from adsmock.harness.suite.noise_monitor import NoiseMonitor
from adsmock.harness.suite.verdict import CaseVerdict, Verdict

UNSETTLED = frozenset({"UNPROVEN", "INCONCLUSIVE", "ERROR"})


class Clock:
    """The time of one sandbox."""

    def __init__(self, plane: Plane, sandbox: str) -> None:
        self._plane, self._sandbox = plane, sandbox

    def freeze(self) -> None:
        """Stop the clock; from now on only ``advance`` moves it."""
        self._plane.set_clock(self._sandbox, {"mode": "frozen"})

    def advance(self, seconds: float) -> float:
        """Advance the clock; return the new time in seconds since 1970."""
        return self._plane.advance(self._sandbox, seconds)

    @property
    def now(self) -> float:
        """Return the time in seconds since 1970."""
        return self._plane.now(self._sandbox)


class Faults:
    """The fault plan of one sandbox."""

    def __init__(self, plane: Plane, sandbox: str) -> None:
        self._plane, self._sandbox = plane, sandbox

    def add(self, rule: dict[str, Any]) -> dict[str, Any]:
        """Add one fault rule; return it as the mock has it."""
        return self._plane.add_fault(self._sandbox, rule)

    def met(self, name: str) -> int:
        """Return how many calls one rule took effect on."""
        return sum(
            int(fault["met"]) for fault in self._plane.faults(self._sandbox) if fault["id"] == name
        )

    def clear(self) -> None:
        """Remove all fault rules."""
        self._plane.clear_faults(self._sandbox)


class Journal(Sequence[dict[str, Any]]):
    """The journal entries of a sandbox, fetched again at each access."""

    def __init__(self, plane: Plane, sandbox: str) -> None:
        self._plane, self._sandbox = plane, sandbox

    def of(self, operation: str) -> list[dict[str, Any]]:
        """Return the entries of one operation, such as ``sp.campaigns.list``."""
        return [row for row in self if row["operation"] == operation]

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._rows()[place]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        return self._plane.journal(self._sandbox)[0]


class Sandbox:
    """One sandbox: its URLs, credentials and profiles, its clock, faults and journal.

    ``urls`` has ``ads`` and ``lwa`` by region, ``credentials`` has clientId, clientSecret and
    refreshToken, ``env`` all of it as environment variables for a program.
    """

    def __init__(self, plane: Plane, made: dict[str, Any], env: dict[str, str]) -> None:
        self.plane = plane
        self.id = str(made["id"])
        self.urls: dict[str, dict[str, str]] = made["urls"]
        self.credentials: dict[str, str] = made["client"]
        self.profiles: list[dict[str, Any]] = list(made["profiles"])
        self.env = env
        self.clock = Clock(plane, self.id)
        self.faults = Faults(plane, self.id)
        self.journal = Journal(plane, self.id)


class CaseRun(Sandbox):
    """A prepared case. ``task`` is its work (``contracts/meta/task.schema.json``)."""

    def __init__(
        self,
        plane: Plane,
        setup: CaseSetup,
        folder: Path,
        control: str,
        *,
        strict: bool,
        monitor: NoiseMonitor | None = None,
    ) -> None:
        path = folder / "task.json"
        path.write_text(json.dumps(setup.task, indent=1), "utf-8")
        made = {
            "id": setup.sandbox,
            "urls": setup.task["regions"],
            "client": setup.task["credentials"],
            "profiles": setup.profiles,
        }
        super().__init__(plane, made, environment(setup, path, control))
        self.task = setup.task
        self.verdict: CaseVerdict | None = None
        self._setup = setup
        self._judged: tuple[CaseVerdict, ...] = ()
        self._strict = strict
        self._monitor = monitor
        self._orphans = plane.orphans()

    @property
    def record(self) -> CaseRecord | None:
        """Return the record of the case, None before it was judged."""
        return self.verdict.record if self.verdict else None

    def judge(self) -> None:
        """Judge the case and all invariants from the journal; fail the test on a broken rule."""
        __tracebackhide__ = True
        record = with_reports(case_setup.collect(self.plane, self._setup, Ending()))
        if self._monitor is not None:
            record = self._monitor.samples().with_noise(record)
        orphans = max(0, self.plane.orphans() - self._orphans)
        cases = load()
        self.verdict = judge_case(cases[self._setup.case.id], record, orphans)
        self._judged = (self.verdict, *judge_invariants([record], cases, orphans))
        bad = {"FAIL", "WARN"} if self._strict else {"FAIL"}
        broken = [(case, each) for case, each in self._verdicts() if each.status in bad]
        if broken:
            fixes = dict.fromkeys(case.case.fix_of(each.check) for case, each in broken)
            words = _words([each for _, each in broken])
            pytest.fail(f"{words}\nhow to fix: {' '.join(fixes)}", pytrace=False)

    def _verdicts(self) -> Iterator[tuple[CaseVerdict, Verdict]]:
        """Yield the verdicts of the case and of all invariants, each with its case."""
        yield from ((case, verdict) for case in self._judged for verdict in case.verdicts)

    @property
    def warnings(self) -> list[str]:
        """Return the broken recommendations, one line for each; empty before it was judged."""
        return [_words([each]) for _, each in self._verdicts() if each.status == "WARN"]

    def settle(self) -> None:
        """Fail the test when a check has no verdict about the client; called after the test."""
        __tracebackhide__ = True
        verdicts = self.verdict.verdicts if self.verdict else ()
        open_ones = [verdict for verdict in verdicts if verdict.status in UNSETTLED]
        if open_ones:
            pytest.fail(_words(open_ones), pytrace=False)


def _words(verdicts: list[Verdict]) -> str:
    return "\n".join(
        f"{verdict.check} {verdict.status}: {verdict.sentence}" for verdict in verdicts
    )
