"""What a run reports to its mock, so that the dashboard shows cases as they finish.

The verdicts on the way are those of a case by itself. At the end those of the whole run replace
them: only they know the invariants, the noise of the machine and calls without a sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.journal import CaseRecord
from adsmock.harness.suite.runner import Step
from adsmock.harness.suite.verdict import WORST_FIRST, CaseVerdict, RunVerdict

INTERVAL = 0.5
"""Seconds between two reports."""

QUIET = 20
"""An unchanged report is sent again after so many times ``INTERVAL``: the run is alive."""

LONG_CASE = 1_000
"""Calls of a case above which its verdict waits for the end: judging must not delay the others."""

MAX_TEXT = 400
MAX_NAME = 200

AT_THE_END = "judged on all calls at the end of the run"

Judge = Callable[[CaseRecord], CaseVerdict]
"""Returns the verdict on one case by itself."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is judged, and with what."""

    name: str
    client: str
    profile: str
    seed: int
    started: float
    """Seconds since 1970."""
    cases: tuple[Case, ...]


@dataclass(slots=True)
class Announcement:
    """The report of one run. ``note`` and ``say`` may be called from any thread."""

    subject: Subject
    judge: Judge
    _rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    _facts: dict[str, Any] = field(default_factory=lambda: {"state": "running"})
    _steps: SimpleQueue[Step] = field(default_factory=SimpleQueue)
    _is_new: bool = True

    def __post_init__(self) -> None:
        for case in self.subject.cases:
            row = {"case": case.id, "title": case.title[:MAX_NAME], "state": "waiting"}
            self._rows[case.id] = row | ({"sentence": AT_THE_END} if case.every else {})

    def note(self, step: Step) -> None:
        """Take what happened to a case."""
        self._steps.put(step)

    def say(self, text: str) -> None:
        """Take a line about what the run does now."""
        self._facts["note"] = text[:MAX_TEXT]
        self._is_new = True

    def finish(self, verdict: RunVerdict) -> None:
        """Take the verdicts of the whole run."""
        self._drain()
        for judged in verdict.cases:
            self._end(judged)
        self._facts.pop("note", None)
        state = "stopped" if verdict.record.meta.stopped else "ended"
        self._facts |= {"state": state, "verdict": verdict.word, "exitCode": verdict.exit_code}
        self._is_new = True

    def stop(self) -> None:
        """Take that the run was interrupted or failed."""
        self._facts["state"] = "stopped"
        self._is_new = True

    def changed(self) -> bool:
        """Apply what has happened since the last call; return whether anything did."""
        self._drain()
        is_new, self._is_new = self._is_new, False
        return is_new

    def report(self) -> dict[str, Any]:
        """Return the report in the form of ``runs.put``: cases that wait, run, then that ended."""
        started = datetime.fromtimestamp(self.subject.started, UTC)
        order = ("waiting", "running", "ended")
        return {
            "client": self.subject.client[:MAX_NAME],
            "profile": self.subject.profile,
            "seed": self.subject.seed,
            "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "cases": sorted(self._rows.values(), key=lambda row: order.index(row["state"])),
            **self._facts,
        }

    def _drain(self) -> None:
        while True:
            try:
                step = self._steps.get_nowait()
            except Empty:
                return
            self._apply(step)
            self._is_new = True

    def _apply(self, step: Step) -> None:
        row = self._rows[step.case]
        if step.state == "started":
            row.pop("status", None)  # a free run may play a case again
            row.pop("sentence", None)
            row |= {"state": "running", "sandbox": step.sandbox}
        elif step.record is not None and step.record.entries <= LONG_CASE:
            self._end(self.judge(step.record))
        elif step.record is not None:
            self._move(step.case, {"sentence": AT_THE_END})

    def _end(self, judged: CaseVerdict) -> None:
        worst = min(judged.verdicts, key=lambda one: WORST_FIRST.index(one.status), default=None)
        sentence = {"sentence": worst.sentence[:MAX_TEXT]} if worst else {}
        self._move(judged.case.id, {"status": judged.status, **sentence})

    def _move(self, case: str, facts: dict[str, Any]) -> None:
        """Put an ended case behind those that ended before it."""
        title = self._rows.pop(case)["title"]
        self._rows[case] = {"case": case, "title": title, "state": "ended", **facts}


@contextmanager
def announced(announcement: Announcement, control: str) -> Iterator[None]:
    """Send the report to the mock while the run lasts. A mock that refuses it disturbs no run."""
    done = Event()
    arguments = (announcement, Plane(control), done)
    sender = Thread(target=_send, args=arguments, daemon=True)
    sender.start()
    try:
        yield
    except BaseException:
        announcement.stop()
        raise
    finally:
        done.set()
        sender.join()


def _send(announcement: Announcement, plane: Plane, done: Event) -> None:
    quiet, is_last = 0, False
    try:
        while not is_last:
            is_last = done.wait(INTERVAL if quiet else 0)
            quiet = 1 if announcement.changed() or quiet >= QUIET else quiet + 1
            if quiet == 1 and not _put(announcement, plane):
                return
    finally:
        plane.close()


def _put(announcement: Announcement, plane: Plane) -> bool:
    """Send the report; return whether to send further ones."""
    try:
        plane.put_run(announcement.subject.name, announcement.report())
    except PlaneError as error:
        return error.status == 0  # it may answer again
    return True


def shown_name(words: Sequence[str]) -> str:
    """Return a program's name: its first words, without options and values, which may be secret."""
    shown = []
    for word in words:
        if word.startswith("-"):
            break
        if "=" not in word:
            shown.append(word)
    return " ".join(shown) or "program"
