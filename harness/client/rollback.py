"""Restore states, budgets, bids and names from a backup, with as few writes as possible.

A plan compares two backups and sends nothing, so it can be shown before it is applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .backup import Backup, take
from .client import AdsClient
from .errors import AdsError
from .multistatus import ItemError, Outcome

SkipReason = Literal["archived", "parent archived", "gone", "new", "bid unset"]
"""Why an entity is not restored.

``archived``: it was archived, which cannot be undone. ``gone``: it no longer exists. ``new``: it
was created after the backup. ``bid unset``: it had no bid of its own; bids cannot be removed."""

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
    """One entity to write: ``item`` has its id and the members that differ."""

    resource: str
    id: str
    item: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Skipped:
    """One entity that differs from the backup and that no write can or should change."""

    resource: str
    id: str
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """The writes of a rollback, parents first, and the entities that it skips."""

    profile: str
    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """The entity that a record of an export describes."""

    resource: str
    id_field: str
    id: str
    state: str
    parents: tuple[str, ...]
    members: Mapping[str, Any] = field(default_factory=dict)


def plan(backup: Backup, present: Backup) -> RollbackPlan:
    """Return the writes that lead from the present to the backup; nothing is sent.

    Raises:
        ValueError: the backups are of two profiles.
    """
    if backup.profile != present.profile:
        raise ValueError(
            f"the backup is of profile {backup.profile}, the present state of {present.profile}"
        )
    before, now = _entities(backup), _entities(present)
    archived = {
        entity.id
        for entity in now.values()
        if entity.state == ARCHIVED and entity.resource in {"sp.campaigns", "sp.adGroups"}
    }
    changes: list[Change] = []
    skipped: list[Skipped] = []
    for key, wanted in before.items():
        item, reason = _compare(wanted, now.get(key), archived)
        if reason is not None:
            skipped.append(Skipped(wanted.resource, wanted.id, reason))
        if item:
            changes.append(Change(wanted.resource, wanted.id, {wanted.id_field: wanted.id, **item}))
    skipped += [Skipped(*key, "new") for key in now if key not in before]
    changes.sort(key=lambda change: ORDER.index(change.resource))
    return RollbackPlan(backup.profile, tuple(changes), tuple(skipped))


def apply(client: AdsClient, wanted: RollbackPlan) -> list[tuple[Change, Outcome]]:
    """Write a plan in full batches, parents first; return the outcome of each change.

    A change that could not be sent has an outcome with the error; a new plan has it again.
    """
    by_resource: defaultdict[str, list[Change]] = defaultdict(list)
    for change in wanted.changes:
        by_resource[change.resource].append(change)
    done: list[tuple[Change, Outcome]] = []
    for resource, changes in by_resource.items():
        for change in changes:
            # The plan has just compared: an older read must not suppress the write.
            client.last_seen.forget(resource, wanted.profile, change.id)
        outcomes = _update(client, resource, wanted.profile, [change.item for change in changes])
        done += zip(changes, outcomes, strict=True)
    return done


def _update(
    client: AdsClient, resource: str, profile: str, items: list[Mapping[str, Any]]
) -> list[Outcome]:
    try:
        return client.update(resource, profile, items)
    except AdsError as error:
        errors = (ItemError(type(error).__name__, message=str(error)),)
        return [Outcome(place, errors=errors) for place in range(len(items))]


def rollback(
    client: AdsClient, backup: Backup
) -> tuple[RollbackPlan, list[tuple[Change, Outcome]]]:
    """Restore a profile from a backup; return the plan and the outcome of each change."""
    wanted = plan(backup, take(client, backup.profile))
    return wanted, apply(client, wanted)


def _compare(
    wanted: Entity, now: Entity | None, archived: set[str]
) -> tuple[dict[str, Any], SkipReason | None]:
    """Return the members to write, and why others cannot be written."""
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
    """Return a keyword or target, negative ones too, of an ad group or a campaign."""
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
