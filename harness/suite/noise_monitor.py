"""The noise monitor: a control client that sleeps known times between calls of a real-time run.

The difference between its waits in the journal and its sleeps is the delay that the machine adds to
every client.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from threading import Event, Thread
from typing import Any

import requests
from msgspec.structs import replace

from adsmock.harness.suite.control import Plane, PlaneError
from adsmock.harness.suite.journal import CaseRecord, Noise

SLEEP = 0.250
"""Seconds: gives about forty samples in a case of ten seconds, at four calls of 1 ms a second."""

MARGIN = 1.0
"""Seconds before and after a case that belong to it, so that a short case has samples too."""

AMPLE = {"lwa": {"rate": 1000, "burst": 1000}}
TIMEOUT = 30.0
PERCENTILE = 0.99

JournalRow = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MonitorSamples:
    """The control client's journal entries, in order."""

    rows: tuple[JournalRow, ...]

    def with_noise(self, record: CaseRecord) -> CaseRecord:
        """Return the record with the noise during it; unchanged in virtual time."""
        if record.timebase != "monotonic" or not record.rows:
            return record
        times = [float(row[name]) for row in record.rows for name in ("tArrive", "tEnd")]
        start, end = min(filter(None, times)) - MARGIN, max(times) + MARGIN
        waits = [
            (before, after)
            for before, after in pairwise(self.rows)
            if after["tArrive"] >= start and before["tSend"] <= end
        ]
        errors = [after["tArrive"] - before["tSend"] - SLEEP for before, after in waits]
        lags = [row["lagMs"] / 1000 for row in (*record.rows, *(each for each, _ in waits))]
        return replace(record, noise=noise_of(errors, lags))


def noise_of(errors: Sequence[float], lags: Sequence[float]) -> Noise:
    """Return the noise from a control client's errors and the mock's lags, in seconds.

    Without a sample all values are 0, as is ``samples``.
    """
    middle = median(errors) if errors else 0.0
    return Noise(
        samples=len(errors),
        mean=round(fmean(errors), 6) if errors else 0.0,
        median=round(middle, 6),
        p99=round(percentile(errors), 6),
        spread=round(median(abs(error - middle) for error in errors), 6) if errors else 0.0,
        lag_p99=round(percentile(lags), 6),
    )


def percentile(values: Sequence[float]) -> float:
    """Return the p99 of the values; of fewer than a hundred, the maximum."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * PERCENTILE))]


class NoiseMonitor:
    """The running control client."""

    def __init__(self, plane: Plane, seed: int) -> None:
        self._plane = plane
        made = plane.create_sandbox({"seed": seed, "journal": "lean", "quotas": AMPLE})
        self._sandbox = str(made["id"])
        held = made["client"]
        self._url = next(iter(made["urls"].values()))["lwa"] + "/auth/o2/token"
        self._form = {
            "grant_type": "refresh_token",
            "client_id": held["clientId"],
            "client_secret": held["clientSecret"],
            "refresh_token": held["refreshToken"],
        }
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def samples(self) -> MonitorSamples:
        """Stop it and return its samples."""
        self._over.set()
        self._thread.join()
        rows, _ = self._plane.journal(self._sandbox)
        return MonitorSamples(tuple(rows))

    def last_samples(self) -> MonitorSamples:
        """Stop it and return its samples; none from a mock that has failed."""
        try:
            return self.samples()
        except PlaneError:
            return MonitorSamples(())

    def close(self) -> None:
        """Stop it and delete its sandbox."""
        self._over.set()
        self._thread.join()
        self._plane.delete_sandbox(self._sandbox)

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self._over.is_set():
                with suppress(requests.RequestException):
                    session.post(self._url, data=self._form, timeout=TIMEOUT)
                self._over.wait(SLEEP)


@contextmanager
def running(control: str, seed: int) -> Iterator[NoiseMonitor]:
    """Yield a running noise monitor, and stop it at the end.

    Raises:
        PlaneError: the control plane refused or could not be reached.
    """
    plane = Plane(control)
    try:
        monitor = NoiseMonitor(plane, seed)
        try:
            yield monitor
        finally:
            monitor.close()
    finally:
        plane.close()
