"""Datasets of entities: a record with all members at each creation and each change.

They follow from the log of changes that the change history shows: the latest changes of Sponsored
Products and Sponsored Brands. Delivery status is that of the moment of delivery.

Source: Ads docs, datasets/campaigns and others (documented: members, near real time, no
idempotency_id); schemas of public consumers (observed: ``ads-campaign-management-*``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import orjson

from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.catalog.unified.index import MAPPINGS
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.stream.delivery.record import Period, Record, Renderer
from adsmock.mockserver.services.stream.facts import EntityDataset, entity_dataset
from adsmock.mockserver.services.unified.delivery_status import status_of
from adsmock.mockserver.services.unified.dotted_path import dig, put
from adsmock.mockserver.services.unified.to_unified import ConversionContext, record_of
from adsmock.mockserver.services.validation.validation_context import ValidationContext

STEP = 15.0
"""Seconds of the grid of deliveries: a record comes one to two steps after its change (assumed)."""


def records(period: Period) -> Iterator[Record]:
    """Yield a record for each change of an entity that is due in a period."""
    of = entity_dataset(period.dataset)
    mappings = _mappings(of.resource)
    validation = ValidationContext(period.sandbox, period.profile, period.until)
    known: dict[Any, Any] = {}
    turns: Counter[tuple[str, int]] = Counter()
    found = []
    for name, _, entity in period.sandbox.store.changes(period.profile.id):
        if name not in mappings:
            continue
        moment = int(entity.updated * 1000)
        version = moment + turns[entity.id, moment]
        turns[entity.id, moment] += 1
        at = (entity.updated // STEP + 2) * STEP
        if period.after < at <= period.until:
            found.append((at, version, mappings[name], entity))
    found.sort(key=lambda row: row[0])
    for at, version, mapping, entity in found:
        source = _source(period, mapping, entity, validation, known)
        source["stream"]["version"] = version
        yield Record(at, f"{entity.id} {version}", _value(of, source))


@cache
def _mappings(resource: str) -> dict[str, ResourceMapping]:
    """Return how each native resource appears as a resource of the unified model."""
    return {
        mapping.resource: mapping
        for name, mappings in MAPPINGS.items()
        for mapping in mappings
        if name.rpartition(".")[2] == resource
    }


def _source(
    period: Period,
    mapping: ResourceMapping,
    entity: Entity,
    validation: ValidationContext,
    known: dict[Any, Any],
) -> dict[str, Any]:
    """Return what members can come from: the unified record, the native one and the account."""
    profile, native = period.profile, orjson.loads(entity.body)
    conversion = ConversionContext(profile.currency, {}, profile.timezone, profile.country)
    resource = CATALOG[mapping.resource]
    return record_of(mapping.rows, native, entity, conversion) | {
        "status": status_of(entity, resource, validation, known),
        "native": native,
        "stream": {
            "dataset_id": period.dataset,
            "advertiser_id": profile.account_id,
            "marketplace_id": profile.marketplace_id,
            "accountId": profile.id,
        },
    }


def _value(of: EntityDataset, source: dict[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for member in of.members:
        found = dig(source, member.source)
        if found is not None or member.is_nullable:
            put(value, member.path, _snake_case(found) if of.is_snake_case else found)
    return value


def _snake_case(value: Any) -> Any:
    """Return a value whose members, at every depth, have names in snake case."""
    if isinstance(value, list):
        return [_snake_case(each) for each in value]
    if isinstance(value, dict):
        return {_snake_name(name): _snake_case(each) for name, each in value.items()}
    return value


@lru_cache(maxsize=1_024)
def _snake_name(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0]}", name).lower()


RENDERER = Renderer(STEP, records)
