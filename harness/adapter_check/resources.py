"""The work that the check asks for on each resource that a manifest declares.

Where an item can be created from a few members, the resource is created, updated, listed and
archived; else it is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.adapter_check.account import AD_GROUP, NAMES, Account
from adsmock.harness.adapter_check.probes import CAMPAIGNS, Examination, Outcome, Probe
from adsmock.harness.adapter_check.row import Problem

STEPS = ("create", "list", "get", "update", "archive")
"""The verbs of a resource, in an order in which each finds what it needs."""

PAUSED, ARCHIVED = "PAUSED", "ARCHIVED"

NEGATIVE = {"keywordText": "check negative", "matchType": "NEGATIVE_EXACT"}
PRODUCT = {"expression": [{"type": "ASIN_SAME_AS", "value": "B000000009"}]}

ITEMS: Mapping[str, Mapping[str, Any]] = {
    "sp.adGroups": {"name": "Check second group", "defaultBid": 0.5},
    "sp.keywords": {"keywordText": "check word", "matchType": "EXACT", "bid": 0.5},
    "sp.productAds": {"sku": "CHECK-2"},
    "sp.negativeKeywords": NEGATIVE,
    "sp.campaignNegativeKeywords": NEGATIVE,
    "sp.targets": PRODUCT | {"expressionType": "MANUAL", "bid": 0.5},
    "sp.negativeTargets": PRODUCT,
}
"""A new item of each resource, without its parents and its state."""

WITHOUT_AD_GROUP = frozenset({"sp.adGroups", "sp.campaignNegativeKeywords"})


def probes_of(resource: str, verbs: frozenset[str]) -> list[Probe]:
    """Return the requests for a resource, one for each of its verbs in ``verbs``."""
    operations = {each.id for each in load().by_name[resource].operations}
    steps = STEPS if resource in ITEMS else ("list",)
    kinds = {
        "create": (_create, _created),
        "list": (_list, _called("list")),
        "get": (_ids, _called("list")),
        "update": (_pause, _has_state(PAUSED)),
        "archive": (_ids, _has_state(ARCHIVED)),
    }
    return [
        Probe(step, _bound(kinds[step][0], resource), kinds[step][1])
        for step in steps
        if step in verbs and f"{resource}.{'list' if step == 'get' else step}" in operations
    ]


def is_listed(resource: str) -> bool:
    """Return whether the check has a request for a resource beyond those of every adapter."""
    contract = load().by_name.get(resource)
    return (
        contract is not None
        and resource != CAMPAIGNS
        and any(each.id == f"{resource}.list" for each in contract.operations)
    )


def _bound(
    build: Callable[[Account, str], dict[str, Any]], resource: str
) -> Callable[[Account], dict[str, Any]]:
    def args(account: Account) -> dict[str, Any]:
        profile = account.profile("NA")
        return {"resource": resource, "profile": profile} | build(account, resource)

    return args


def _create(account: Account, resource: str) -> dict[str, Any]:
    parents = {"campaignId": account.ids[NAMES[0]]}
    if resource not in WITHOUT_AD_GROUP:
        parents |= {"adGroupId": AD_GROUP}
    return {"items": [{**parents, **ITEMS[resource], "state": "ENABLED"}]}


def _list(account: Account, resource: str) -> dict[str, Any]:
    del account, resource
    return {}


def _ids(account: Account, resource: str) -> dict[str, Any]:
    return {"ids": [_id(account, resource)]}


def _pause(account: Account, resource: str) -> dict[str, Any]:
    return {"items": [{_id_field(resource): _id(account, resource), "state": PAUSED}]}


def _id(account: Account, resource: str) -> str:
    """Return the id of the entity that the check works on: the newest one."""
    rows = account.rows(resource)
    return str(rows[-1][_id_field(resource)]) if rows else "0"


def _id_field(resource: str) -> str:
    identity = load().by_name[resource].identity
    return identity.field if identity else "id"


def _resource(seen: Outcome) -> str:
    return str(seen.args["resource"])


def _created(seen: Outcome) -> Iterator[Problem]:
    resource = _resource(seen)
    item = ITEMS[resource]
    name = next((item[key] for key in ("name", "keywordText", "sku") if key in item), "the item")
    if not any(_contains(row, item) for row in seen.account.rows(resource)):
        yield Problem(f"{name!r} was not created", f"send args.items in a {resource}.create")


def _contains(row: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    names = set(item) & {"name", "keywordText", "sku"}
    return all(row.get(name) == item[name] for name in names)


def _called(verb: str) -> Examination:
    def examine(seen: Outcome) -> Iterator[Problem]:
        resource = _resource(seen)
        if not seen.of(f"{resource}.{verb}"):
            called = ", ".join(sorted({str(call["operation"]) for call in seen.calls}))
            yield Problem(
                f"no call of {resource}.{verb} arrived; there were {called}",
                "send the request for args.resource, with its own path and media type",
            )

    return examine


def _has_state(state: str) -> Examination:
    def examine(seen: Outcome) -> Iterator[Problem]:
        rows = seen.account.rows(_resource(seen))
        if not any(row.get("state") == state for row in rows):
            yield Problem(
                f"the state of the entity did not become {state}",
                "send args.items or args.ids to the operation of args.resource",
            )

    return examine
