"""What the mock did to the program during a run: planned faults, and load by other clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adsmock.harness import durations
from adsmock.mockserver.core.load_window import LoadWindow

OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """One planned fault, in seconds of the run; without regions it is about all."""

    name: str
    rule: str
    kind: str
    regions: tuple[str, ...]
    begin: float
    end: float

    def is_about(self, region: str) -> bool:
        """Return whether it reaches a region."""
        return not self.regions or region in self.regions


@dataclass(frozen=True, slots=True)
class Injected:
    """All planned faults of a run, and the windows in which others use a part of the quotas."""

    faults: tuple[FaultSpan, ...] = ()
    load_windows: tuple[LoadWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """The start of the run on the sandbox's clock, and the second at which its scenario began.

    ``began`` is seconds since 1970; the clock runs ``rate`` seconds a second.
    """

    began: float
    played: float
    rate: float = 1.0

    def at(self, text: str) -> float:
        """Return the second of the run that a time of the control plane means."""
        if text.startswith(("P", "+P")):
            return self.played + durations.seconds(text) / self.rate
        return (datetime.fromisoformat(text).timestamp() - self.began) / self.rate


def injected(
    faults: Mapping[str, Any], throttle: Mapping[str, Any], start: Moment, duration: float
) -> Injected:
    """Return what the control plane plans; times of faults count from the scenario's begin."""
    spans = [_span(row, start, duration) for row in faults["faults"]]
    windows = tuple(
        LoadWindow(
            row["region"],
            start.at(row["from"]),
            start.at(row["until"]),
            row["share"],
            row["waiting"],
        )
        for row in throttle["loadWindows"]
    )
    return Injected(tuple(span for span in spans if span.begin < duration), windows)


def _span(row: Mapping[str, Any], start: Moment, duration: float) -> FaultSpan:
    when, effect = row["when"], row["effect"]
    begin = start.at(when["from"]) if when["from"] else start.played
    if when["until"]:
        end = start.at(when["until"])
    else:
        end = begin + durations.seconds(when["lasts"]) / start.rate if when["lasts"] else duration
    matched = row["match"].get("region", "*")
    return FaultSpan(
        _name(effect, when["probability"]),
        row["id"],
        effect["kind"],
        () if matched == "*" else tuple([matched] if isinstance(matched, str) else matched),
        begin,
        min(end, duration),
    )


def _name(effect: Mapping[str, Any], probability: float) -> str:
    """Return a short name: what happens, and to how many of the calls."""
    if effect["kind"] == "http":
        what = f"status {effect['status']}"
    elif effect["kind"] == "latency":
        what = f"{effect['latencyMs']} ms slower"
    else:
        what = effect["kind"]
    return what if probability >= 1 else f"{what}, {probability:.0%}"
