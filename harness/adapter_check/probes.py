"""The work that the check asks for, verb by verb, and how each outcome is examined."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from adsmock.harness.adapter_check.account import BUDGET, NAMES, PAUSED, Account
from adsmock.harness.adapter_check.probe import Examination, Outcome, Probe
from adsmock.harness.adapter_check.row import Problem
from adsmock.harness.adapter_check.stream_probes import STREAM_PROBES
from adsmock.harness.adapter_check.workflow_probe import WORKFLOW_PROBES

CAMPAIGNS = "sp.campaigns"
PAGE = 2
RAISE = 5.0
IDLE_SECONDS = 0.3
RESULTS = "budgetRecommendationsSuccessResults"
EXPORT_KINDS = ("campaigns", "adGroups", "targets", "ads")


def campaign(name: str) -> dict[str, Any]:
    """Return a new campaign."""
    return {
        "name": name,
        "targetingType": "MANUAL",
        "state": "ENABLED",
        "budget": {"budget": BUDGET, "budgetType": "DAILY"},
        "startDate": "2026-07-02",
    }


def _all_regions(seen: Outcome) -> Iterator[Problem]:
    asked = {each["region"] for each in seen.of("profiles.")}
    missing = sorted(set(seen.account.request["regions"]) - asked)
    if missing:
        yield Problem(
            f"profiles were not listed in {', '.join(missing)}",
            "send GET /v2/profiles to every region of the request",
        )


def _every_page(seen: Outcome) -> Iterator[Problem]:
    pages = seen.of(f"{CAMPAIGNS}.list")
    if pages and (pages[-1].get("reply") or {}).get("nextToken"):
        yield Problem(
            "only the first page was read: the last reply has a nextToken that no call sent",
            "send nextToken in the body of the next list until a reply has none",
        )
    sizes = {str((page.get("request") or {}).get("maxResults")) for page in pages}
    if pages and sizes != {str(PAGE)}:
        yield Problem(
            f"pageSize {PAGE} was ignored: maxResults was {', '.join(sorted(sizes))}",
            "send args.pageSize as maxResults in each list",
        )
    yield from _count(seen, len(NAMES))


def _count(seen: Outcome, wanted: int) -> Iterator[Problem]:
    done = seen.reply.get("done", wanted)
    if done != wanted:
        yield Problem(
            f"the reply says done: {done}, but the API returned {wanted} entities",
            "count every entity of every page in done, or leave done out",
        )


def _filtered(seen: Outcome) -> Iterator[Problem]:
    sent = [json.dumps(each.get("request")) for each in seen.of(f"{CAMPAIGNS}.list")]
    if sent and not all("PAUSED" in each for each in sent):
        yield Problem(
            "the filter was ignored: the list went out without it",
            "put the members of args.filter into the body of each list",
        )


def _nothing(seen: Outcome) -> Iterator[Problem]:
    del seen
    yield from ()


def _by_id(seen: Outcome) -> Iterator[Problem]:
    wanted = seen.args["ids"][0]
    if not any(wanted in json.dumps([call.get("request"), call["path"]]) for call in seen.calls):
        yield Problem(
            "the ids were ignored: no call asked for them",
            "list with campaignIdFilter: {include: args.ids}",
        )
    yield from _count(seen, 1)


def _created(seen: Outcome) -> Iterator[Problem]:
    if "Check new" not in seen.account.entities(CAMPAIGNS):
        yield Problem(
            "campaign 'Check new' was not created",
            'POST /sp/campaigns with {"campaigns": args.items}',
        )
    if seen.reply["status"] == "done":
        yield Problem(
            "the reply says done, but the API refused one of the two items in its 207 reply",
            "read the error rows of the 207 reply and answer partial, with failed: 1",
        )


def _renamed(seen: Outcome) -> Iterator[Problem]:
    if "Check renamed" not in seen.account.entities(CAMPAIGNS):
        yield Problem(
            "the campaign did not change", 'PUT /sp/campaigns with {"campaigns": args.items}'
        )


def _raised(seen: Outcome) -> Iterator[Problem]:
    rows = seen.account.entities(CAMPAIGNS)
    raised = {name for name, row in rows.items() if row["budget"]["budget"] != BUDGET}
    if PAUSED not in raised:
        yield Problem(
            f"the budget of {PAUSED!r} did not grow from {BUDGET:.0f} to {BUDGET + RAISE:.0f}",
            "list with args.filter, add args.raise to the values read, and update",
        )
    elif raised != {PAUSED}:
        yield Problem(
            f"the filter was ignored: {', '.join(sorted(raised - {PAUSED}))} changed too",
            "list with args.filter and change only what it returns",
        )


def _archived(seen: Outcome) -> Iterator[Problem]:
    if seen.account.entities(CAMPAIGNS)[NAMES[4]]["state"] != "ARCHIVED":
        yield Problem(
            f"campaign {NAMES[4]!r} is not archived",
            "POST /sp/campaigns/delete with campaignIdFilter: {include: args.ids}",
        )


TREE_NODES = (
    (CAMPAIGNS, "Check tree"),
    ("sp.adGroups", "Check branch"),
    ("sp.keywords", "check keyword"),
    ("sp.productAds", "CHECK-1"),
)


def _planted(seen: Outcome) -> Iterator[Problem]:
    missing = [
        f"{name!r} ({resource})"
        for resource, name in TREE_NODES
        if name not in seen.account.entities(resource)
    ]
    if missing:
        yield Problem(
            f"not created: {', '.join(missing)}",
            "create level by level and put the parent's new id into each child",
        )
    elif seen.reply.get("done", len(TREE_NODES)) != len(TREE_NODES):
        yield Problem(
            f"the reply says done: {seen.reply['done']}, but {len(TREE_NODES)} entities exist now",
            "count every node of the tree in done, or leave done out",
        )


def downloaded(operation: str, jobs: int = 1) -> Examination:
    """Return the examination of jobs whose files have to be downloaded."""

    def examine(seen: Outcome) -> Iterator[Problem]:
        creates = [each for each in seen.of(operation) if each["operation"].endswith(".create")]
        if len(creates) < jobs:
            yield Problem(
                f"{len(creates)} of {jobs} jobs were requested",
                f"create {'a job' if jobs == 1 else f'{jobs} jobs'} for this verb",
            )
        elif not seen.of("storage."):
            yield Problem(
                "no file was downloaded",
                "poll the job until COMPLETED, then GET its url without credentials",
            )

    return examine


def _each_kind(seen: Outcome) -> Iterator[Problem]:
    missing = [kind for kind in EXPORT_KINDS if not seen.of(f"exports.{kind}.create")]
    if missing:
        yield Problem(
            f"no export was requested of {', '.join(missing)}",
            "request an export of each kind, and download each file",
        )


def _repeated(seen: Outcome) -> Iterator[Problem]:
    lists = len(seen.of(f"{CAMPAIGNS}.list"))
    if lists < seen.args["times"]:
        yield Problem(
            f"{lists} of {seen.args['times']} lists were sent", "list args.times times, not once"
        )


def _waited(seen: Outcome) -> Iterator[Problem]:
    if seen.calls:
        yield Problem(f"{len(seen.calls)} calls were made", "make no call while idle")
    if seen.seconds < IDLE_SECONDS:
        yield Problem(
            f"the reply came after {seen.seconds:.2f} s instead of {IDLE_SECONDS} s",
            "sleep for args.seconds before you answer",
        )


def _place(region: str = "NA", **more: Any) -> Callable[[Account], dict[str, Any]]:
    return lambda account: {"resource": CAMPAIGNS, "profile": account.profile(region), **more}


def _advised(account: Account) -> dict[str, Any]:
    return {"profile": account.profile("NA"), "campaignIds": [account.ids[NAMES[3]]]}


def _applied(seen: Outcome) -> Iterator[Problem]:
    replies = [call.get("reply") or {} for call in seen.of("sp.advice.budgets")]
    results = [row for each in replies for row in each.get(RESULTS) or ()]
    budget = seen.account.entities(CAMPAIGNS)[NAMES[3]]["budget"]["budget"]
    if not results:
        yield Problem(
            "no recommendation was asked for",
            'POST /sp/campaigns/budgetRecommendations with {"campaignIds": args.campaignIds}',
        )
    elif budget != results[-1]["suggestedBudget"]:
        yield Problem(
            f"the budget of {NAMES[3]!r} is {budget:g} instead of "
            f"{results[-1]['suggestedBudget']:g}",
            "update the campaign with suggestedBudget of the reply as its daily budget",
        )


def _profile(**more: Any) -> Callable[[Account], dict[str, Any]]:
    return lambda account: {"profile": account.profile("NA"), **more}


def _with_ids(name: str) -> Callable[[Account], dict[str, Any]]:
    return lambda account: _place(ids=[account.ids[name]])(account)


def _rename(account: Account) -> dict[str, Any]:
    item = {"campaignId": account.ids[NAMES[1]], "name": "Check renamed"}
    return _place(items=[item])(account)


def _raise_paused(account: Account) -> dict[str, Any]:
    amounts = {"raise": {"budget.budget": RAISE}}
    return _place(filter=PAUSED_ONLY)(account) | amounts


def _report(account: Account) -> dict[str, Any]:
    return {
        "reportTypeId": "spCampaigns",
        "profile": account.profile("NA"),
        "startDate": "2026-06-20",
        "endDate": "2026-06-21",
        "columns": ["campaignId", "impressions", "clicks", "cost"],
        "groupBy": ["campaign"],
        "timeUnit": "SUMMARY",
    }


def _two_reports(account: Account) -> dict[str, Any]:
    other = _report(account) | {"startDate": "2026-06-21"}
    return {"reports": [_report(account), other], "within": 1}


PAUSED_ONLY = {"stateFilter": {"include": ["PAUSED"]}}

TREE = campaign("Check tree") | {
    "adGroups": [
        {
            "name": "Check branch",
            "state": "ENABLED",
            "defaultBid": 0.5,
            "keywords": [
                {"keywordText": "check keyword", "matchType": "EXACT", "state": "ENABLED"}
            ],
            "productAds": [{"sku": "CHECK-1", "state": "ENABLED"}],
        }
    ]
}

PROBES = (
    Probe("list_profiles", lambda _: {}, _all_regions, None),
    Probe("list", _place(pageSize=PAGE), _every_page),
    Probe("list", _place(filter=PAUSED_ONLY), _filtered),
    Probe("list", _place("EU"), _nothing, "EU"),
    Probe("get", _with_ids(NAMES[0]), _by_id),
    Probe(
        "create",
        _place(items=[campaign("Check new"), campaign(NAMES[0])]),
        _created,
        expects="partial",
    ),
    Probe("update", _rename, _renamed),
    Probe("modify", _raise_paused, _raised),
    Probe("archive", _with_ids(NAMES[4]), _archived),
    Probe("create_tree", _profile(campaigns=[TREE]), _planted),
    *(
        Probe("export", _profile(kind=kind), downloaded(f"exports.{kind}."))
        for kind in EXPORT_KINDS
    ),
    Probe("exports", _profile(kind="adGroups", count=2), downloaded("exports.", 2)),
    Probe("sync_metadata", _profile(), _each_kind),
    Probe("report", _report, downloaded("reporting.")),
    Probe("reports", _two_reports, downloaded("reporting.")),
    Probe("steady", _place(times=2, every=0.1), _repeated),
    Probe("apply_recommendations", _advised, _applied),
    *STREAM_PROBES,
    *WORKFLOW_PROBES,
    Probe("idle", lambda _: {"seconds": IDLE_SECONDS}, _waited, None, needs_calls=False),
)
