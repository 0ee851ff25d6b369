"""Checks of report requests: version, duplicates, date ranges, backoff, frequency, columns.

Sources: Well-Architected Framework, reporting and analytics; reporting v3, get started and FAQ
(documented); the text of a 425 names the earlier report (observed).
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import fmean

from adsmock.harness.suite.checks.file_work import days_left
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.checks.report_entry import (
    CREATE,
    STATUS,
    TOO_EARLY,
    configuration,
    media,
    span,
)
from adsmock.harness.suite.journal import CaseView, Chain, Entry

BAD_REQUEST, THROTTLED = 400, 429

LONG_WAIT = 30.0
"""Seconds that are a long wait for a report too (own choice: half of the documented longest)."""

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def reports_name_their_version(view: CaseView, version: str) -> Finding:
    """Hold when every report request names the versioned media type of its body."""
    creates = view.of_operation(CREATE)
    if not creates:
        return unproven("no report was requested")
    bare = [create for create in creates if media(create) != version]
    numbers = {"creations": len(creates), "unversioned": len(bare)}
    if bare:
        return broken(
            f"{counted(len(bare), 'report')} requested as {quote(map(media, bare))} instead of "
            f"{version}",
            rows(bare, "request without the version"),
            **numbers,
        )
    return holds(
        f"{counted(len(creates), 'report')} requested as {version}",
        rows(creates, "names the version"),
        **numbers,
    )


def duplicate_is_followed(view: CaseView, most: int) -> Finding:
    """Hold when a 425 ended the requests, and the report that it names was polled."""
    creates = view.of_operation(CREATE)
    refused = next((create for create in creates if create.status == TOO_EARLY), None)
    if refused is None:
        return unproven("no report request was refused as a duplicate")
    same = [create for create in creates if create.chain == refused.chain]
    named = _ID.search(str(refused.reply))
    looks = [
        call
        for call in view.of_operation(STATUS)
        if call.seq > refused.seq and named and call.path.endswith(named.group())
    ]
    numbers = {"creations": len(same), "most": most, "looks": len(looks)}
    if len(same) > most:
        return broken(
            f"the same report was requested {counted(len(same), 'time')}; the limit is {most}, "
            "then poll the report that the 425 names",
            rows(same[most:], "requested again"),
            **numbers,
        )
    if not looks:
        return broken(
            "the report that the 425 names was never polled",
            [row(refused, "425 with the id of the pending report")],
            **numbers,
        )
    return holds(
        f"requested {counted(len(same), 'time')}; the report that the 425 names was polled",
        [row(refused, "425 with the id of the pending report"), row(looks[0], "polled")],
        **numbers,
    )


def long_range_takes_few_reports(view: CaseView, most: int) -> Finding:
    """Hold when the days of each task came from at most ``most`` accepted reports."""
    accepted = [call for call in view.of_operation(CREATE) if call.is_success]
    if not accepted:
        return unproven("no report was accepted")
    if not view.task_args("report"):
        return unproven("no task asks for a report")
    lacking = _days_left(view)
    if lacking:
        return unproven(f"{counted(len(lacking), 'day')} of the range never requested")
    numbers = {"reports": len(accepted), "most": most}
    sentence = f"{counted(len(accepted), 'report')} for the date range; the limit is {most}"
    if len(accepted) > most:
        return broken(sentence, rows(accepted[most:], "one report too many"), **numbers)
    return holds(sentence, rows(accepted, "accepted"), **numbers)


def refused_range_is_not_repeated(view: CaseView, retention_days: int) -> Finding:
    """Hold when no date range that was refused as too long or too old was requested again.

    The days of the tasks that are not older than ``retention_days`` must have been requested. After
    a refusal the client must have gone on, or reported the failure.
    """
    creates = view.of_operation(CREATE)
    if not creates:
        return unproven("no report was requested")
    known: set[tuple[str, str]] = set()
    again = []
    for create in creates:
        if span(create) in known:
            again.append(create)
        if create.status == BAD_REQUEST:
            known.add(span(create))
    numbers = {"creations": len(creates), "refused": len(known), "repeated": len(again)}
    if again:
        first, last = span(again[0])
        return broken(
            f"{first} to {last} was refused with 400 and requested "
            f"{counted(len(again), 'more time')}",
            rows(again, "same date range again"),
            **numbers,
        )
    oldest = datetime.fromtimestamp(creates[0].sandbox_send, UTC).date() - timedelta(
        days=retention_days
    )
    lacking = {day for day in _days_left(view) if day >= oldest}
    if lacking:
        return unproven(f"{counted(len(lacking), 'day')} of the tasks never requested", **numbers)
    lack = _lack_of_reaction(view, creates)
    if lack:
        return unproven(lack, **numbers)
    return holds(
        f"{counted(len(creates), 'report request')}, {counted(len(known), 'date range')} refused, "
        "none requested again",
        rows(creates, "requested once"),
        **numbers,
    )


def _lack_of_reaction(view: CaseView, creates: tuple[Entry, ...]) -> str:
    """Return why a client had no reason to limit a range, or did not act after a refusal."""
    refused = [create for create in creates if create.status == BAD_REQUEST]
    if not refused:
        has_task = bool(view.task_args("report"))
        return "" if has_task else "no date range was refused, and no task asks for a report"
    is_settled = acted_after(view, refused[-1])
    return "" if is_settled else "the client neither went on nor reported the refused range"


def _days_left(view: CaseView) -> set[date]:
    """Return the days of all report tasks that no accepted report covers."""
    accepted = [one for one in view.of_operation(CREATE) if one.is_success]
    return {day for args in view.task_args("report") for day in days_left(view, args, accepted)}


def reports_back_off_longer(view: CaseView, other: str, least: float, chains: int) -> Finding:
    """Hold when throttled report requests wait ``least`` seconds and as long as other calls.

    From ``LONG_WAIT`` on a wait is long for any call, so a client may have one wait for all.
    """
    slow, quick = (_first_gaps(view, name) for name in (CREATE, other))
    seen = min(len(slow), len(quick))
    if seen < chains:
        return unproven(f"{counted(seen, 'throttled call')} of each operation; {chains} are needed")
    ours, theirs = (fmean(gap for _, gap in found) for found in (slow, quick))
    numbers = {"reports": round(ours, 3), "others": round(theirs, 3), "least": least}
    sentence = (
        f"after a 429 without Retry-After, report requests waited {ours:.2f} s on average and "
        f"{other} {theirs:.2f} s; the minimum is {least:g} s and the wait of {other}"
    )
    evidence = [row(again, f"first wait: {gap:.2f} s") for again, gap in (*slow, *quick)]
    kept = ours >= least and (ours >= theirs or ours >= LONG_WAIT)
    return holds(sentence, evidence, **numbers) if kept else broken(sentence, evidence, **numbers)


def few_reports_a_day(view: CaseView, most: int) -> Finding:
    """Hold when no profile requested more than ``most`` reports of one type in a day."""
    made = [one for one in view.of_operation(CREATE) if one.is_success]
    tasks = len(view.task_args("report"))
    if not made or tasks <= most:
        return unproven("the tasks need too few reports")
    counts = Counter((call.profile_id, _type(call)) for call in made)
    (_, kind), number = counts.most_common(1)[0]
    numbers = {"tasks": tasks, "reports": number, "most": most}
    sentence = (
        f"{counted(number, 'report')} of {kind} for {tasks} tasks in a day; the limit is {most}"
    )
    if number > most:
        return broken(sentence, rows(made[most:], "one report too many"), **numbers)
    return holds(sentence, rows(made, "requested"), **numbers)


def _type(create: Entry) -> str:
    """Return the type of a report request, which a journal without bodies does not contain."""
    return str(configuration(create).get("reportTypeId", "an unknown type"))


def metadata_comes_from_exports(view: CaseView, columns: list[str]) -> Finding:
    """Hold when reports request no columns that an export contains, and an export was read."""
    creates = view.of_operation(CREATE)
    if not creates:
        return unproven("no report was requested")
    heavy = [
        create for create in creates if set(columns) & set(configuration(create).get("columns", ()))
    ]
    exports = [call for call in view.of_verb("create") if call.operation.startswith("exports.")]
    numbers = {"reports": len(creates), "heavy": len(heavy), "exports": len(exports)}
    if heavy:
        return broken(
            f"{counted(len(heavy), 'report')} requested names or settings, which exports contain",
            rows(heavy, "requests metadata"),
            **numbers,
        )
    if not exports:
        return broken(
            "no export was used for the names", rows(creates, "report with ids"), **numbers
        )
    return holds(
        "numbers came from reports, names from an export",
        [*rows(creates, "numbers"), *rows(exports, "names")],
        **numbers,
    )


def _first_gaps(view: CaseView, operation: str) -> list[tuple[Entry, float]]:
    """Return the first return of each chain of an operation that began with a bare 429."""

    def begins(chain: Chain) -> bool:
        first = chain.attempts[0]
        return first.operation == operation and first.status == THROTTLED and not first.retry_after

    return [(each.attempts[1], each.gaps[0]) for each in view.chains if begins(each) and each.gaps]


JUDGES = (
    reports_name_their_version,
    duplicate_is_followed,
    long_range_takes_few_reports,
    refused_range_is_not_repeated,
    reports_back_off_longer,
    few_reports_a_day,
    metadata_comes_from_exports,
)

TIMED = (reports_back_off_longer,)
