"""Checks of report creations: version, duplicates, ranges, pace, frequency, columns.

Sources: Well-Architected Framework, reporting and analytics; reporting v3, get started and FAQ
(documented); the text of a 425 names the earlier report (observed).
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import fmean

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
from adsmock.harness.suite.checks.report_entry import (
    CREATE,
    STATUS,
    TOO_EARLY,
    configuration,
    days,
    media,
    span,
)
from adsmock.harness.suite.journal import CaseView, Chain, Entry

BAD_REQUEST, THROTTLED = 400, 429

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def reports_name_their_version(view: CaseView, version: str) -> Finding:
    """Hold when every creation names the versioned media type of its body."""
    creates = view.of_operation(CREATE)
    if not creates:
        return unproven("no report was asked for")
    bare = [one for one in creates if media(one) != version]
    numbers = {"creations": len(creates), "unversioned": len(bare)}
    if bare:
        return broken(
            f"{counted(len(bare), 'report')} asked for as {quote(map(media, bare))}; "
            f"the version stands in {version}",
            rows(bare, "asked for without the version"),
            **numbers,
        )
    return holds(
        f"{counted(len(creates), 'report')} asked for as {version}",
        rows(creates, "names the version"),
        **numbers,
    )


def duplicate_is_followed(view: CaseView, most: int) -> Finding:
    """Hold when a 425 ended the asking and the report that it names was looked at."""
    creates = view.of_operation(CREATE)
    refused = next((one for one in creates if one.status == TOO_EARLY), None)
    if refused is None:
        return unproven("no creation was refused as a duplicate")
    same = [one for one in creates if one.chain == refused.chain]
    named = _ID.search(str(refused.reply))
    looks = [
        one
        for one in view.of_operation(STATUS)
        if one.seq > refused.seq and named and one.path.endswith(named.group())
    ]
    numbers = {"creations": len(same), "most": most, "looks": len(looks)}
    if len(same) > most:
        return broken(
            f"the same report was asked for {len(same)} times; {most} are allowed, then the one "
            "that the 425 names is polled",
            rows(same[most:], "asked for again"),
            **numbers,
        )
    if not looks:
        return broken(
            "the report that the 425 names was never looked at",
            [row(refused, "named the report that is under way")],
            **numbers,
        )
    return holds(
        f"asked for {counted(len(same), 'time')}; the report that the 425 names was followed",
        [row(refused, "named the report that is under way"), row(looks[0], "followed")],
        **numbers,
    )


def long_range_takes_few_reports(view: CaseView, most: int) -> Finding:
    """Hold when the days of each task came from at most ``most`` accepted reports."""
    accepted = [one for one in view.of_operation(CREATE) if one.is_success]
    if not accepted:
        return unproven("no report was accepted")
    wanted = [days(args["startDate"], args["endDate"]) for args in view.task_args("report")]
    lacking = set().union(*wanted) - set().union(*(days(*span(one)) for one in accepted))
    if lacking:
        return unproven(f"{counted(len(lacking), 'day')} of the range were never asked for")
    numbers = {"reports": len(accepted), "most": most}
    sentence = f"{counted(len(accepted), 'report')} for the range; {most} are allowed"
    if len(accepted) > most:
        return broken(sentence, rows(accepted[most:], "one more report"), **numbers)
    return holds(sentence, rows(accepted, "accepted"), **numbers)


def refused_range_is_not_repeated(view: CaseView) -> Finding:
    """Hold when no range that was refused as too long or too old was asked for again."""
    creates = view.of_operation(CREATE)
    if not creates:
        return unproven("no report was asked for")
    known: set[tuple[str, str]] = set()
    again = []
    for one in creates:
        if span(one) in known:
            again.append(one)
        if one.status == BAD_REQUEST:
            known.add(span(one))
    numbers = {"creations": len(creates), "refused": len(known), "repeated": len(again)}
    if again:
        first, last = span(again[0])
        return broken(
            f"{first} to {last} was refused with 400 and asked for "
            f"{counted(len(again), 'time')} more",
            rows(again, "the same range again"),
            **numbers,
        )
    return holds(
        f"{counted(len(known), 'range')} refused in {counted(len(creates), 'creation')}, "
        "none of them asked for again",
        rows(creates, "asked for once"),
        **numbers,
    )


def reports_back_off_longer(view: CaseView, other: str, least: float, chains: int) -> Finding:
    """Hold when throttled creations wait ``least`` seconds and no shorter than other calls."""
    slow, quick = (_first_gaps(view, name) for name in (CREATE, other))
    seen = min(len(slow), len(quick))
    if seen < chains:
        return unproven(f"{counted(seen, 'throttled chain')} of each; {chains} are needed")
    ours, theirs = (fmean(gap for _, gap in found) for found in (slow, quick))
    numbers = {"reports": round(ours, 3), "others": round(theirs, 3), "least": least}
    sentence = (
        f"after a 429 without Retry-After reports waited {ours:.2f} s on average and {other} "
        f"{theirs:.2f} s; the rule is at least {least:g} s and no less than those"
    )
    evidence = [row(again, f"first wait: {gap:.2f} s") for again, gap in (*slow, *quick)]
    kept = ours >= least and ours >= theirs
    return holds(sentence, evidence, **numbers) if kept else broken(sentence, evidence, **numbers)


def few_reports_a_day(view: CaseView, most: int) -> Finding:
    """Hold when no profile asked for more than ``most`` reports of one type in a day."""
    made = [one for one in view.of_operation(CREATE) if one.is_success]
    tasks = len(view.task_args("report"))
    if not made or tasks <= most:
        return unproven("too few reports were wanted to tell")
    counts = Counter((one.profile_id, configuration(one).get("reportTypeId")) for one in made)
    (_, kind), number = counts.most_common(1)[0]
    numbers = {"tasks": tasks, "reports": number, "most": most}
    sentence = f"{counted(number, 'report')} of {kind} for {tasks} tasks in a day; {most} are right"
    if number > most:
        return broken(sentence, rows(made[most:], "one more of the same day"), **numbers)
    return holds(sentence, rows(made, "asked for"), **numbers)


def metadata_comes_from_exports(view: CaseView, columns: list[str]) -> Finding:
    """Hold when reports ask for no columns that an export holds, and an export was read."""
    creates = view.of_operation(CREATE)
    if not creates:
        return unproven("no report was asked for")
    heavy = [one for one in creates if set(columns) & set(configuration(one).get("columns", ()))]
    exports = [one for one in view.of_verb("create") if one.operation.startswith("exports.")]
    numbers = {"reports": len(creates), "heavy": len(heavy), "exports": len(exports)}
    if heavy:
        return broken(
            f"{counted(len(heavy), 'report')} asked for names or settings, which exports hold",
            rows(heavy, "asks for metadata"),
            **numbers,
        )
    if not exports:
        return broken("no export brought the names", rows(creates, "brought ids"), **numbers)
    return holds(
        "reports brought numbers, an export brought names",
        [*rows(creates, "numbers"), *rows(exports, "names")],
        **numbers,
    )


def _first_gaps(view: CaseView, operation: str) -> list[tuple[Entry, float]]:
    """Return the first return of each chain of an operation that began with a bare 429."""

    def begins(chain: Chain) -> bool:
        first = chain.attempts[0]
        return first.operation == operation and first.status == THROTTLED and not first.retry_after

    return [(one.attempts[1], one.gaps[0]) for one in view.chains if begins(one) and one.gaps]


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
