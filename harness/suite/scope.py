"""What a task needs of an integration: verb, resources, region, ad product, report type, dataset.

A partner declares in the manifest which of these the integration has. A task outside them is not
judged as lost work, and a check that stays UNPROVEN without it is N/A.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, get_args

from msgspec import structs

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.case.model import Task
from adsmock.harness.suite.journal import CaseRecord, CaseView, Entry
from adsmock.harness.suite.manifest import Manifest, Member

AD_PRODUCTS = {
    "sp": "SPONSORED_PRODUCTS",
    "sb": "SPONSORED_BRANDS",
    "sd": "SPONSORED_DISPLAY",
    "st": "SPONSORED_TELEVISION",
}
"""Ad products by the first letters of a resource, an operation or a report type."""

EXPORTED = {
    "campaigns": "sp.campaigns",
    "adGroups": "sp.adGroups",
    "ads": "sp.productAds",
    "targets": "sp.targets",
}
"""The resource that an export of each kind contains."""

TREE = {
    "adGroups": "sp.adGroups",
    "productAds": "sp.productAds",
    "keywords": "sp.keywords",
    "targets": "sp.targets",
    "negativeKeywords": "sp.negativeKeywords",
}
"""The resource of each list in the campaigns of a tree."""

ACCOUNT = ("profiles.",)
"""Operations in which a client looks for its accounts: they show no work in a region."""


class Need(NamedTuple):
    """One thing that a task needs, named by the member of the manifest that declares it."""

    member: Member
    value: str


def needs_of(task: Task) -> frozenset[Need]:
    """Return what one task needs."""
    return frozenset(_needs(task))


def _needs(task: Task) -> Iterator[Need]:
    yield Need("verbs", task.verb)
    for args in (task.args, *task.args.get("reports", ())):
        profile = args.get("profile")
        if isinstance(profile, Mapping):
            yield Need("regions", str(profile["$profile"]).partition(".")[0])
        report_type = args.get("reportTypeId")
        if report_type:
            yield Need("report_types", report_type)
            yield from _ad_product(report_type[:2])
        for dataset in args.get("datasets", ()):
            yield Need("datasets", dataset)
        if task.verb == "raise_budgets":
            yield Need("datasets", "budget-usage")
            yield Need("resources", "sp.campaigns")
            yield from _ad_product("sp")
        if task.verb == "apply_recommendations":
            yield Need("resources", "sp.campaigns")
            yield from _ad_product("sp")
        for resource in _resources(args):
            yield Need("resources", resource)
            yield from _ad_product(resource.partition(".")[0])


def _ad_product(prefix: str) -> Iterator[Need]:
    if prefix in AD_PRODUCTS:
        yield Need("ad_products", AD_PRODUCTS[prefix])


def _resources(args: Mapping[str, Any]) -> Iterator[str]:
    if args.get("resource"):
        yield args["resource"]
    if args.get("kind") in EXPORTED:
        yield EXPORTED[args["kind"]]
    if "campaigns" in args:
        yield EXPORTED["campaigns"]
        yield from _tree_resources(args["campaigns"])


def _tree_resources(nodes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for node in nodes:
        for name, members in node.items():
            if name in TREE:
                yield TREE[name]
                yield from _tree_resources(members)


def seen_in(calls: Iterable[Entry]) -> frozenset[Need]:
    """Return the regions, resources, ad products and report types that API calls show."""
    work = [entry for entry in calls if not entry.operation.startswith(ACCOUNT)]
    return frozenset(need for entry in work for need in _seen(entry))


def _seen(entry: Entry) -> Iterator[Need]:
    if entry.region:
        yield Need("regions", entry.region)
    resource = entry.operation.rpartition(".")[0]
    prefix = resource.partition(".")[0]
    if prefix in AD_PRODUCTS:
        yield Need("resources", resource)
        yield Need("ad_products", AD_PRODUCTS[prefix])
    body = entry.request if isinstance(entry.request, dict) else {}
    if body.get("dataSetId"):
        yield Need("datasets", str(body["dataSetId"]))
    configuration = body.get("configuration")
    if isinstance(configuration, dict) and configuration.get("reportTypeId"):
        report_type = str(configuration["reportTypeId"])
        yield Need("report_types", report_type)
        yield from _ad_product(report_type[:2])


def absence(case: Case, manifest: Manifest, view: CaseView) -> str | None:
    """Return why the manifest excludes a part of a case, None when it does not.

    What the journal shows is not excluded, whatever the manifest declares.
    """
    seen = seen_in(view.api)
    missing: dict[Member, set[str]] = {}
    for need in _excluded(case.tasks, manifest, seen):
        missing.setdefault(need.member, set()).add(need.value)
    parts = [
        f"{member} does not include {', '.join(sorted(missing[member]))}"
        for member in get_args(Member)
        if member in missing
    ]
    most = manifest.concurrent_calls
    if most is not None and largest_overlap(view) <= most < case.concurrent_calls:
        parts.append(
            f"concurrent_calls is {most}, and the case needs {case.concurrent_calls} calls at the "
            "same time"
        )
    return "; ".join(parts) or None


def largest_overlap(view: CaseView) -> int:
    """Return the most API calls that were under way at one moment, by the clock of the machine."""
    chosen = {entry.seq for entry in view.api}
    timed = [Entry.read(row, "monotonic") for row in view.record.rows if row["seq"] in chosen]
    starts = sorted(one.arrive for one in timed)
    ends = sorted(one.send for one in timed)
    return max((number - bisect_right(ends, at) for number, at in enumerate(starts, 1)), default=0)


def _excluded(tasks: Iterable[Task], manifest: Manifest, seen: frozenset[Need]) -> frozenset[Need]:
    needs = frozenset(need for task in tasks for need in needs_of(task)) - seen
    return frozenset(need for need in needs if manifest.excludes(*need))


def in_scope(case: Case, view: CaseView, manifest: Manifest) -> CaseView:
    """Return the view with the tasks that the manifest includes; all of them when it has none.

    Work that the integration does not do is then not judged as lost.
    """
    record = view.record
    if len(record.tasks) != len(case.tasks):
        return view  # other work than the tasks of the case
    seen = seen_in(view.api)
    kept = [
        number for number, task in enumerate(case.tasks) if not _excluded([task], manifest, seen)
    ]
    if not kept or len(kept) == len(case.tasks):
        return view
    return replace(view, record=_with_tasks(record, kept))


def _with_tasks(record: CaseRecord, kept: list[int]) -> CaseRecord:
    """Return the record with these tasks, and the client's reports about them."""
    claims = tuple(
        claim | {"task": kept.index(claim["task"])}
        for claim in record.ending.claims
        if claim.get("task") in kept
    )
    return structs.replace(
        record,
        tasks=tuple(record.tasks[number] for number in kept),
        ending=structs.replace(record.ending, claims=claims),
    )
