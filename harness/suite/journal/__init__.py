"""What the server saw of a client: entries, chains, items and the record of a run."""

from adsmock.harness.suite.journal.entry import Entry
from adsmock.harness.suite.journal.record import (
    CaseRecord,
    Ending,
    FaultCount,
    Noise,
    RunMeta,
    RunRecord,
)
from adsmock.harness.suite.journal.view import CaseView, Chain

__all__ = [
    "CaseRecord",
    "CaseView",
    "Chain",
    "Ending",
    "Entry",
    "FaultCount",
    "Noise",
    "RunMeta",
    "RunRecord",
]
