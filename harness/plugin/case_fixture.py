"""A sandbox, its clock, faults and journal as a test uses them; and a case played in one.

Knows the control plane, the scenario and the judge. Must not know fixtures or options.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import pytest

from adsmock.harness.suite import case_setup
from adsmock.harness.suite.case import load
from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.command import environment
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
        """Let the time stand still until it is advanced."""
        self._plane.set_clock(self._sandbox, {"mode": "frozen"})

    def advance(self, seconds: float) -> float:
        """Move the time on; return the new one in seconds since 1970."""
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
        """Plan one fault; return the rule as it was understood."""
        return self._plane.add_fault(self._sandbox, rule)

    def met(self, name: str) -> int:
        """Return how often one rule was felt."""
        return sum(
            int(one["met"]) for one in self._plane.faults(self._sandbox) if one["id"] == name
        )

    def clear(self) -> None:
        """Plan nothing any more."""
        self._plane.clear_faults(self._sandbox)


class Journal(Sequence[dict[str, Any]]):
    """What the mock saw, read anew each time it is looked at."""

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
    """One universe: where it is, who may work in it, and what can be done to it.

    ``urls`` holds ``ads`` and ``lwa`` by region, ``credentials`` clientId, clientSecret and
    refreshToken, ``env`` all of it as the variables that programs are given.
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
    """A case on stage. ``task`` is its work, as ``contracts/meta/task.schema.json`` says."""

    def __init__(
        self,
        plane: Plane,
        stage: CaseSetup,
        folder: Path,
        control: str,
        *,
        strict: bool,
        beside: NoiseMonitor | None = None,
    ) -> None:
        path = folder / "task.json"
        path.write_text(json.dumps(stage.task, indent=1), "utf-8")
        made = {
            "id": stage.sandbox,
            "urls": stage.task["regions"],
            "client": stage.task["credentials"],
            "profiles": stage.profiles,
        }
        super().__init__(plane, made, environment(stage, path, control))
        self.task = stage.task
        self.verdict: CaseVerdict | None = None
        self._stage = stage
        self._strict = strict
        self._beside = beside
        self._orphans = plane.orphans()

    @property
    def record(self) -> CaseRecord | None:
        """Return what was recorded of the case, None before it was judged."""
        return self.verdict.record if self.verdict else None

    def judge(self) -> None:
        """Record and judge what was done; fail the test when a rule was broken."""
        __tracebackhide__ = True
        record = case_setup.collect(self.plane, self._stage, Ending())
        if self._beside is not None:
            record = self._beside.beats().beside(record)
        orphans = max(0, self.plane.orphans() - self._orphans)
        case = load()[self._stage.case.id]
        self.verdict = judge_case(case, record, orphans)
        bad = {"FAIL", "WARN"} if self._strict else {"FAIL"}
        broken = [one for one in self.verdict.verdicts if one.status in bad]
        if broken:
            pytest.fail(f"{_words(broken)}\nhow to fix: {case.how_to_fix}", pytrace=False)

    def settle(self) -> None:
        """Raise what is no verdict about the client: called when the test is over."""
        __tracebackhide__ = True
        verdicts = self.verdict.verdicts if self.verdict else ()
        open_ones = [one for one in verdicts if one.status in UNSETTLED]
        if open_ones:
            pytest.fail(_words(open_ones), pytrace=False)


def _words(verdicts: list[Verdict]) -> str:
    return "\n".join(f"{one.check} {one.status}: {one.sentence}" for one in verdicts)
