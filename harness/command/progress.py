"""The progress of a run on stderr: a bar on a terminal, else a line when something changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

LINE_SECONDS = 5.0
"""Fewest seconds between two lines, so that a CI log stays short."""

QUIET_LINES = 12
"""An unchanged line is printed again after so many times ``LINE_SECONDS``: the run is alive."""

RUNNING_NAMED = 6

Report = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Output:
    """Where a run reports its progress.

    ``report`` takes a case and its new state, ``say`` a line to print.
    """

    report: Report
    say: Callable[[str], None]


class Cases:
    """The cases that run and how many have ended; safe for threads."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._ended = 0
        self._running: set[str] = set()
        self._lock = Lock()

    def note(self, name: str, word: str) -> None:
        """Record that a case has ``started`` or ``ended``."""
        with self._lock:
            if word == "started":
                self._running.add(name)
            else:
                self._running.discard(name)
                self._ended += 1

    @property
    def ended(self) -> int:
        """Return the number of cases that have ended."""
        return self._ended

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
        return f"{self._ended}/{self._total} cases" + (f", running: {running}" if running else "")


@contextmanager
def shown(total: int) -> Iterator[Output]:
    """Yield functions that take the progress of a run, and show it meanwhile."""
    cases = Cases(total)
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
            console.print(line)
        shown = line


@contextmanager
def _bar(cases: Cases, total: int, console: Console) -> Iterator[Report]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("cases", total=total)

        def report(name: str, word: str) -> None:
            cases.note(name, word)
            bar.update(line, description=cases.running or "cases", completed=cases.ended)

        yield report
