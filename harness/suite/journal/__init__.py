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
from adsmock.harness.suite.journal.work import Work

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
    "Work",
]
