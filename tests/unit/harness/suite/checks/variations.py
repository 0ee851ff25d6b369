"""Sample journals with one change: a call more or less, later, with another status or profile."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import CaseRecord, Noise

FIRST, LAST = 8, 3
"""Calls at both ends of a journal that are changed one at a time."""

TIMES = ("tArrive", "tSend", "tEnd", "cArrive", "cSend", "cEnd")

MEMBERS: dict[str, dict[str, Any]] = {
    "200": {"status": 200},
    "401": {"status": 401},
    "429": {"status": 429, "retryAfter": "5"},
    "503": {"status": 503},
    "unscoped": {"profileId": None},
    "abroad": {"profileId": "22", "region": "EU"},
    "elsewhere": {"region": "FE"},
    "listed": {"operation": "sp.campaigns.list"},
    "created": {"operation": "sp.campaigns.create"},
    "granted": {"operation": "lwa.token"},
    "unread": {"reply": None},
    "empty": {"request": None},
    "broken": {"ended": "reset"},
    "stored": {"committed": True},
    "renewed": {"token": "tok-9"},
    "foreign": {"tokenState": "foreign"},
    "separate": {"chain": "another"},
    "unfaulted": {"fault": None},
}
"""Changes of one call, by the word in the name of a variation."""

DELAYS = (-2.0, -0.05, 0.3, 3.0, 70.0, 400.0)
"""Seconds by which a call and all after it are moved."""

WHOLE = ("loud", "timed-out", "untasked", "unstored", "silent", "unclaimed")
"""Changes of a whole record."""

LOUD = Noise(samples=50, mean=0.03, median=0.03, p99=0.5, spread=0.01, lag_p99=0.01)


def names(record: CaseRecord) -> Iterator[str]:
    """Yield the name of every variation of a journal."""
    count = len(record.rows)
    yield from WHOLE
    for place in sorted({*range(min(FIRST, count)), *range(max(0, count - LAST), count)}):
        yield from (f"without {place}", f"twice {place}", f"until {place}")
        yield from (f"{word} {place}" for word in MEMBERS)
        yield from (f"later {place} {delay:g}" for delay in DELAYS)
        yield from (f"fault {place} {one.id}" for one in record.faults)


def varied(record: CaseRecord, name: str) -> CaseRecord:
    """Return the journal with the named change."""
    word, *rest = name.split(" ")
    whole = {
        "loud": {"noise": LOUD},
        "timed-out": {"ending": replace(record.ending, timed_out=True)},
        "untasked": {"tasks": ()},
        "unstored": {"created": {}},
        "silent": {"faults": tuple(replace(one, met=0) for one in record.faults)},
        "unclaimed": {"ending": replace(record.ending, claims=(), error="Refused: 400")},
    }
    if word in whole:
        return replace(record, **whole[word])
    rows = _changed(record, word, int(rest[0]), rest[1:])
    numbered = tuple(row | {"seq": number} for number, row in enumerate(rows, 1))
    return replace(record, rows=numbered, entries=len(numbered))


def _changed(record: CaseRecord, word: str, place: int, rest: list[str]) -> list[dict[str, Any]]:
    rows = list(record.rows)
    before, row, after = rows[:place], rows[place], rows[place + 1 :]
    match word:
        case "without":
            return [*before, *after]
        case "twice":
            return [*before, row, _moved(row, 1.0), *after]
        case "until":
            return before
        case "later":
            return [*before, *(_moved(one, float(rest[0])) for one in rows[place:])]
        case "fault":
            kind = next(one.kind for one in load()[record.case].faults if one.id == rest[0])
            fault = {"id": rest[0], "kind": kind, "point": "before"}
            return [*before, row | {"fault": fault}, *after]
        case _:
            return [*before, row | MEMBERS[word], *after]


def _moved(row: dict[str, Any], seconds: float) -> dict[str, Any]:
    return row | {key: row[key] + seconds for key in TIMES}
