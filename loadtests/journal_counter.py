"""Counts of calls from the mock's journal, for a program whose calls nobody else sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adsmock.loadtests.counters import Counters

UNKNOWN = "unknown path"
"""Name of calls to paths without an operation."""


NO_CALLS = ("tls.", "delivery.")
"""Prefixes of the operations of connections, and of faults of Marketing Stream."""


class JournalCounter:
    """Adds finished journal entries to counters.

    ``began`` is the start of the run on the sandbox's clock, in seconds, and ``rate`` its seconds
    per second; ``interval`` is how many seconds of the run are counted together. Response times
    are those of the mock, from the head of the request to the last byte of the reply.
    """

    def __init__(self, counters: Counters, began: float, interval: int, rate: float = 1.0) -> None:
        self._counters = counters
        self._began = began
        self._interval = interval
        self._rate = rate

    def count(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Count entries that are complete or broken off."""
        for row in rows:
            if (row["operation"] or "").startswith(NO_CALLS):
                continue
            passed = max(0, int((row["cArrive"] - self._began) / self._rate))
            status = row["status"] if row["ended"] == "complete" else 0
            ended = row["tEnd"] if row["tEnd"] is not None else row["tArrive"]
            self._counters.called(
                passed - passed % self._interval,
                str(row["region"]),
                row["operation"] or UNKNOWN,
                int(status or 0),
                (ended - row["tArrive"]) * 1000,
            )
