"""Valid items of the resources that the check creates, from ``items.toml`` in this folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

PAUSE: Mapping[str, Any] = {"state": "PAUSED"}


@dataclass(frozen=True, slots=True)
class ItemTemplate:
    """An item without its parents: ``{n}`` in a text is replaced by a number.

    ``parents`` gives the resource of each parent by the member that names it, ``change`` an update,
    ``keep`` the members that an update must repeat. ``created_as`` is the resource of the create,
    empty for the same one. ``is_alone``: its last parent has no second entity of this kind.
    """

    item: Mapping[str, Any]
    parents: Mapping[str, str] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=lambda: PAUSE)
    keep: tuple[str, ...] = ()
    created_as: str = ""
    is_alone: bool = False

    def numbered(self, number: int) -> dict[str, Any]:
        """Return a new item, without its parents."""
        return dict(_numbered(self.item, number))

    def changed(self, number: int) -> dict[str, Any]:
        """Return the members of an update."""
        return dict(_numbered(self.change, number))


@cache
def templates() -> Mapping[str, ItemTemplate]:
    """Return the templates by resource; a name with a space is the parent of one."""
    path = resources.files(__package__) / "items.toml"
    rows = tomllib.loads(path.read_text("utf-8"))
    return {name: ItemTemplate(**row) for name, row in rows.items()}


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, list):
        return [_numbered(each, number) for each in value]
    if isinstance(value, dict):
        return {key: _numbered(each, number) for key, each in value.items()}
    return value
