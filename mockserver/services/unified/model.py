"""The unified model of one contract, bound to the native plans behind it.

Knows how faces, contracts and plans become what the verbs need; compiled when first asked for.
Must not know any resource by name, nor do a verb's work.

Glossary
    side  one face with the plan of its native resource.
"""

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
from adsmock.mockserver.catalog.unified.index import FACES
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.status.moderation import passed, reviewed, showing, versions
from adsmock.mockserver.services.unified import extra_fields
from adsmock.mockserver.services.unified.delivery_status import status_of
from adsmock.mockserver.services.unified.extra_fields import Cover, cover_of
from adsmock.mockserver.services.unified.to_unified import Frame, record_of
from adsmock.mockserver.services.validation.normalize import Normalizer, batch_normalizer
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource, CompiledResources


@dataclass(frozen=True)
class NativeSide:
    """One face, ready for reading and writing. ``shown`` is where a native member stands."""

    face: ResourceMapping
    compiled: CompiledResource
    shown: dict[str, str]

    @cached_property
    def cover(self) -> Cover:
        """The members that its rows speak of; the others are kept beside the entity."""
        return cover_of(self.face.rows)

    @cached_property
    def readers(self) -> dict[str, Any]:
        """What finds the flaws of a native item, by verb; compiled when first needed."""
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
        """Return the unified member that shows a native one, or one it lies in; else nothing."""
        while native:
            if native in self.shown:
                return self.shown[native]
            native = native.rpartition(".")[0]
        return ""


@dataclass(frozen=True)
class Model:
    """One contract of the unified model. ``reasons`` are the delivery reasons it knows."""

    contract: Contract
    sides: tuple[NativeSide, ...]
    reasons: frozenset[str]

    @cached_property
    def normalize_create(self) -> Normalizer:
        """What drops unknown members from new items."""
        return batch_normalizer(self.contract.fields, "create")

    @cached_property
    def normalize_update(self) -> Normalizer:
        """What drops unknown members from changed items."""
        return batch_normalizer(self.contract.fields, "update")

    def frame(self, validation: ValidationContext) -> Frame:
        """Return what conversions need to know of the profile."""
        profile = validation.profile
        return Frame(profile.currency, {}, profile.timezone, profile.country)

    def owner(self, entity_id: str, validation: ValidationContext) -> NativeSide | None:
        """Return the side that holds an entity."""
        for side in self.sides:
            if entity_id in validation.table(side.compiled.name):
                return side
        return None

    def render(
        self, side: NativeSide, entity: Entity, validation: ValidationContext, known: dict[Any, Any]
    ) -> bytes:
        """Return the unified record of an entity; ``known`` remembers parents within a call."""
        record = self.record(side, entity, validation)
        record["status"] = status_of(
            entity, side.compiled.resource, validation, known, self.reasons
        )
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)

    def record(
        self,
        side: NativeSide,
        entity: Entity,
        validation: ValidationContext,
        rows: tuple[MemberRow, ...] = (),
    ) -> dict[str, Any]:
        """Return what an entity shows, by all rows of its side unless some are given."""
        frame, rows = self.frame(validation), rows or side.face.rows
        shown = reviewed(entity, side.compiled.resource, validation)
        record = record_of(rows, validation.document(shown), shown, frame)
        rest = extra_fields.find(side.compiled.name, entity.id, validation)
        if rest:
            extra_fields.laid_over(record, rest, side.cover)
        if side.face.live[0]:
            self._show_versions(record, side, entity, validation)
        return record

    def _show_versions(
        self,
        record: dict[str, Any],
        side: NativeSide,
        entity: Entity,
        validation: ValidationContext,
    ) -> None:
        """Write the newest version, with what is kept beside it, and the newest that passed."""
        active, newest = side.face.live
        resource = side.compiled.resource
        assert resource.review is not None
        found = {newest: versions(entity, resource, validation)[-1:]}
        found[active] = passed(entity, resource, validation)[-1:]
        rows = tuple(row for row in side.face.rows if row.to.startswith(newest))
        for member, last in found.items():
            for version in last:
                shown = showing(entity, version, resource.review, validation)
                whole = record_of(rows, validation.document(shown), shown, self.frame(validation))
                rest = extra_fields.find(resource.review.of, version.id, validation)
                extra_fields.laid_over(whole, rest, side.cover)
                record[member] = whole[newest]

    def refuse(self, failure: Failure, location: str) -> Failure:
        """Return a native refusal in the model's own words, at a unified member."""
        code = self.contract.item_code(failure.kind, failure.reason)
        if code not in self.contract.extra["codes"]:
            code = self.contract.item_code("*")
        return Failure(failure.index, code, failure.reason, failure.message, location)


class Models:
    """The models of a world by contract name, each compiled when first asked for."""

    __slots__ = ("_book", "_made", "_resources", "_rivals")

    def __init__(self, contract_set: ContractSet, resources: CompiledResources) -> None:
        self._book = contract_set
        self._resources = resources
        self._made: dict[str, Model] = {}
        self._rivals: dict[str, list[tuple[Contract, Operation]]] = {}
        for contract in contract_set.by_name.values():
            for operation in contract.operations:
                if operation.product:
                    self._rivals.setdefault(operation.path, []).append((contract, operation))

    def rivals(self, operation: Operation) -> list[tuple[Contract, Operation]]:
        """Return the operations that share a path, with their contracts, in order of names."""
        return self._rivals[operation.path]

    def get(self, name: str) -> Model:
        """Return the model of a contract."""
        if name not in self._made:
            self._made[name] = self._make(self._book.by_name[name])
        return self._made[name]

    def _make(self, contract: Contract) -> Model:
        sides = tuple(_side(face, self._resources[face.resource]) for face in FACES[contract.name])
        return Model(contract, sides, frozenset(_reasons(contract.fields)))


def _side(face: ResourceMapping, compiled: CompiledResource) -> NativeSide:
    shown: dict[str, str] = {}
    for row in face.rows:
        if row.source and row.to:
            shown.setdefault(row.source, row.to)
        for branch in row.value if row.by == "branch" else ():
            for each in branch.rows:
                shown.setdefault(each.source.partition(".")[0], row.to)
    return NativeSide(face, compiled, shown)


def _reasons(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Return the values that the contract gives for delivery reasons."""
    for field in fields:
        if field.name == "deliveryReasons" and field.items is not None:
            return field.items.read_enum
        found = _reasons(field.fields)
        if found:
            return found
    return ()


def located(location: str, root: str, side: NativeSide) -> str:
    """Return what follows the item in a unified location, for a native one."""
    tail = location.removeprefix(root).partition("]")[2].lstrip(".")
    member = side.member(_dotted(tail))
    return f".{_pathed(member)}" if member else ""


def _dotted(path: str) -> str:
    return path.replace("[", ".").replace("]", "")


def _pathed(dotted: str) -> str:
    """Return a JSON path of a dotted member: digits are places."""
    steps = [f"[{part}]" if part.isdecimal() else f".{part}" for part in dotted.split(".")]
    return "".join(steps).lstrip(".")


def whole_of(item: Item) -> Item:
    """Return an item without its nulls: a create takes them as nothing said."""
    return {name: value for name, value in item.items() if value is not None}
