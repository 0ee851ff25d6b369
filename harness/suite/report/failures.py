"""Facts about a case that help to fix it: refused calls, a crash, the call of a finding.

All come from the record, so that an old journal shows them too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, Ending
from adsmock.harness.suite.last_lines import last_lines
from adsmock.harness.suite.unlisted_checks import UNLISTED
from adsmock.harness.suite.verdict import CaseVerdict

REFUSED = frozenset({400, 422})
"""Statuses of a call that the validation of the API refused."""

CASES_NAMED = 5

_REASON_MEMBERS = ("message", "detail", "details", "description")

_CONSTRAINT = re.compile(
    r"(?:\d+ validation errors? detected: )?"
    r"Value .*? at '(?P<path>[^']*)' failed to satisfy constraint: Member (?P<rule>[^;]*)"
)
_MEMBER = re.compile(r"\.(\d+)\.member\b")

_CRASH = re.compile(
    r"^Traceback \(most recent call last\)|^panic: |^Exception in thread |^Unhandled exception"
    r"|^Uncaught |^\s+at .+:\d+:\d+\)?$|^Segmentation fault|^node:internal",
    re.MULTILINE,
)
"""What the runtimes of common languages print for an error that nothing caught."""

_SIGNALED = 128
"""A shell reports a program that a signal ended with an exit code above 128."""


def named(case: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    """Return the id of a check; one that every case gets names its case, such as ``x.work (E02)``.

    ``case`` and ``check`` are rows of ``run.json``.
    """
    return f"{check['id']} ({case['id']})" if check["id"] in UNLISTED else str(check["id"])


def refused_calls(record: CaseRecord) -> list[dict[str, Any]]:
    """Return the calls that validation refused without a planned fault, grouped by reason."""
    groups = Counter(
        (str(row.get("operation") or ""), int(row["status"]), _reason(row.get("reply")))
        for row in record.rows
        if row.get("status") in REFUSED and not row.get("fault")
    )
    return [
        {"operation": operation, "status": status, "reason": reason, "count": count}
        for (operation, status, reason), count in groups.most_common()
    ]


def _reason(reply: Any) -> str:
    """Return the reason in an error reply, with the paths that the client wrote."""
    members = reply if isinstance(reply, Mapping) else {}
    text = next((str(members[name]) for name in _REASON_MEMBERS if members.get(name)), "")
    found = [
        f"{_MEMBER.sub(_index, each['path'])} {each['rule']}" for each in _CONSTRAINT.finditer(text)
    ]
    return "; ".join(found) or text or "no reason in the reply"


def _index(match: re.Match[str]) -> str:
    """Return an index from 0: the API's messages count from 1."""
    return f"[{int(match[1]) - 1}]"


def refused_sentence(groups: Iterable[Mapping[str, Any]]) -> str:
    """Return the refused calls of one case in a sentence, empty when there are none."""
    listed = list(groups)
    calls = sum(each["count"] for each in listed)
    if not calls:
        return ""
    reasons = "; ".join(dict.fromkeys(each["reason"] for each in listed[:3]))
    return f"{counted(calls, 'call')} refused by validation: {reasons}"


def refused_summary(cases: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the refused calls of a run in a sentence, None unless several cases have some."""
    with_some = [case["refused"] for case in cases if case["refused"]]
    if len(with_some) <= 1:
        return None
    reasons: Counter[str] = Counter()
    for each in (group for groups in with_some for group in groups):
        reasons[each["reason"]] += each["count"]
    (common, times), *_ = reasons.most_common(1)
    if times == 1:
        return None  # the lines of the cases say as much
    return (
        f"{counted(reasons.total(), 'call')} in {counted(len(with_some), 'case')} refused by "
        f"validation; most often ({counted(times, 'time')}): {common}"
    )


def has_crashed(record: CaseRecord, driver: str) -> bool:
    """Return whether the program ended by an error that nothing caught, after its first call."""
    ending = record.ending
    if not record.entries or ending.timed_out or ending.exit_code is None:
        return False
    if driver == "adapter":
        return True  # an adapter that ends during a case has not answered a task
    is_signaled = ending.exit_code < 0 or ending.exit_code > _SIGNALED
    return is_signaled or (ending.exit_code != 0 and bool(_CRASH.search(ending.output)))


def crash_headline(cases: Iterable[CaseVerdict], driver: str) -> str | None:
    """Return in which cases the program crashed, with its last lines; None without a crash.

    A program at its own work may report a failure by an error that nothing catches: where such a
    case passes, that was no crash.
    """
    listed = [case for case in cases if not case.case.every]
    crashed = [
        each.record
        for each in listed
        if has_crashed(each.record, driver) and not (driver == "free" and each.status == "PASS")
    ]
    if not crashed:
        return None
    names = ", ".join(each.case for each in crashed[:CASES_NAMED])
    more = f" and {len(crashed) - CASES_NAMED} more" if len(crashed) > CASES_NAMED else ""
    first = crashed[0]
    return (
        f"The program crashed in {len(crashed)} of {counted(len(listed), 'case')} after it had "
        f"called the mock: {names}{more}. In {first.case} it ended with exit code "
        f"{first.ending.exit_code}{_after(first)}.{_last_lines(first.ending)}"
    )


def _after(record: CaseRecord) -> str:
    rows = sorted(record.rows, key=lambda row: int(row["seq"]))
    if not rows:
        return ""
    last = call_of(record, int(rows[-1]["seq"]))
    return f", after {call_words(last)}" if last else ""


def _last_lines(ending: Ending) -> str:
    lines = last_lines(ending.output)
    return "\n" + "\n".join(lines) if lines else ""


def call_of(record: CaseRecord, seq: int) -> dict[str, Any] | None:
    """Return the call with a sequence number: what a partner needs to find it in their own log."""
    row = next((row for row in record.rows if row["seq"] == seq), None)
    if row is None:
        return None
    return {
        "seq": seq,
        "operation": row.get("operation") or f"{row.get('method', '')} {row.get('path', '')}",
        "region": row.get("region"),
        "time": _moment(float(row.get("cArrive") or 0.0)),
        "status": row.get("status"),
        "requestId": row.get("requestId"),
    }


def call_words(call: Mapping[str, Any]) -> str:
    """Return a call in words: operation, region, time, status and request id."""
    region = f" in {call['region']}" if call["region"] else ""
    request_id = f", request id {call['requestId']}" if call["requestId"] else ""
    status = f" answered {call['status']}" if call["status"] else " without an answer"
    return f"{call['operation']}{region} at {call['time']}{status}{request_id}"


def _moment(seconds: float) -> str:
    """Return a time of the sandbox's clock, in UTC with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def duration(record: CaseRecord) -> float:
    """Return the seconds from the first call to the last answer, on the case's timebase."""
    letter = "c" if record.timebase == "sandbox" else "t"
    starts = [float(row.get(f"{letter}Arrive") or 0.0) for row in record.rows]
    ends = [float(row.get(f"{letter}End") or 0.0) for row in record.rows]
    return round(max(0.0, max(ends) - min(starts)), 3) if starts else 0.0


def work_words(case: Case) -> str:
    """Return what a program has to do in a case: the verbs of its tasks with their objects."""
    done: dict[tuple[str, str], list[str]] = {}
    for task in case.tasks:
        what = task.args.get("resource") or task.args.get("reportTypeId") or ""
        kind = f"of {task.args['kind']}" if "kind" in task.args else ""
        profile = task.args.get("profile")
        place = str(profile["$profile"]) if isinstance(profile, Mapping) else ""
        places = done.setdefault((task.verb, str(what or kind)), [])
        if place and place not in places:
            places.append(place)
    return ", ".join(
        " ".join(
            part for part in (verb, what, f"in {' and '.join(places)}" if places else "") if part
        )
        for (verb, what), places in done.items()
    )
