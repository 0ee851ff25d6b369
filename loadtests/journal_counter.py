"""Counts of calls from the mock's journal, for a program whose calls nobody else sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from adsmock.loadtests.counters import Counters, is_accepted
from adsmock.loadtests.own_work import OwnWorkCounter

UNKNOWN = "unknown path"
"""Name of calls to paths without an operation."""


NO_CALLS = ("tls.", "delivery.")
"""Prefixes of the operations of connections, and of faults of Marketing Stream."""


CREATE, STATUS = "reporting.create", "reporting.get"

DUPLICATE = 425
"""The status of a request for a report that is in progress; its text names that report."""

TAKEN = "duplicateValueError"
"""The error of an item whose name or natural key exists."""

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class JournalCounter:
    """Adds finished journal entries to counters.

    A request for a report that another copy has requested fails with 425. It counts as accepted as
    soon as the report that the answer names is polled, which is what Amazon asks for.

    ``began`` is the start of the run on the sandbox's clock, in seconds, and ``rate`` its seconds
    per second; ``interval`` is how many seconds of the run are counted together. Response times
    are those of the mock, from the head of the request to the last byte of the reply.
    """

    def __init__(self, counters: Counters, began: float, interval: int, rate: float = 1.0) -> None:
        self._counters = counters
        self._began = began
        self._interval = interval
        self._rate = rate
        self._own_work = OwnWorkCounter(counters)
        self._duplicates: dict[str, list[tuple[int, str]]] = {}

    def count(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Count entries that are complete or broken off."""
        for row in rows:
            if (row["operation"] or "").startswith(NO_CALLS):
                continue
            passed = max(0, int((row["cArrive"] - self._began) / self._rate))
            second, region = passed - passed % self._interval, str(row["region"])
            status = row["status"] if row["ended"] == "complete" else 0
            ended = row["tEnd"] if row["tEnd"] is not None else row["tArrive"]
            self._counters.called(
                second,
                region,
                row["operation"] or UNKNOWN,
                int(status or 0),
                (ended - row["tArrive"]) * 1000,
            )
            self._match_duplicates(row, second, region)
            if str(row["operation"]).endswith(".create") and TAKEN in str(row.get("reply")):
                self._counters.add("taken")
            self._own_work.count(row)

    def totals(self) -> dict[str, int]:
        """Return the calls so far; a duplicate whose report may yet be polled is no failure."""
        totals = self._counters.totals()
        undecided = sum(map(len, self._duplicates.values()))
        totals["failed"] -= undecided
        totals["accepted"] += undecided
        return totals

    def _match_duplicates(self, row: Mapping[str, Any], second: int, region: str) -> None:
        """Record a refused duplicate, or count those whose report this call polls."""
        if row["operation"] == CREATE and row["status"] == DUPLICATE:
            named = _ID.search(str(row.get("reply")))
            if named:
                self._duplicates.setdefault(named.group(), []).append((second, region))
        elif row["operation"] == STATUS and is_accepted(int(row["status"] or 0)):
            report = str(row["path"]).rpartition("/")[2]
            for before in self._duplicates.pop(report, ()):
                self._counters.add("call", *before, CREATE, "failed", times=-1)
                self._counters.add("call", *before, CREATE, "accepted")
                self._counters.add("status", CREATE, DUPLICATE, times=-1)
