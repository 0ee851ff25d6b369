"""A control client: beside each run in real time it sleeps known times between calls.

What its waits look like to the mock, beyond what it slept, is what the machine adds to everybody's.
Knows one call, the token grant, and the journal of a sandbox of its own. Must not know cases or
how a check decides.
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

from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.journal import CaseRecord, Noise

SLEEP = 0.250
"""Seconds: short enough for some forty samples in a case of ten seconds, and at four calls of one
millisecond a second no load of its own."""

MARGIN = 1.0
"""Seconds before and after a case that count as beside it, so that a short one has samples too."""

AMPLE = {"lwa": {"rate": 1000, "burst": 1000}}
TIMEOUT = 30.0
PERCENTILE = 0.99

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beats:
    """What the mock saw of the control client, in order."""

    rows: tuple[Row, ...]

    def beside(self, record: CaseRecord) -> CaseRecord:
        """Return the record with the noise of its time; as it is where nothing runs for real."""
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
        lags = [row["lagMs"] / 1000 for row in (*record.rows, *(one for one, _ in waits))]
        return replace(record, noise=noise_of(errors, lags))


def noise_of(errors: Sequence[float], lags: Sequence[float]) -> Noise:
    """Return the figures of a control client's errors and the mock's lags, all in seconds.

    Without a sample all of them are 0, and ``samples`` says so.
    """
    middle = median(errors) if errors else 0.0
    return Noise(
        samples=len(errors),
        mean=round(fmean(errors), 6) if errors else 0.0,
        median=round(middle, 6),
        p99=round(percentile(errors), 6),
        spread=round(median(abs(one - middle) for one in errors), 6) if errors else 0.0,
        lag_p99=round(percentile(lags), 6),
    )


def percentile(values: Sequence[float]) -> float:
    """Return the value that 99 of 100 do not exceed; of fewer than a hundred, the greatest."""
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
        self._thread = Thread(target=self._beat, daemon=True)
        self._thread.start()

    def beats(self) -> Beats:
        """End it and return what the mock saw."""
        self._over.set()
        self._thread.join()
        rows, _ = self._plane.journal(self._sandbox)
        return Beats(tuple(rows))

    def close(self) -> None:
        """End it and remove its sandbox."""
        self._over.set()
        self._thread.join()
        self._plane.delete_sandbox(self._sandbox)

    def _beat(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self._over.is_set():
                with suppress(requests.RequestException):
                    session.post(self._url, data=self._form, timeout=TIMEOUT)
                self._over.wait(SLEEP)


@contextmanager
def running(control: str, seed: int) -> Iterator[NoiseMonitor]:
    """Give a control client and remove it at the end.

    Raises:
        PlaneError: the control plane refused or could not be reached.
    """
    plane = Plane(control)
    try:
        pulse = NoiseMonitor(plane, seed)
        try:
            yield pulse
        finally:
            pulse.close()
    finally:
        plane.close()
