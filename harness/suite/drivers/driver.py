"""What the runner asks of a driver.

Knows stages and endings. Must not know any client.
"""

from __future__ import annotations

from typing import Protocol

from adsmock.harness.suite.case_setup import CaseSetup, ClockMode
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.journal import Ending


class Driver(Protocol):
    """Plays the client of a case.

    ``kind`` is ``reference``, ``mutant``, ``command``, ``adapter`` or ``free``; ``parallel`` how
    many cases may be played at once.
    """

    kind: str
    name: str
    command: str | None
    clock: ClockMode
    parallel: int

    def play(self, stage: CaseSetup, plane: Plane) -> Ending:
        """Do the tasks of a case and say how it ended; never raise for the client's faults."""
        ...

    def stop(self) -> None:
        """End every case that is being played; called from another thread."""
        ...

    def close(self) -> None:
        """Let go of what outlives a case; called when the run is over."""
        ...
