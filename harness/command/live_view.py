"""The implementation of ``tail``: one line per call, and a mark for each broken invariant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import structs
from rich.console import Console
from rich.text import Text

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.command.failure import UsageError
from adsmock.harness.command.judge_journal import NOTHING_TO_JUDGE, plain_run
from adsmock.harness.suite import case
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.control import Plane, PlaneError, check_address
from adsmock.harness.suite.journal import plain
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import terminal
from adsmock.harness.suite.verdict import RunVerdict, Verdict

DEFAULT_CONTROL = "http://127.0.0.1:9090"
DEFAULT_SANDBOX = "default"

PAUSE = 1.0
"""Fewest seconds between two judgments."""

SHARE = 5
"""A judgment may take a fifth of the time: longer journals are judged less often."""

BROKEN = ("FAIL", "WARN")

UNFINISHED = frozenset({"I07.end"})
"""Checks that work in progress breaks: a list that is not read to its end yet. Only the summary
names them."""

FIRST_REFUSAL = 400

Row = dict[str, Any]


def show(control: str | None, sandbox: str | None, *, once: bool, length: float | None) -> int:
    """Show the calls of a sandbox, judge them, and return the exit code.

    Args:
        control: the control plane's URL; None for that of the environment or the default.
        sandbox: the sandbox's id; None for that of the environment or the default.
        once: whether to stop after the calls recorded so far.
        length: seconds until it stops; None for no limit.

    Raises:
        UsageError: the mock has no such sandbox.
        PlaneError: no control plane answers.
    """
    address = control or os.environ.get("ADSMOCK_CONTROL") or DEFAULT_CONTROL
    name = sandbox or os.environ.get("ADSMOCK_SANDBOX") or DEFAULT_SANDBOX
    check_address(address)
    plane = Plane(address)
    view = LiveView(Console(highlight=False, soft_wrap=True), name, _profiles(plane, name))
    try:
        rows = iter(plane.journal(name)[0]) if once else plane.follow(name)
        _play(view, rows, length)
        view.replace(plane.journal(name)[0])
    except KeyboardInterrupt:  # the usual end
        view.say("")
    except PlaneError as error:
        view.say(f"stopped: {error}")
    finally:
        plane.close()
    return view.end()


def _play(view: LiveView, rows: Iterator[Row | None], length: float | None) -> None:
    """Show rows until they end or the time is over."""
    clock = SystemClock()
    end = None if length is None else clock.now() + length
    due = clock.now() + PAUSE
    for row in rows:
        if row is not None:
            view.add(row)
        now = clock.now()
        if now >= due:
            view.judge()
            due = clock.now() + max(PAUSE, SHARE * (clock.now() - now))
        if end is not None and now >= end:
            return


def _profiles(plane: Plane, name: str) -> tuple[Row, ...]:
    """Return the profiles of a sandbox.

    Raises:
        UsageError: the mock has no such sandbox.
    """
    by_id = {str(sandbox["id"]): sandbox for sandbox in plane.sandboxes()}
    if name not in by_id:
        raise UsageError(f"unknown sandbox {name!r}: {did_you_mean(name, by_id)}")
    return tuple(by_id[name]["profiles"])


class LiveView:
    """The calls of one sandbox so far, and the breaches that were shown."""

    def __init__(self, console: Console, sandbox: str, profiles: tuple[Row, ...]) -> None:
        self._console = console
        self._sandbox = sandbox
        self._profiles = profiles
        self._cases = case.load()
        self._rows: dict[int, Row] = {}
        self._shown: set[str] = set()
        self._is_new = False

    def say(self, text: str) -> None:
        """Print a line."""
        self._console.print(text, markup=False)

    def add(self, row: Row) -> None:
        """Print one call and keep it."""
        self._rows[int(row["seq"])] = row
        self._is_new = True
        self._console.print(_line(row))

    def replace(self, rows: list[Row]) -> None:
        """Take the whole journal for the summary, with the calls in progress."""
        self._rows |= {int(row["seq"]): row for row in rows}
        self._is_new = True

    def judge(self) -> RunVerdict | None:
        """Judge the calls so far and print each new breach; None without new calls."""
        if not self._is_new:
            return None
        self._is_new = False
        found = self._judged()
        for verdict in _verdicts(found):
            if verdict.status in BROKEN and verdict.check not in self._shown | UNFINISHED:
                self._shown.add(verdict.check)
                self._console.print(
                    Text.assemble("  ^ ", terminal.status(verdict.status), _mark(verdict))
                )
        return found

    def end(self) -> int:
        """Print the summary; return the exit code."""
        self._is_new = True
        found = self.judge() or self._judged()
        calls = [row for row in self._rows.values() if not _is_delivery(row)]
        faults = sum(1 for row in calls if row.get("fault"))
        broken = [verdict.check for verdict in _verdicts(found) if verdict.status in BROKEN]
        counts = ", ".join(f"{count} {status}" for status, count in found.counts.items())
        self.say(
            f"{counted(len(calls), 'call')}, {faults} with a fault; "
            f"broken: {', '.join(broken) or 'nothing'} ({counts or 'no checks'})"
        )
        return NOTHING_TO_JUDGE if found.word == "nothing" else found.exit_code

    def _judged(self) -> RunVerdict:
        """Return the verdicts; a missing number in between is a call in progress."""
        rows = [self._rows[seq] for seq in sorted(self._rows)]
        records, orphans = plain.records_of(rows, {self._sandbox: self._profiles})
        known = tuple(
            structs.replace(record, dropped=record.rows[0]["seq"] - 1) for record in records
        )
        return judge_run(plain_run(known, orphans, self._cases, self._sandbox), self._cases)


def _verdicts(found: RunVerdict) -> list[Verdict]:
    return [verdict for each in found.cases for verdict in each.verdicts]


def _mark(verdict: Verdict) -> str:
    """Return a breach in one sentence."""
    calls = ", ".join(str(row.seq) for row in verdict.rows[:3])
    return f" {verdict.check}: {verdict.sentence}" + (f" (calls {calls})" if calls else "")


def _is_delivery(row: Row) -> bool:
    """Say whether a row records a fault of Marketing Stream, which is no call."""
    return (row.get("fault") or {}).get("point") == "delivery"


def _line(row: Row) -> Text:
    """Return one call: number, sandbox time, region, operation, status, fault."""
    at = datetime.fromtimestamp(float(row.get("cArrive") or 0), UTC).strftime("%H:%M:%S.%f")[:-3]
    status = int(row.get("status") or 0)
    fault = row.get("fault") or {}
    color = "red" if status >= FIRST_REFUSAL or not status else "green"
    result = (str(status) if status else str(row.get("ended"))[:7], color)
    if _is_delivery(row):
        result = (counted(int(row.get("items") or 0), "message"), "magenta")
    return Text.assemble(
        f"{row['seq']:>5}  {at}  {row.get('region') or '-':<2}  ",
        f"{row.get('operation') or row.get('path') or '-':<32} ",
        result,
        (f"  fault {fault.get('id')} ({fault.get('kind')})" if fault else "", "magenta"),
    )
