"""Check of reports of today next to Marketing Stream, which delivers the same numbers each hour.

Sources: Ads docs, Marketing Stream overview; reporting v3, FAQ: two reports a day (documented).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.report_entry import CREATE, configuration, days, span
from adsmock.harness.suite.checks.stream import deliveries, is_cut
from adsmock.harness.suite.checks.subscription import creations
from adsmock.harness.suite.journal import CaseView, Entry

TYPES = ("Campaigns", "Targeting")
"""Report types whose numbers Stream delivers, after the product: ``spCampaigns`` (documented)."""


def stream_replaces_reports(view: CaseView, dataset: str, records: int, most: int) -> Finding:
    """Hold when a client with a subscription requests few reports of the current day.

    Reports are counted by profile, type and grouping: others have other numbers.

    Args:
        view: the view of the case.
        dataset: the dataset that has the numbers of today.
        records: the number of distinct records in the queue.
        most: reports of today, of one profile, type and grouping, that are allowed.
    """
    own = [each for each in creations(view) if each.dataset == dataset and each.is_done]
    found = {each.message for each in deliveries(view) if each.dataset == dataset}
    numbers = {"subscriptions": len(own), "received": len(found)}
    if is_cut(view):
        return inconclusive("a reply with messages was too large for the journal", **numbers)
    if not own:
        return unproven(f"no subscription of {dataset} was created", **numbers)
    kinds = _of_today(view, {each.call.profile_id for each in own}, dataset.partition("-")[0])
    today = max(kinds, key=len, default=[])
    numbers |= {"reports": len(today), "most": most}
    if len(today) > most:
        return broken(
            f"{counted(len(today), 'report')} of today with the same grouping requested although "
            f"{dataset} is subscribed; the limit is {most}",
            (row(own[0].call, "subscription"), *rows(today, "report of today")),
            **numbers,
        )
    if len(found) < records:
        return unproven(f"{len(found)} of {counted(records, 'record')} were received", **numbers)
    reports = [call for kind in kinds for call in kind]
    return holds(
        f"{counted(len(found), 'record')} of {dataset} received, "
        f"{counted(len(reports), 'report')} of today requested",
        (row(own[0].call, "subscription"), *rows(reports, "report of today")),
        **numbers,
    )


def _of_today(view: CaseView, profiles: set[str | None], product: str) -> list[list[Entry]]:
    """Return the accepted reports that include the day of UTC of their request, by kind."""
    kinds: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for call in view.of_operation(CREATE):
        wanted = configuration(call)
        day = datetime.fromtimestamp(call.sandbox_send, UTC).date()
        is_streamed = wanted.get("reportTypeId") in {f"{product}{each}" for each in TYPES}
        if (
            call.is_success
            and call.profile_id in profiles
            and is_streamed
            and day in days(*span(call))
        ):
            grouping = sorted(map(str, wanted.get("groupBy") or ()))
            kinds[call.profile_id, wanted["reportTypeId"], *grouping].append(call)
    return list(kinds.values())


JUDGES = (stream_replaces_reports,)
