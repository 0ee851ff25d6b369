"""Changes that were made and then changed again: lost work, but not work that was never done."""

from __future__ import annotations

import json
from typing import Any

from adsmock.harness.suite.checks.data import id_of, sent
from adsmock.harness.suite.journal import CaseView, Work
from adsmock.harness.suite.journal.item import batch

Updates = dict[tuple[str, str], list[dict[str, Any]]]
"""The items of stored updates in order, by operation and id of the entity."""


def committed_updates(view: CaseView) -> Updates:
    """Return the items that updates stored; an item with an error in its 207 was not."""
    found: Updates = {}
    for entry, contract, item in sent(view, "update"):
        made = batch(entry)
        refused = made.error if made else {}
        if entry.committed and not any(made.items[n] is item for n in refused if made):
            found.setdefault((entry.operation, id_of(contract, item)), []).append(item)
    return found


def changed_again(work: Work, updates: Updates) -> str:
    """Return the later values of a change that an update had stored, empty for any other work."""
    entity, _, values = work.name.partition(" ")
    items = updates.get((work.operation, entity), []) if work.kind == "changed" else []
    if not items:
        return ""
    wanted = json.loads(values)
    stored = [{name: item.get(name) for name in wanted} for item in items]
    is_overwritten = wanted in stored and stored[-1] != wanted
    return json.dumps(stored[-1], sort_keys=True).replace('"', "'") if is_overwritten else ""
