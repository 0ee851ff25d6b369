"""Facts of Marketing Stream that hold without a request: datasets, limits, times, AWS regions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts.loader import load

CONTRACT = "stream"
CONFIRM_CHOICE = "stream.confirmWithin"
"""The sandbox choice with the seconds after which an unconfirmed subscription fails."""
CONFIRM_SECONDS = 259_200.0
"""Three days. Source: managing-subscriptions (documented; the FAQ says two days)."""
USER_CHOICE = "stream.user"
"""The sandbox choice that names the Amazon user behind the refresh token."""
USER = "owner"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset: its id, the operations that subscribe to it, its SNS accounts by region."""

    id: str
    at: tuple[str, ...]
    topics: dict[str, str]


@cache
def extra() -> dict[str, Any]:
    """Return the parts of the contract that no other family has."""
    return load().by_name[CONTRACT].extra


@cache
def datasets() -> dict[str, Dataset]:
    """Return every dataset by its id."""
    rows = extra()["datasets"]
    return {row["id"]: Dataset(row["id"], tuple(row["at"]), row.get("topics", {})) for row in rows}


FILES = "s3"
"""The service of destinations that get files: those of the second generation."""
FILE_KIND = "fileSubscriptions"
"""The kind of subscriptions of the second generation."""

CONFIRMATION = "delivery.confirmation"
"""The operation by which fault rules and the journal name a confirmation message."""


def delivery_of(dataset: str) -> str:
    """Return the operation by which fault rules and the journal name a dataset's messages."""
    return f"delivery.{dataset}"


@cache
def deliveries() -> tuple[str, ...]:
    """Return the operations of all messages."""
    return (CONFIRMATION, *map(delivery_of, datasets()))


def aws_region(region: str) -> str:
    """Return the AWS region of the destinations of a region of the Ads API."""
    return load().regions[region].aws_region


def provisioning_seconds(service: str) -> float:
    """Return the seconds that a destination is PROVISIONING; one of files never is."""
    return float(extra()["provisioning"].get(service, 0.0))


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a record: what it is of, and its word or measure there.

    Without ``source`` it is the id.
    """

    name: str
    of: str
    source: str = ""
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Performance:
    """A performance dataset: the ad product that it counts, and the members of its records.

    ``sums`` are the members with measures; one of zero is left out where ``omits_zeros``.
    """

    ad_product: str
    members: tuple[Member, ...]
    sums: tuple[Member, ...]
    omits_zeros: bool


@cache
def performance(dataset: str) -> Performance:
    """Return the records of a performance dataset."""
    row = next(each for each in extra()["records"] if each["dataset"] == dataset)
    members = tuple(
        Member(each["name"], each["of"], each.get("source", ""), "unit" in each)
        for each in row["members"]
    )
    return Performance(
        row["adProduct"],
        tuple(each for each in members if each.of != "sum"),
        tuple(each for each in members if each.of == "sum"),
        row.get("omits_zeros", False),
    )


@cache
def measures(dataset: str, country: str) -> dict[str, int]:
    """Return the members that consumers of a dataset add up, each with its units per whole.

    Amounts are whole numbers of the marketplace's smallest unit, such as cents.
    """
    if dataset not in {each["dataset"] for each in extra()["records"]}:
        return {}
    minor = load().marketplaces[country].minor
    return {each.name: minor if each.is_money else 1 for each in performance(dataset).sums}


@dataclass(frozen=True, slots=True)
class TotalsMember:
    """A column of files: what it is of, and its word there. Without ``source`` it is the id."""

    name: str
    of: str
    source: str = ""


@cache
def totals(dataset: str) -> tuple[TotalsMember, ...]:
    """Return the columns of a dataset that comes as files, the metrics last."""
    row = next(each for each in extra()["totals"] if each["dataset"] == dataset)
    members = (
        TotalsMember(each["name"], each["of"], each.get("source", "")) for each in row["members"]
    )
    return tuple(sorted(members, key=lambda each: each.of == "sum"))


@dataclass(frozen=True, slots=True)
class EntityMember:
    """A member of the record of an entity: its path there, and its path in the source."""

    path: str
    source: str
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class EntityDataset:
    """A dataset of entities: their resource in the unified model, and the members of a record."""

    resource: str
    members: tuple[EntityMember, ...]
    is_snake_case: bool


@cache
def entity_dataset(dataset: str) -> EntityDataset:
    """Return the records of a dataset of entities."""
    row = next(each for each in extra()["entities"] if each["dataset"] == dataset)
    members = tuple(
        EntityMember(each["name"], each["source"], each.get("nullable", False))
        for each in row["members"]
    )
    return EntityDataset(row["resource"], members, row.get("is_snake_case", False))


@dataclass(frozen=True, slots=True)
class RecommendedMember:
    """A member of the record of a recommendation: its path in the source, or its constant value.

    A number is divided by ``divisor``.
    """

    name: str
    source: str
    value: str | None
    divisor: int | None


@cache
def recommended_members(dataset: str) -> tuple[RecommendedMember, ...]:
    """Return the members of the records of a dataset of recommendations."""
    row = next(each for each in extra()["recommendations"] if each["dataset"] == dataset)
    return tuple(
        RecommendedMember(
            each["name"], each.get("source", ""), each.get("value"), each.get("divisor")
        )
        for each in row["members"]
    )
