"""What the mock recorded of a client: entries, chains, batch items and the record of a run."""

from adsmock.harness.suite.journal.entry import Entry
from adsmock.harness.suite.journal.record import (
    CaseRecord,
    DeclaredFile,
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
    "DeclaredFile",
    "Ending",
    "Entry",
    "FaultCount",
    "Noise",
    "RunMeta",
    "RunRecord",
]
