"""The conformance runs that announced themselves, for the dashboard.

A run plays against this mock from a process of its own and reports its cases as they finish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

MAX_RUNS = 20
"""Runs that are kept; the run without news for the longest time is forgotten first."""


@dataclass(frozen=True, slots=True)
class _News:
    """What a run last reported, and when on the machine's monotonic clock."""

    row: dict[str, Any]
    at: float


class RunList:
    """The announced runs; safe for threads. ``now`` returns monotonic seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._runs: dict[str, _News] = {}

    def put(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        """Keep what a run reports in place of its earlier report, and return it as listed."""
        news = _News({"id": name, **row}, self._now())
        with self._lock:
            self._runs.pop(name, None)
            self._runs[name] = news
            while len(self._runs) > MAX_RUNS:
                del self._runs[next(iter(self._runs))]
        return _listed(news, news.at)

    def rows(self) -> list[dict[str, Any]]:
        """Return all runs, the one that began last first."""
        with self._lock:
            runs = list(self._runs.values())
        now = self._now()
        runs.sort(key=lambda news: (str(news.row["started"]), str(news.row["id"])), reverse=True)
        return [_listed(news, now) for news in runs]


def _listed(news: _News, now: float) -> dict[str, Any]:
    return news.row | {"silentSeconds": round(max(0.0, now - news.at), 1)}
