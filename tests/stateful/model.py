"""What a sandbox should do, as plain dictionaries: the oracle of the state machine.

Each method answers with the word of the outcome, ``ok`` or a kind of item error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass
class Shop:
    """One profile: campaigns, ad groups and automatic targets by id."""

    may_repeat_names: bool
    campaigns: dict[str, Row] = field(default_factory=dict)
    groups: dict[str, Row] = field(default_factory=dict)
    targets: int = 0

    def judge_campaign(self, name: str, own: str = "") -> str:
        taken = any(
            row["name"] == name and row["state"] != "ARCHIVED" and found != own
            for found, row in self.campaigns.items()
        )
        return "duplicateValueError" if taken and not self.may_repeat_names else "ok"

    def judge_group(self, parent: str, name: str, own: str = "") -> str:
        if self.campaigns.get(parent, {"state": "ARCHIVED"})["state"] == "ARCHIVED":
            return "parentEntityError"
        taken = any(
            (row["campaignId"], row["name"]) == (parent, name)
            and row["state"] != "ARCHIVED"
            and found != own
            for found, row in self.groups.items()
        )
        return "duplicateValueError" if taken else "ok"

    def judge_campaign_update(self, found: str, changes: Row) -> str:
        return _open(self.campaigns, found) or self.judge_campaign(
            changes.get("name", self.campaigns[found]["name"]), found
        )

    def judge_group_update(self, found: str, changes: Row) -> str:
        refused = _open(self.groups, found)
        if refused:
            return refused
        row = self.groups[found]
        if self.campaigns[row["campaignId"]]["state"] == "ARCHIVED":
            return "entityStateError"
        return self.judge_group(row["campaignId"], changes.get("name", row["name"]), found)

    def judge_archive(self, table: str, found: str) -> str:
        return _open(getattr(self, table), found) or "ok"

    def add_group(self, found: str, row: Row) -> None:
        self.groups[found] = row
        if self.campaigns[row["campaignId"]]["targetingType"] == "AUTO":
            self.targets += 4


def _open(table: dict[str, Row], found: str) -> str:
    if found not in table:
        return "entityNotFoundError"
    return "entityStateError" if table[found]["state"] == "ARCHIVED" else ""
