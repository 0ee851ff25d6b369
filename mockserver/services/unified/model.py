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

from adsmock.contracts.form import Contract, Field, Operation
from adsmock.contracts.record import Catalogue
from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.catalog.unified.face import Face
from adsmock.mockserver.catalog.unified.index import FACES
from adsmock.mockserver.catalog.view import Row
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.plan import Plan, Plans
from adsmock.mockserver.services.review import passed, reviewed, showing, versions
from adsmock.mockserver.services.scene import Item, Scene
from adsmock.mockserver.services.shape import Shaper, batch_shaper
from adsmock.mockserver.services.unified import beside
from adsmock.mockserver.services.unified.beside import Cover, cover_of
from adsmock.mockserver.services.unified.forward import Frame, record_of
from adsmock.mockserver.services.unified.status import status_of


@dataclass(frozen=True)
class Side:
    """One face, ready for reading and writing. ``shown`` is where a native member stands."""

    face: Face
    plan: Plan
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
                entity_schema(self.plan.contract, "create", **numbers)
            ),
            "update": jsonschema_rs.validator_for(
                entity_schema(self.plan.contract, "update", **numbers)
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
    sides: tuple[Side, ...]
    reasons: frozenset[str]

    @cached_property
    def shape_create(self) -> Shaper:
        """What drops unknown members from new items."""
        return batch_shaper(self.contract.fields, "create")

    @cached_property
    def shape_update(self) -> Shaper:
        """What drops unknown members from changed items."""
        return batch_shaper(self.contract.fields, "update")

    def frame(self, scene: Scene) -> Frame:
        """Return what conversions need to know of the profile."""
        profile = scene.profile
        return Frame(profile.currency, {}, profile.timezone, profile.country)

    def owner(self, entity_id: str, scene: Scene) -> Side | None:
        """Return the side that holds an entity."""
        for side in self.sides:
            if entity_id in scene.table(side.plan.name):
                return side
        return None

    def render(self, side: Side, entity: Entity, scene: Scene, known: dict[Any, Any]) -> bytes:
        """Return the unified record of an entity; ``known`` remembers parents within a call."""
        record = self.record(side, entity, scene)
        record["status"] = status_of(entity, side.plan.resource, scene, known, self.reasons)
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)

    def record(
        self, side: Side, entity: Entity, scene: Scene, rows: tuple[Row, ...] = ()
    ) -> dict[str, Any]:
        """Return what an entity shows, by all rows of its side unless some are given."""
        frame, rows = self.frame(scene), rows or side.face.rows
        shown = reviewed(entity, side.plan.resource, scene)
        record = record_of(rows, scene.document(shown), shown, frame)
        rest = beside.find(side.plan.name, entity.id, scene)
        if rest:
            beside.laid_over(record, rest, side.cover)
        if side.face.live[0]:
            self._show_versions(record, side, entity, scene)
        return record

    def _show_versions(
        self, record: dict[str, Any], side: Side, entity: Entity, scene: Scene
    ) -> None:
        """Write the newest version, with what is kept beside it, and the newest that passed."""
        active, newest = side.face.live
        resource = side.plan.resource
        assert resource.review is not None
        found = {newest: versions(entity, resource, scene)[-1:]}
        found[active] = passed(entity, resource, scene)[-1:]
        rows = tuple(row for row in side.face.rows if row.to.startswith(newest))
        for member, last in found.items():
            for version in last:
                shown = showing(entity, version, resource.review, scene)
                whole = record_of(rows, scene.document(shown), shown, self.frame(scene))
                rest = beside.find(resource.review.of, version.id, scene)
                beside.laid_over(whole, rest, side.cover)
                record[member] = whole[newest]

    def refuse(self, failure: Failure, location: str) -> Failure:
        """Return a native refusal in the model's own words, at a unified member."""
        code = self.contract.code_of(failure.kind, failure.reason)
        if code not in self.contract.extra["codes"]:
            code = self.contract.code_of("*")
        return Failure(failure.index, code, failure.reason, failure.message, location)


class Models:
    """The models of a world by contract name, each compiled when first asked for."""

    __slots__ = ("_book", "_made", "_plans", "_rivals")

    def __init__(self, book: Catalogue, plans: Plans) -> None:
        self._book = book
        self._plans = plans
        self._made: dict[str, Model] = {}
        self._rivals: dict[str, list[tuple[Contract, Operation]]] = {}
        for contract in book.contracts.values():
            for operation in contract.operations:
                if operation.product:
                    self._rivals.setdefault(operation.path, []).append((contract, operation))

    def rivals(self, operation: Operation) -> list[tuple[Contract, Operation]]:
        """Return the operations that share a path, with their contracts, in order of names."""
        return self._rivals[operation.path]

    def get(self, name: str) -> Model:
        """Return the model of a contract."""
        if name not in self._made:
            self._made[name] = self._make(self._book.contracts[name])
        return self._made[name]

    def _make(self, contract: Contract) -> Model:
        sides = tuple(_side(face, self._plans[face.resource]) for face in FACES[contract.name])
        return Model(contract, sides, frozenset(_reasons(contract.fields)))


def _side(face: Face, plan: Plan) -> Side:
    shown: dict[str, str] = {}
    for row in face.rows:
        if row.source and row.to:
            shown.setdefault(row.source, row.to)
        for branch in row.value if row.by == "branch" else ():
            for each in branch.rows:
                shown.setdefault(each.source.partition(".")[0], row.to)
    return Side(face, plan, shown)


def _reasons(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Return the values that the contract gives for delivery reasons."""
    for field in fields:
        if field.name == "deliveryReasons" and field.items is not None:
            return field.items.read_enum
        found = _reasons(field.fields)
        if found:
            return found
    return ()


def located(location: str, root: str, side: Side) -> str:
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
