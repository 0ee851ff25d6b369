"""Convert stored entities to the records of an export, by way of their unified records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from adsmock.mockserver.catalog.export_view import AUTOMATIC, KINDS, OWN, PRODUCTS, ExportMember
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.resource import Resource
from adsmock.mockserver.catalog.unified.index import MAPPINGS
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.core.store import Store
from adsmock.mockserver.services.exports.snapshot_view import SnapshotView, Tables
from adsmock.mockserver.services.status.serving_status import Known
from adsmock.mockserver.services.unified.delivery_status import status_of
from adsmock.mockserver.services.unified.dotted_path import dig, put
from adsmock.mockserver.services.unified.targeting_expression import as_text
from adsmock.mockserver.services.unified.to_unified import TO_UNIFIED, ConversionContext
from adsmock.mockserver.services.validation.normalize import copy_members

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a mapping, and what an export shows of members of its value."""

    row: MemberRow
    members: tuple[tuple[str, ExportMember], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Entities of one resource as records of an export."""

    resource: Resource
    plain: tuple[tuple[MemberRow, str], ...]
    """Rows that are only copied, each with its member: most rows, and faster."""
    cells: tuple[Cell, ...]

    @property
    def tables(self) -> set[str]:
        """The resources that the records and their serving status need."""
        chain = (self.resource, *(CATALOG[each.resource] for each in self.resource.parents))
        found = {each.name for each in chain}
        for each in chain:
            found.update(name for names in each.serving.needs for name in names)
            if each.serving.awaits is not None:
                found.add(each.serving.awaits.resource)
            if each.serving.holder is not None:
                found.add(each.serving.holder.resource)
        reviews = (CATALOG[name].review for name in tuple(found))
        return found | {review.of for review in reviews if review is not None and review.of}


@cache
def views_of(kind: str) -> tuple[View, ...]:
    """Return the views of every resource in a kind of export."""
    mappings = [mapping for product in PRODUCTS for mapping in MAPPINGS[f"v1.{product}.{kind}"]]
    return tuple(_view(mapping, KINDS[kind]) for mapping in mappings)


def _view(mapping: ResourceMapping, members: dict[str, ExportMember]) -> View:
    own = OWN.get(mapping.resource, ())
    own_members = {row.to for row in own}
    derived = {name: member for name, member in members.items() if member.to not in own_members}
    cells = [Cell(row, _export_members(row, mapping, derived)) for row in mapping.rows]
    cells += [Cell(row, (("", ExportMember(row.to)),)) for row in own]
    plain = [
        (cell.row, cell.members[0][1].to)
        for cell in cells
        if [(path, member.by) for path, member in cell.members] == [("", "same")]
    ]
    others = [
        cell for cell in cells if cell.members and (cell.row, cell.members[0][1].to) not in plain
    ]
    return View(CATALOG[mapping.resource], tuple(plain), tuple(others))


def _export_members(
    row: MemberRow, mapping: ResourceMapping, members: dict[str, ExportMember]
) -> tuple[tuple[str, ExportMember], ...]:
    """Return what an export shows of a row's value or of members of it."""
    return tuple(
        (name[len(row.to) + 1 :], member)
        for name, member in members.items()
        if f"{name}.".startswith(f"{row.to}.") and member.level in ("", mapping.level)
    )


def take_snapshot(views: tuple[View, ...], store: Store, profile_id: str) -> Tables:
    """Return the current entities that the views, their parents and versions need."""
    names = {name for view in views for name in view.tables}
    return {name: store.table(profile_id, name).all() for name in sorted(names)}


def records(
    views: tuple[View, ...], snapshot: SnapshotView, conversion: ConversionContext
) -> Iterator[Record]:
    """Yield the records of a snapshot, resource by resource, in order of creation."""
    known: Known = {}
    for view in views:
        newest = _newest(view.resource, snapshot.kept)
        for entity in snapshot.kept[view.resource.name]:
            record = _record(view, entity, newest.get(entity.id), conversion, snapshot)
            record.update(status_of(entity, view.resource, snapshot, known))
            yield record


def _newest(resource: Resource, tables: Tables) -> dict[str, Entity]:
    """Return the newest version of each entity with versions."""
    review = resource.review
    if review is None or not review.of:
        return {}
    place = len(resource.parents)
    return {version.parents[place]: version for version in tables[review.of]}


def _record(
    view: View,
    entity: Entity,
    version: Entity | None,
    conversion: ConversionContext,
    snapshot: SnapshotView,
) -> Record:
    source = _source(view.resource, snapshot.document(entity), version)
    record: Record = {}
    for row, to in view.plain:
        value = TO_UNIFIED[row.by](row, source, entity, conversion)
        if value is None:
            continue
        if "." in to:
            put(record, to, value)
        else:
            record[to] = value
    for cell in view.cells:
        value = TO_UNIFIED[cell.row.by](cell.row, source, entity, conversion)
        if value is not None:
            _write(record, cell, value, conversion)
    words, place, member, own_members = AUTOMATIC
    if dig(record, place) in conversion.words[words].values():
        record[member] = own_members
    return record


def _source(resource: Resource, source: Record, version: Entity | None) -> Record:
    """Return the members of an entity with the content of its newest version."""
    review = resource.review
    if version is None or review is None:
        return source
    shown = source | copy_members(orjson.loads(version.body), review.shows)
    shown[review.member] = {**shown.get(review.member, {}), review.version: version.id}
    return shown


def _write(record: Record, cell: Cell, value: Any, conversion: ConversionContext) -> None:
    for path, member in cell.members:
        found = dig(value, path) if path else value
        shown = None if found is None else _CONVERSIONS[member.by](found, member, conversion)
        if shown is not None:
            put(record, member.to, shown)


def _products(found: Record, _: ExportMember, __: ConversionContext) -> list[Record]:
    pairs = [(found.get(f"{head}IdType"), found.get(f"{head}Id")) for head in _NAMES]
    return [{"productIdType": kind, "productId": own} for kind, own in pairs if own]


_NAMES = ("product", "resolvedProduct")


def _placements(found: list[Record], member: ExportMember, _: ConversionContext) -> list[Record]:
    return [
        {**row, "placement": member.value.get(row["placement"], row["placement"])} for row in found
    ]


_CONVERSIONS: dict[str, Callable[[Any, ExportMember, ConversionContext], Any]] = {
    "same": lambda found, *_: found,
    "date": lambda found, *_: found[:10],
    "text": lambda found, *_: as_text(found),
    "word": lambda found, member, conversion: conversion.words[member.value].get(found, found),
    "values": lambda found, member, _: member.value.get(found, found),
    "placements": _placements,
    "products": _products,
    "days": lambda found, *_: found.removeprefix("DAYS_"),
}
