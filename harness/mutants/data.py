"""Clients that are wrong in what they make of values."""

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


class _RoundingChanger(Updater):
    """Keeps ids as binary doubles."""

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        wire = super().typed(contract, item)
        for name, kind in contract.id_types.items():
            if kind == "id" and name in wire:
                wire[name] = str(int(float(wire[name])))
        return wire


class FloatIds(AdsClient):
    """Reads ids as floating point numbers."""

    updater_class = _RoundingChanger


class _UntypedChanger(Updater):
    """Sends ids as it got them."""

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        del contract
        return dict(item)


class TextIds(AdsClient):
    """Writes every id as text."""

    updater_class = _UntypedChanger


class _BinaryChanger(Updater):
    """Reckons money in binary."""

    def add(self, value: float, amount: float) -> float:
        return value + amount


class FloatMoney(AdsClient):
    """Adds amounts as floating point numbers."""

    updater_class = _BinaryChanger


class _CentChanger(Updater):
    """Thinks that every currency has cents."""

    def add(self, value: float, amount: float) -> float:
        total = super().add(value, amount)
        return total - 0.01 if isinstance(total, int) else total


class YenCents(AdsClient):
    """Prices one cent below a whole amount, in yen too."""

    updater_class = _CentChanger


class _EscapingWriter(Writer):
    """Writes names as if for a web page of 1996."""

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        return super().write(verb, resource, profile, [_escaped(item) for item in items])


def _escaped(item: Any) -> Any:
    if not isinstance(item, dict) or "name" not in item:
        return item
    folded = html.escape(item["name"]).encode("ascii", "xmlcharrefreplace").decode()
    return {**item, "name": folded}


class EscapedNames(AdsClient):
    """Escapes names on their way to JSON."""

    writer_class = _EscapingWriter


class _FillingChanger(Updater):
    """Sends a whole campaign, empty where it knows nothing."""

    def update(
        self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        whole = [{"portfolioId": None, "endDate": None, **item} for item in items]
        chosen = whole if resource == "sp.campaigns" else items
        return super().update(resource, profile, chosen)

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in item.items() if value is not None}
        return {**item, **super().typed(contract, known)}


class NullMembers(AdsClient):
    """Sends null for the members of a campaign that an update does not name."""

    updater_class = _FillingChanger


MUTANTS = (
    Mutant("float-ids", "reads ids as floating point numbers", ("D01.digits",), FloatIds),
    Mutant("text-ids", "writes every id as text", ("D02.types",), TextIds),
    Mutant("float-money", "adds amounts as floating point numbers", ("D03.amounts",), FloatMoney),
    Mutant(
        "yen-cents", "prices a cent below whole amounts, in yen too", ("D03.amounts",), YenCents
    ),
    Mutant("escaped-names", "escapes names on their way to JSON", ("D04.texts",), EscapedNames),
    Mutant(
        "null-members",
        "sends null for the members that an update does not name",
        ("D05.members",),
        NullMembers,
    ),
)
