"""Contradictions within a record or a journal: what no mock would have written.

Digests show any change of a record. These checks also work without digests: on plain journals and
on records of earlier versions. An edit that stays consistent with everything else passes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import isfinite
from typing import Any

import orjson

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.journal.record import CaseRecord, Rows, RunRecord

TOLERANCE = 1.0
"""Seconds by which two clock readings of one mock may disagree.

A call is numbered after its arrival is read, so that calls of a busy machine can arrive in another
order than their numbers: by 47 ms in a run of all cases on two cores (measured).
"""

ROUNDING = 1e-4
"""Seconds by which the times of one call may disagree: sandbox times are calculated backwards."""

OWN_WORK = ("free", "load", "journal")
"""Drivers of programs that do not run the tasks of the cases."""

CLOCKS = {"t": "monotonic clock", "c": "sandbox clock"}

STEPS = {"Arrive": "arrived", "Send": "was answered", "End": "ended"}

_FINGERPRINT = re.compile("tok-[0-9a-f]{12}")
"""A hashed token: the same request with a new token is the same request."""


class IntegrityError(ValueError):
    """A record that contradicts itself; the text is one line."""


def check_record(record: RunRecord, cases: Mapping[str, Case]) -> None:
    """Check that a record does not contradict itself or its cases.

    Raises:
        IntegrityError: it does, so that it was damaged or edited.
    """
    _check_cases(record, cases)
    for case in record.cases:
        try:
            _check_failure(case)
            _check_tasks(case, cases.get(case.case), record.meta.driver)
            check_rows(case.rows)
            if case.timebase == "monotonic":
                check_agreement(case.rows)
        except IntegrityError as error:
            raise IntegrityError(f"case {case.case}: {error}") from None


def check_rows(rows: Rows) -> None:
    """Check the numbers, times and chains of one sandbox's entries, in the order of the file.

    Raises:
        IntegrityError: they contradict each other.
    """
    _check_numbers(rows)
    for row in rows:
        _check_times(row)
    for earlier, later in pairwise(rows):
        _check_order(earlier, later)
    _check_chains(rows)


def check_agreement(rows: Rows) -> None:
    """Check the two clocks of a sandbox with a real clock, which can be advanced but never lags.

    Raises:
        IntegrityError: the sandbox clock fell behind the monotonic clock.
    """
    ahead: float | None = None
    for row in rows:
        found = _at(row, "c") - _at(row, "t")
        if ahead is not None and found < ahead - TOLERANCE:
            raise IntegrityError(
                f"the two clocks disagree by {ahead - found:.2f} s at call {row['seq']}: times "
                "were changed"
            )
        ahead = found if ahead is None else max(ahead, found)


def _check_cases(record: RunRecord, cases: Mapping[str, Case]) -> None:
    """Raise when the cases of the run and the records of cases differ; invariants need none."""
    if record.meta.driver in {"load", "journal"}:
        return  # their records are journals, not cases
    found = {one.replay_of or one.case for one in record.cases}
    for name in sorted(found - set(record.meta.cases)):
        raise IntegrityError(f"the record has case {name}, which is no case of the run")
    for name in () if record.meta.stopped else record.meta.cases:
        if name not in found and not (name in cases and cases[name].every):
            raise IntegrityError(f"the record of case {name} is missing: the file was cut")


def _check_failure(record: CaseRecord) -> None:
    """Raise when a case that could not be run has calls."""
    if record.failure and record.rows:
        raise IntegrityError("it could not be run, yet it has calls: members were changed")


def _check_tasks(record: CaseRecord, case: Case | None, driver: str) -> None:
    """Raise when tasks are missing that the case has or that the client reported on."""
    for claim in record.ending.claims:
        index = claim.get("task")
        if not isinstance(index, int) or not 0 <= index < len(record.tasks):
            raise IntegrityError(
                f"the client reports on task {index!r}, but the record has {len(record.tasks)} "
                "tasks: tasks were removed"
            )
    if case is None or case.version != record.version or record.failure or driver in OWN_WORK:
        return
    found = [task.get("verb") for task in record.tasks]
    if record.entries and found != [task.verb for task in case.tasks]:
        raise IntegrityError(
            f"the record has {len(found)} tasks that differ from the {len(case.tasks)} tasks of "
            "the case: tasks were changed"
        )


def _check_numbers(rows: Rows) -> None:
    """Raise when a number occurs twice or is out of order."""
    last = 0
    for row in rows:
        seq = row["seq"]
        if not isinstance(seq, int) or seq < 1:
            raise IntegrityError(f"the number (seq) {seq!r} of a call is not a positive integer")
        if seq == last:
            raise IntegrityError(f"call {seq} occurs twice: a line was copied")
        if seq < last:
            raise IntegrityError(f"call {seq} follows call {last}: lines were moved or copied")
        last = seq


def _check_times(row: dict[str, Any]) -> None:
    """Raise when one call ends before it starts; a time of 0 was never set."""
    for letter, clock in CLOCKS.items():
        times = [(step, row.get(f"{letter}{step}") or 0.0) for step in STEPS]
        if not all(isinstance(at, int | float) and isfinite(at) for _, at in times):
            raise IntegrityError(f"call {row['seq']} has a time that is not a number")
        known = [(step, at) for step, at in times if at]
        for (first, before), (second, after) in pairwise(known):
            if after < before - ROUNDING:
                raise IntegrityError(
                    f"call {row['seq']} {STEPS[second]} {before - after:.2f} s before it "
                    f"{STEPS[first]} on the {clock}: its times were changed"
                )


def _check_order(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    """Raise when a call with a higher number arrived earlier on one of the clocks."""
    for letter, clock in CLOCKS.items():
        back = _at(earlier, letter) - _at(later, letter)
        if back > TOLERANCE:
            raise IntegrityError(
                f"call {later['seq']} arrived {back:.2f} s before call {earlier['seq']} on the "
                f"{clock}: times were changed"
            )


def _at(row: dict[str, Any], letter: str) -> float:
    return float(row.get(f"{letter}Arrive") or 0.0)


def _check_chains(rows: Iterable[dict[str, Any]]) -> None:
    """Raise when calls with one request have two chains, or two requests share a chain.

    A call without a recorded request is left out: a lean journal keeps no bodies. Calls of one
    chain may have different queries: parameters that the service ignores make no other request.
    """
    chain_of: dict[tuple[tuple[Any, ...], str], tuple[str, int]] = {}
    request_of: dict[str, tuple[tuple[Any, ...], int]] = {}
    for row in rows:
        if row.get("request") is None or row.get("chain") is None:
            continue
        request, chain, seq = _request(row), str(row["chain"]), row["seq"]
        query = _FINGERPRINT.sub("", str(row.get("query") or ""))
        known_chain, first = chain_of.setdefault((request, query), (chain, seq))
        if known_chain != chain:
            raise IntegrityError(
                f"calls {first} and {seq} are the same request but have different chains: chains "
                "were changed"
            )
        known_request, first = request_of.setdefault(chain, (request, seq))
        if known_request != request:
            raise IntegrityError(
                f"calls {first} and {seq} have the same chain but are different requests: chains "
                "or requests were changed"
            )


def _request(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what all calls of a chain have in common."""
    return (
        str(row.get("method")),
        str(row.get("route") or row.get("path")),
        str(row.get("profileId")),
        orjson.dumps(row["request"], option=orjson.OPT_SORT_KEYS),
    )
