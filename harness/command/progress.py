"""The progress of a run on stderr: a bar on a terminal, else a line when something changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.command.announcement import Announcement
from adsmock.harness.suite import runner
from adsmock.harness.suite.runner import Step

LINE_SECONDS = 5.0
"""Fewest seconds between two lines, so that a CI log stays short."""

QUIET_LINES = 12
"""An unchanged line is printed again after so many times ``LINE_SECONDS``: the run is alive."""

RUNNING_NAMED = 6

SLOW_SECONDS = 30.0
"""Seconds from which a running case is shown with its time and its limit."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where a run reports its progress.

    ``report`` takes a case that starts or ends, ``say`` a line to print.
    """

    report: runner.Progress
    say: Callable[[str], None]

    def joined(self, news: Announcement) -> Output:
        """Return an output that also reports to the dashboard."""

        def report(step: Step) -> None:
            self.report(step)
            news.note(step)

        def say(text: str) -> None:
            self.say(text)
            news.say(text)

        return Output(report, say)


class Cases:
    """The cases that run and how many have ended; safe for threads.

    Args:
        total: how many cases the run has.
        limits: the time limit of each case, in seconds.
        now: returns the present in seconds.
    """

    def __init__(self, total: int, limits: Mapping[str, float], now: Callable[[], float]) -> None:
        self._total = total
        self._limits = limits
        self._now = now
        self._ended: set[str] = set()
        self._running: dict[str, float] = {}
        """When each case started."""
        self._lock = Lock()

    def note(self, step: Step) -> None:
        """Record that a case has started or ended; a free run may play one twice."""
        with self._lock:
            if step.state == "started":
                self._running[step.case] = self._now()
            else:
                self._running.pop(step.case, None)
                self._ended.add(step.case)

    @property
    def ended(self) -> int:
        """Return the number of cases that have ended."""
        return len(self._ended)

    @property
    def running(self) -> str:
        """Return the ids of the cases that run, a few of them by name."""
        with self._lock:
            names = sorted(self._running)
        more = f" and {len(names) - RUNNING_NAMED} more" if len(names) > RUNNING_NAMED else ""
        return " ".join(names[:RUNNING_NAMED]) + more

    @property
    def line(self) -> str:
        """Return the progress in one line."""
        running = self.running
        return f"{self.ended}/{self._total} cases" + (f", running: {running}" if running else "")

    @property
    def times(self) -> str:
        """Return how long the slow ones of the running cases have run, and their limits."""
        now = self._now()
        with self._lock:
            slow = {
                name: now - started
                for name, started in sorted(self._running.items())
                if name in self._limits and now - started > SLOW_SECONDS
            }
        words = [f"{name} {ran:.0f} of {self._limits[name]:g} s" for name, ran in slow.items()]
        return f" ({', '.join(words[:RUNNING_NAMED])})" if words else ""


@contextmanager
def shown(total: int, limits: Mapping[str, float]) -> Iterator[Output]:
    """Yield functions that take the progress of a run, and show it meanwhile.

    ``limits`` are the time limits of the cases, in seconds; a free run has other words for them.
    """
    cases = Cases(total, limits, SystemClock().now)
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    if console.is_terminal:
        with _bar(cases, total, console) as report:
            yield Output(report, console.print)
        return
    done = Event()
    lines = Thread(target=_print_lines, args=(cases, console, done), daemon=True)
    lines.start()
    try:
        yield Output(cases.note, console.print)
    finally:
        done.set()
        lines.join()


def _print_lines(cases: Cases, console: Console, done: Event) -> None:
    shown, unchanged = "", 0
    while not done.wait(LINE_SECONDS):
        line = cases.line
        unchanged = unchanged + 1 if line == shown else 0
        if unchanged % QUIET_LINES == 0:
            console.print(line + cases.times)
        shown = line


class _RunningColumn(ProgressColumn):
    """The cases that run now, the slow ones with their times."""

    def __init__(self, cases: Cases) -> None:
        super().__init__()
        self._cases = cases

    def render(self, task: Task) -> Text:
        """Return the cases; the name of the bar when none runs."""
        return Text(self._cases.running + self._cases.times or task.description)


@contextmanager
def _bar(cases: Cases, total: int, console: Console) -> Iterator[runner.Progress]:
    columns = (
        _RunningColumn(cases),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("cases", total=total)

        def report(step: Step) -> None:
            cases.note(step)
            bar.update(line, completed=cases.ended)

        yield report
