"""The unified model of one contract, bound to its native resources at its first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jsonschema_rs
import orjson

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract, Field, Operation
from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.index import MAPPINGS
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.status.moderation import (
    approved_versions,
    showing_version,
    versions,
    with_review_status,
)
from adsmock.mockserver.services.unified import extra_fields
from adsmock.mockserver.services.unified.delivery_status import status_of
from adsmock.mockserver.services.unified.extra_fields import Cover, cover_of
from adsmock.mockserver.services.unified.to_unified import ConversionContext, record_of
from adsmock.mockserver.services.validation.normalize import Normalizer, batch_normalizer
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource, CompiledResources


@dataclass(frozen=True)
class MappedResource:
    """A mapping with its compiled native resource. ``shown`` maps native to unified members."""

    mapping: ResourceMapping
    compiled: CompiledResource
    shown: dict[str, str]

    @cached_property
    def cover(self) -> Cover:
        """The members that its rows convert; the others are extra fields."""
        return cover_of(self.mapping.rows)

    @cached_property
    def validators(self) -> dict[str, Any]:
        """The validators of a native item by verb, compiled at their first use."""
        numbers = {"numbers": True}
        return {
            "create": jsonschema_rs.validator_for(
                entity_schema(self.compiled.contract, "create", **numbers)
            ),
            "update": jsonschema_rs.validator_for(
                entity_schema(self.compiled.contract, "update", **numbers)
            ),
        }

    def member(self, native: str) -> str:
        """Return the unified member of a native member or its nearest parent, empty without one."""
        while native:
            if native in self.shown:
                return self.shown[native]
            native = native.rpartition(".")[0]
        return ""


@dataclass(frozen=True)
class Model:
    """One contract of the unified model. ``reasons`` are the delivery reasons that it lists."""

    contract: Contract
    mapped_resources: tuple[MappedResource, ...]
    reasons: frozenset[str]

    @cached_property
    def normalize_create(self) -> Normalizer:
        """The normalizer of new items."""
        return batch_normalizer(self.contract.fields, "create")

    @cached_property
    def normalize_update(self) -> Normalizer:
        """The normalizer of changed items."""
        return batch_normalizer(self.contract.fields, "update")

    def conversion(self, validation: ValidationContext) -> ConversionContext:
        """Return the facts of the profile that conversions need."""
        profile = validation.profile
        return ConversionContext(profile.currency, {}, profile.timezone, profile.country)

    def owner(self, entity_id: str, validation: ValidationContext) -> MappedResource | None:
        """Return the native resource that has an entity."""
        for mapped in self.mapped_resources:
            if entity_id in validation.table(mapped.compiled.name):
                return mapped
        return None

    def render(
        self,
        mapped: MappedResource,
        entity: Entity,
        validation: ValidationContext,
        known: dict[Any, Any],
    ) -> bytes:
        """Return the unified record of an entity; ``known`` caches parents within a call."""
        record = self.record(mapped, entity, validation)
        record["status"] = status_of(
            entity, mapped.compiled.resource, validation, known, self.reasons
        )
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)

    def record(
        self,
        mapped: MappedResource,
        entity: Entity,
        validation: ValidationContext,
        rows: tuple[MemberRow, ...] = (),
    ) -> dict[str, Any]:
        """Return the record of an entity, by all rows of its mapping unless some are given."""
        conversion, rows = self.conversion(validation), rows or mapped.mapping.rows
        shown = with_review_status(entity, mapped.compiled.resource, validation)
        record = record_of(rows, validation.document(shown), shown, conversion)
        extra = extra_fields.find(mapped.compiled.name, entity.id, validation)
        if extra:
            extra_fields.merge_into(record, extra, mapped.cover)
        if mapped.mapping.live[0]:
            self._show_versions(record, mapped, entity, validation)
        return record

    def _show_versions(
        self,
        record: dict[str, Any],
        mapped: MappedResource,
        entity: Entity,
        validation: ValidationContext,
    ) -> None:
        """Set the newest version and the newest approved version, with their extra fields."""
        active, newest = mapped.mapping.live
        resource = mapped.compiled.resource
        assert resource.review is not None
        found = {newest: versions(entity, resource, validation)[-1:]}
        found[active] = approved_versions(entity, resource, validation)[-1:]
        rows = tuple(row for row in mapped.mapping.rows if row.to.startswith(newest))
        for member, last in found.items():
            for version in last:
                shown = showing_version(entity, version, resource.review, validation)
                whole = record_of(
                    rows, validation.document(shown), shown, self.conversion(validation)
                )
                extra = extra_fields.find(resource.review.of, version.id, validation)
                extra_fields.merge_into(whole, extra, mapped.cover)
                record[member] = whole[newest]

    def refuse(self, failure: Failure, location: str) -> Failure:
        """Return a native refusal with the model's error code, at a unified member."""
        code = self.contract.item_code(failure.kind, failure.reason)
        if code not in self.contract.extra["codes"]:
            code = self.contract.item_code("*")
        return Failure(failure.index, code, failure.reason, failure.message, location)


class Models:
    """The unified models by contract name, each compiled at its first use."""

    __slots__ = ("_contract_set", "_models", "_operations_at", "_resources")

    def __init__(self, contract_set: ContractSet, resources: CompiledResources) -> None:
        self._contract_set = contract_set
        self._resources = resources
        self._models: dict[str, Model] = {}
        self._operations_at: dict[str, list[tuple[Contract, Operation]]] = {}
        for contract in contract_set.by_name.values():
            for operation in contract.operations:
                if operation.product:
                    self._operations_at.setdefault(operation.path, []).append((contract, operation))

    def operations_at(self, operation: Operation) -> list[tuple[Contract, Operation]]:
        """Return the operations that share a path, with their contracts, in order of names."""
        return self._operations_at[operation.path]

    def get(self, name: str) -> Model:
        """Return the model of a contract."""
        if name not in self._models:
            self._models[name] = self._make(self._contract_set.by_name[name])
        return self._models[name]

    def _make(self, contract: Contract) -> Model:
        mapped_resources = tuple(
            _mapped_resource(mapping, self._resources[mapping.resource])
            for mapping in MAPPINGS[contract.name]
        )
        return Model(contract, mapped_resources, frozenset(_reasons(contract.fields)))


def _mapped_resource(mapping: ResourceMapping, compiled: CompiledResource) -> MappedResource:
    shown: dict[str, str] = {}
    for row in mapping.rows:
        if row.source and row.to:
            shown.setdefault(row.source, row.to)
        for branch in row.value if row.by == "branch" else ():
            for each in branch.rows:
                shown.setdefault(each.source.partition(".")[0], row.to)
    return MappedResource(mapping, compiled, shown)


def _reasons(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Return the delivery reasons that the contract lists."""
    for field in fields:
        if field.name == "deliveryReasons" and field.items is not None:
            return field.items.read_enum
        found = _reasons(field.fields)
        if found:
            return found
    return ()


def unified_tail(location: str, root: str, mapped: MappedResource) -> str:
    """Return the end of a unified location, after the item, for a native location."""
    tail = location.removeprefix(root).partition("]")[2].lstrip(".")
    member = mapped.member(_dotted(tail))
    return f".{_pathed(member)}" if member else ""


def _dotted(path: str) -> str:
    return path.replace("[", ".").replace("]", "")


def _pathed(dotted: str) -> str:
    """Return the JSON path of a dotted member: numbers are indexes."""
    steps = [f"[{part}]" if part.isdecimal() else f".{part}" for part in dotted.split(".")]
    return "".join(steps).lstrip(".")


def without_nulls(item: Item) -> Item:
    """Return an item without nulls: in a create, null counts as missing."""
    return {name: value for name, value in item.items() if value is not None}
