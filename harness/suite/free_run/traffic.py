"""What a program calls in a pass without faults, as places where faults can be put."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adsmock.harness.suite.checks.paging import next_token
from adsmock.harness.suite.free_run.achievement import STORAGE
from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch

REPORTS, EXPORTS = "/[!A-Z]*", "/[A-Z]*"
"""Paths of files: those of exports begin with the kind in capitals, those of reports do not."""


PROFILES = "profiles.list"
"""The operation whose calls are apart by region, since they name no profile."""

TOKEN = "nextToken"
"""The member of a list's request that asks for the next page."""


@dataclass(frozen=True, slots=True)
class Slot:
    """All calls of one operation for one profile, which one case at a time may use.

    ``calls`` counts the different calls, so that repeated polls of one job count once. ``path`` is
    set for downloads only, whose ``region`` is empty: files of all regions are one slot. ``items``
    is the size of the first batch, 0 without one. ``tokens`` counts the calls with a page token,
    ``continued`` has the places of the pages whose token a later call sent, from 0.
    """

    operation: str
    profile: str
    profile_id: str
    region: str
    path: str
    calls: int
    items: int = 0
    tokens: int = 0
    continued: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """Return the class of the operation, in which one resource can replace another."""
        return kind_of(self.operation)


@dataclass(frozen=True, slots=True)
class Traffic:
    """The slots of a program, and facts about how it works."""

    slots: tuple[Slot, ...]
    concurrent: int
    has_tree: bool

    @property
    def operations(self) -> frozenset[str]:
        """Return the operations that were called."""
        return frozenset(slot.operation for slot in self.slots)

    @property
    def regions(self) -> frozenset[str]:
        """Return the regions that were called."""
        return frozenset(slot.region for slot in self.slots if slot.region)

    @property
    def profiles(self) -> tuple[str, ...]:
        """Return the labels of the profiles that were used."""
        return tuple(dict.fromkeys(slot.profile for slot in self.slots if slot.profile))

    def of_kind(self, kind: str) -> tuple[Slot, ...]:
        """Return the slots of one class of operation."""
        return tuple(slot for slot in self.slots if slot.kind == kind)


def kind_of(operation: str) -> str:
    """Return the class of an operation: ``list`` for ``sp.campaigns.list``, else more exact."""
    family, _, verb = operation.rpartition(".")
    if family.startswith("sp."):
        return verb
    return f"exports.{verb}" if family.startswith("exports") else operation


def observe(played: Pass) -> Traffic:
    """Return the traffic of one pass."""
    view = CaseView.of(played.record)
    groups: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in view.calls:
        label = played.names.get(entry.profile_id or "", "")
        region = str(entry.region) if entry.operation == PROFILES else ""
        groups.setdefault((entry.operation, label, _path(entry), region), []).append(entry)
    slots = tuple(
        Slot(
            operation,
            label,
            entries[0].profile_id or "",
            "" if operation == STORAGE else entries[0].region or "",
            path,
            len({entry.chain for entry in entries}),
            len(sent.items) if (sent := batch(entries[0])) else 0,
            len({entry.chain for entry in entries if _has_token(entry)}),
            _continued(entries),
        )
        for (operation, label, path, _), entries in groups.items()
        if operation
    )
    return Traffic(slots, _concurrent(view.calls), _has_tree(view))


def _has_token(entry: Entry) -> bool:
    return isinstance(entry.request, dict) and TOKEN in entry.request


def _continued(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the places of the pages whose token a later call sent: of equal pages, the last."""
    given: dict[str, int] = {}
    found: set[int] = set()
    for place, entry in enumerate(entries):
        sent = str(entry.request[TOKEN]) if _has_token(entry) else ""
        if sent in given:
            found.add(given[sent])
        if token := next_token(entry):
            given[token] = place
    return tuple(sorted(found))


def _path(entry: Entry) -> str:
    if entry.operation != STORAGE:
        return ""
    return EXPORTS if entry.path[1:2].isupper() else REPORTS


def _concurrent(entries: Iterable[Entry]) -> int:
    """Return the largest number of calls that were in progress at once."""
    moments = [(entry.arrive, 1) for entry in entries] + [(entry.send, -1) for entry in entries]
    now = most = 0
    for _, step in sorted(moments):
        now += step
        most = max(most, now)
    return most


def _has_tree(view: CaseView) -> bool:
    """Say whether campaigns were created, and entities below those campaigns only."""
    made: set[str] = set()
    parents: set[str] = set()
    for entry in view.of_verb("create"):
        sent = batch(entry)
        for index, success in sent.success.items() if sent else ():
            if entry.operation == "sp.campaigns.create":
                made.add(str(success.get("campaignId")))
            elif sent and "campaignId" in sent.items[index]:
                parents.add(str(sent.items[index]["campaignId"]))
    return bool(parents) and parents <= made
