"""A plain journal: the entries of one or more sandboxes, as the control plane exports them.

``adsmock ctl journal.get --format ndjson`` writes such a file. It has no line for the run or its
cases, so the clock is derived from the calls. The profiles of a sandbox are in a line of their own,
as ``adsmock exec --judge`` writes it, or are derived from the calls too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import orjson
from msgspec import Struct, to_builtins

from adsmock.contracts.bounded_file import read_lines
from adsmock.harness.structs import MismatchError, convert
from adsmock.harness.suite.journal.entry import FIRST_REDIRECT, FIRST_SUCCESS, Entry, Timebase
from adsmock.harness.suite.journal.integrity import IntegrityError, check_agreement, check_rows
from adsmock.harness.suite.journal.record import CaseRecord, Noise, Rows
from adsmock.harness.suite.journal.row_shape import check_shape

EXPORT = "export it again with 'adsmock ctl journal.get --format ndjson'"

KIND = "kind"
"""The member that every line of a run's record has and no entry of a plain journal."""

SLOWEST_REAL = 0.05
FASTEST_REAL = 1.5
"""Seconds of the sandbox per second of the machine, during calls: below the first the clock is
frozen, above the second it is scaled. A real clock shows about 1."""

CLOCKS = ("cArrive", "cEnd", "tArrive", "tEnd")

PROFILES = "profiles.list"

Row = dict[str, Any]


class ProfileLine(Struct, rename="camel"):
    """One profile of a sandbox."""

    profile_id: str
    region: str
    country_code: str = ""


class ProfilesLine(Struct):
    """A line with the profiles of one sandbox."""

    sandbox: str
    profiles: tuple[ProfileLine, ...]


class PlainJournalError(ValueError):
    """A plain journal that cannot be judged; the text is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}; {EXPORT}")


def is_plain(path: Path) -> bool:
    """Return whether a file begins with an entry or profiles, not with a run, or is empty.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        first = next((line for line in read_lines(file) if line.strip()), b"")
    if not first:
        return True
    try:
        found = orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and KIND not in found and bool({"seq", "profiles"} & set(found))


def read(path: Path) -> tuple[tuple[CaseRecord, ...], int]:
    """Return one record per sandbox of a file, and the number of calls without a sandbox.

    Raises:
        PlainJournalError: a line is not a journal entry, or the entries contradict each other.
        OSError: the file cannot be read.
    """
    profiles: dict[str, Rows] = {}
    with path.open("rb") as file:
        rows = list(_parse(read_lines(file), profiles))
    return records_of(rows, profiles)


def records_of(
    rows: Iterable[Row], profiles: Mapping[str, Rows] | None = None
) -> tuple[tuple[CaseRecord, ...], int]:
    """Return one record per sandbox, and the number of calls without a sandbox.

    Args:
        rows: journal entries, those of each sandbox in their order.
        profiles: the profiles of each sandbox, where they are known.

    Raises:
        PlainJournalError: the entries contradict each other.
    """
    by_sandbox: dict[str, list[Row]] = {}
    orphans = 0
    for row in rows:
        sandbox = row.get("sandbox")
        if sandbox is None:
            orphans += 1
        else:
            by_sandbox.setdefault(str(sandbox), []).append(row)
    known = profiles or {}
    records = (
        _record(sandbox, tuple(found), known.get(sandbox, ()))
        for sandbox, found in sorted(by_sandbox.items())
    )
    return tuple(records), orphans


def _parse(lines: Iterable[bytes], profiles: dict[str, Rows]) -> Iterator[Row]:
    """Yield the entries of a file, and put its profiles into ``profiles`` by sandbox."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = orjson.loads(text)
            if isinstance(row, dict) and "seq" not in row and "profiles" in row:
                found = convert(row, ProfilesLine)
                profiles[found.sandbox] = tuple(map(to_builtins, found.profiles))
                continue
            check_shape(row)
            for timebase in ("sandbox", "monotonic"):
                Entry.read(row, timebase)
        except orjson.JSONDecodeError as error:
            raise PlainJournalError(f"line {number}: invalid JSON, perhaps cut ({error})") from None
        except MismatchError as error:
            raise PlainJournalError(f"line {number}: not a journal entry: {error}") from None
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise PlainJournalError(f"line {number}: not a journal entry: {error!r}") from None
        yield row


def _record(sandbox: str, rows: Rows, profiles: Rows) -> CaseRecord:
    """Return the record of one sandbox; missing numbers count as dropped entries."""
    is_real = _has_real_clock(rows)
    try:
        check_rows(rows)
    except IntegrityError as error:
        raise PlainJournalError(f"sandbox {sandbox}: {error}") from None
    timebase: Timebase = "monotonic" if is_real else "sandbox"
    return CaseRecord(
        case=f"sandbox {sandbox}",
        version=0,
        timebase=timebase,
        entries=len(rows),
        dropped=rows[-1]["seq"] - len(rows),
        profiles=profiles or _listed_profiles(rows),
        noise=_noise(rows) if is_real else None,
        rows=rows,
    )


def _has_real_clock(rows: Rows) -> bool:
    """Return whether the sandbox clock ran with the machine's all the time.

    A clock that was frozen for a part of the journal is judged by its own time in all of it.
    """
    if not SLOWEST_REAL <= _clock_rate(rows) <= FASTEST_REAL:
        return False
    try:
        check_agreement(rows)
    except IntegrityError:
        return False
    return True


def _clock_rate(rows: Rows) -> float:
    """Return the median speed of the sandbox clock during calls; 1 when no call shows it."""
    rates = [
        (row["cEnd"] - row["cArrive"]) / (row["tEnd"] - row["tArrive"])
        for row in rows
        if all(row.get(name) for name in CLOCKS) and row["tEnd"] > row["tArrive"]
    ]
    return median(rates) if rates else 1.0


def _noise(rows: Rows) -> Noise:
    """Return how late the mock's event loop was; no control client ran next to the program."""
    lags = [float(row.get("lagMs") or 0.0) / 1000 for row in rows]
    worst = quantiles(lags, n=100)[-1] if len(lags) > 1 else max(lags, default=0.0)
    return Noise(len(rows), mean=0.0, median=0.0, p99=0.0, spread=0.0, lag_p99=worst)


def _listed_profiles(rows: Rows) -> Rows:
    """Return the profiles that the program listed, with the region that listed each."""
    found: dict[str, Row] = {}
    for row in rows:
        reply = row.get("reply")
        is_good = FIRST_SUCCESS <= int(row.get("status") or 0) < FIRST_REDIRECT
        if row.get("operation") != PROFILES or not is_good or not isinstance(reply, list):
            continue
        for profile in reply:
            if isinstance(profile, dict) and "profileId" in profile:
                name = str(profile["profileId"])
                found[name] = {**profile, "profileId": name, "region": row.get("region")}
    return tuple(found.values())
