"""The interface between the runner and a driver."""

from __future__ import annotations

from typing import Protocol

from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.journal import Ending


class Driver(Protocol):
    """Runs the client in a case.

    ``kind`` is ``reference``, ``mutant``, ``benign``, ``command`` or ``adapter``; ``parallel`` is
    how many cases it may run at once.
    """

    kind: str
    name: str
    command: str | None
    clock: ClockMode
    parallel: int

    def play(self, setup: CaseSetup, plane: Plane) -> Ending:
        """Run the tasks of a case and return its ending; never raise for the client's errors."""
        ...

    def stop(self) -> None:
        """End every running case; called from another thread."""
        ...

    def close(self) -> None:
        """Release what outlives a case; called at the end of the run."""
        ...
