"""Mutants: handling of values."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.api import Contract
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.update import Updater
from adsmock.harness.client.writer import Writer
from adsmock.harness.mutants.mutant import Mutant


class _FloatIdUpdater(Updater):
    """Converts ids to floating-point numbers and back."""

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        wire = super().typed(contract, item)
        for name, kind in contract.id_types.items():
            if kind == "id" and name in wire:
                wire[name] = str(int(float(wire[name])))
        return wire


class FloatIds(AdsClient):
    """Reads ids as floating-point numbers."""

    updater_class = _FloatIdUpdater


class _TextIdUpdater(Updater):
    """Sends ids in the type that the caller passed."""

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        del contract
        return dict(item)


class TextIds(AdsClient):
    """Writes every id as text."""

    updater_class = _TextIdUpdater


class _FloatMoneyUpdater(Updater):
    """Adds amounts as floating-point numbers."""

    def add(self, value: float, amount: float) -> float:
        return value + amount


class FloatMoney(AdsClient):
    """Adds amounts as floating-point numbers."""

    updater_class = _FloatMoneyUpdater


class _CentUpdater(Updater):
    """Assumes that every currency has cents."""

    def add(self, value: float, amount: float) -> float:
        total = super().add(value, amount)
        return total - 0.01 if isinstance(total, int) else total


class YenCents(AdsClient):
    """Sets amounts one cent below a whole number, in yen too."""

    updater_class = _CentUpdater


class _EscapingWriter(Writer):
    """Escapes names for HTML."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        return super().write(verb, resource, profile, [_escaped(item) for item in items])


def _escaped(item: Any) -> Any:
    if not isinstance(item, dict) or "name" not in item:
        return item
    escaped = html.escape(item["name"]).encode("ascii", "xmlcharrefreplace").decode()
    return {**item, "name": escaped}


class EscapedNames(AdsClient):
    """Escapes names for HTML before they are sent."""

    writer_class = _EscapingWriter


class _NullUpdater(Updater):
    """Sends null for members of a campaign that an update does not name."""

    def update(
        self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        filled = [{"portfolioId": None, "endDate": None, **item} for item in items]
        chosen = filled if resource == "sp.campaigns" else items
        return super().update(resource, profile, chosen)

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in item.items() if value is not None}
        return {**item, **super().typed(contract, known)}


class NullMembers(AdsClient):
    """Sends null for the members of a campaign that an update does not name."""

    updater_class = _NullUpdater


MUTANTS = (
    Mutant("float-ids", "reads ids as floating-point numbers", ("D01.digits",), FloatIds),
    Mutant("text-ids", "writes every id as text", ("D02.types",), TextIds),
    Mutant("float-money", "adds amounts as floating-point numbers", ("D03.amounts",), FloatMoney),
    Mutant(
        "yen-cents",
        "sets amounts a cent below a whole number, in yen too",
        ("D03.amounts",),
        YenCents,
    ),
    Mutant(
        "escaped-names", "escapes names for HTML before they are sent", ("D04.texts",), EscapedNames
    ),
    Mutant(
        "null-members",
        "sends null for the members that an update does not name",
        ("D05.members",),
        NullMembers,
    ),
)
