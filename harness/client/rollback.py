"""Bring states, budgets, bids and names back to what a backup holds, with the fewest writes.

Knows which entity a record of an export stands for and which of its members can be written. Must
not know files or batches. Planning sends nothing: it compares two backups, so a plan can be shown
before it is applied.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .backup import take
from .errors import AdsError
from .multistatus import ItemError, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .backup import Backup
    from .client import AdsClient

Why = Literal["archived", "parent archived", "gone", "new", "bid unset"]
"""Why an entity stays as it is: ``archived`` cannot be revived, ``new`` came after the backup,
``bid unset``: it had none of its own, and a bid cannot be taken back."""

ARCHIVED = "ARCHIVED"

ORDER = (
    "sp.campaigns",
    "sp.adGroups",
    "sp.productAds",
    "sp.keywords",
    "sp.targets",
    "sp.negativeKeywords",
    "sp.negativeTargets",
    "sp.campaignNegativeKeywords",
    "sp.campaignNegativeTargets",
)
"""Parents first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entity to write: ``item`` names it by its id and holds only what differs."""

    resource: str
    id: str
    item: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """One entity that is not as the backup has it, and that no write can or should change."""

    resource: str
    id: str
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rollback would write, parents first, and what it would leave."""

    profile: str
    changes: tuple[Change, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """One record as the entity that it shows."""

    resource: str
    id_field: str
    id: str
    state: str
    parents: tuple[str, ...]
    members: Mapping[str, Any] = field(default_factory=dict)


def plan(backup: Backup, present: Backup) -> Plan:
    """Return what leads from the present back to the backup; nothing is sent.

    Raises:
        ValueError: when the two are not of one profile.
    """
    if backup.profile != present.profile:
        raise ValueError(f"a backup of {backup.profile} is no state of {present.profile}")
    before, now = _entities(backup), _entities(present)
    archived = {
        entity.id
        for entity in now.values()
        if entity.state == ARCHIVED and entity.resource in {"sp.campaigns", "sp.adGroups"}
    }
    changes: list[Change] = []
    left: list[Left] = []
    for key, wanted in before.items():
        item, why = _compare(wanted, now.get(key), archived)
        if why is not None:
            left.append(Left(wanted.resource, wanted.id, why))
        if item:
            changes.append(Change(wanted.resource, wanted.id, {wanted.id_field: wanted.id, **item}))
    left += [Left(*key, "new") for key in now if key not in before]
    changes.sort(key=lambda change: ORDER.index(change.resource))
    return Plan(backup.profile, tuple(changes), tuple(left))


def apply(client: AdsClient, wanted: Plan) -> list[tuple[Change, Outcome]]:
    """Write a plan, in full batches and parents first; return what became of each change.

    What could not even be sent is told in the outcomes too: a new plan holds just what is left.
    """
    by_resource: defaultdict[str, list[Change]] = defaultdict(list)
    for change in wanted.changes:
        by_resource[change.resource].append(change)
    done: list[tuple[Change, Outcome]] = []
    for resource, changes in by_resource.items():
        for change in changes:
            # The plan has just compared: an older memory must not think that nothing changes.
            client.known.forget(resource, wanted.profile, change.id)
        outcomes = _update(client, resource, wanted.profile, [change.item for change in changes])
        done += zip(changes, outcomes, strict=True)
    return done


def _update(
    client: AdsClient, resource: str, profile: str, items: list[Mapping[str, Any]]
) -> list[Outcome]:
    try:
        return client.update(resource, profile, items)
    except AdsError as trouble:
        errors = (ItemError(type(trouble).__name__, message=str(trouble)),)
        return [Outcome(place, errors=errors) for place in range(len(items))]


def rollback(client: AdsClient, backup: Backup) -> tuple[Plan, list[tuple[Change, Outcome]]]:
    """Bring a profile back to a backup; return the plan and what became of each change."""
    wanted = plan(backup, take(client, backup.profile))
    return wanted, apply(client, wanted)


def _compare(
    wanted: Entity, now: Entity | None, archived: set[str]
) -> tuple[dict[str, Any], Why | None]:
    """Return the members to write, and why more is not possible."""
    if wanted.state == ARCHIVED:
        return {}, None
    if now is None or now.state == ARCHIVED:
        return {}, "archived" if now else "gone"
    item = {name: value for name, value in wanted.members.items() if now.members.get(name) != value}
    unset = set(now.members) - set(wanted.members)
    if (item or unset) and archived.intersection(now.parents):
        return {}, "parent archived"
    return item, "bid unset" if unset else None


def _entities(backup: Backup) -> dict[tuple[str, str], Entity]:
    """Return all entities of a backup by resource and id."""
    campaigns = {
        str(row["adGroupId"]): str(row["campaignId"]) for row in backup.records["adGroups"]
    }
    found = [
        _READERS[kind](record, campaigns)
        for kind, records in backup.records.items()
        for record in records
    ]
    return {(entity.resource, entity.id): entity for entity in found}


def _campaign(record: Mapping[str, Any], _: Mapping[str, str]) -> Entity:
    members: dict[str, Any] = {"name": record["name"], "state": record["state"]}
    caps = record.get("budgetCaps") or {}
    amount = (caps.get("budgetValue") or {}).get("monetaryBudget", {}).get("amount")
    if amount is not None:
        members["budget"] = {"budget": amount, "budgetType": caps["recurrenceTimePeriod"]}
    name = str(record["campaignId"])
    return Entity("sp.campaigns", "campaignId", name, record["state"], (), members)


def _ad_group(record: Mapping[str, Any], _: Mapping[str, str]) -> Entity:
    members = {"name": record["name"], "state": record["state"]}
    members |= _bid(record, "defaultBid")
    parents = (str(record["campaignId"]),)
    name = str(record["adGroupId"])
    return Entity("sp.adGroups", "adGroupId", name, record["state"], parents, members)


def _target(record: Mapping[str, Any], campaigns: Mapping[str, str]) -> Entity:
    """Return a keyword or target, wanted or negative, of an ad group or a campaign."""
    kind = "Keywords" if record["targetType"] == "KEYWORD" else "Targets"
    group = record.get("adGroupId")
    members = {"state": record["state"]}
    if record["negative"]:
        resource = ("negative" if group else "campaignNegative") + kind
    else:
        resource = kind.lower()
        members |= _bid(record, "bid")
    return Entity(
        f"sp.{resource}",
        "keywordId" if kind == "Keywords" else "targetId",
        str(record["targetId"]),
        record["state"],
        _above(group, campaigns) or (str(record.get("campaignId")),),
        members,
    )


def _ad(record: Mapping[str, Any], campaigns: Mapping[str, str]) -> Entity:
    parents = _above(record.get("adGroupId"), campaigns)
    members = {"state": record["state"]}
    return Entity("sp.productAds", "adId", str(record["adId"]), record["state"], parents, members)


def _above(group: Any, campaigns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of an ad group and its campaign."""
    if not group:
        return ()
    return (str(group), campaigns.get(str(group), ""))


def _bid(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    amount = (record.get("bid") or {}).get(name)
    return {} if amount is None else {name: amount}


_READERS = {"campaigns": _campaign, "adGroups": _ad_group, "targets": _target, "ads": _ad}
