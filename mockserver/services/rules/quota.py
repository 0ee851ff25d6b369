"""Entity limits: how many live entities an account or a parent may hold.

Knows counts. Must not know any resource by name.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.entry import Limit
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.rules.site import Site
from adsmock.mockserver.services.scene import Candidate, Check, Item, Scene, with_look

UNLIMITED = "unlimited"
"""The choice of a sandbox (``entityLimits``) under which nothing is counted: load tests."""


def within_limit(limit: Limit, site: Site, parent_noun: str) -> Check:
    """Return the check that one more live entity fits."""
    name = site.contract.name
    number = limit.parent

    def check(candidate: Candidate, scene: Scene) -> Failure | None:
        table = scene.table(name)
        if len(table) < limit.maximum:
            return None  # what nearly every create comes to, and needs no counting
        if number is None:
            count = table.live
        else:
            count = table.live_children.get((number, candidate.parents[number].id), 0)
        if count < limit.maximum or scene.sandbox.choices.get("entityLimits") == UNLIMITED:
            return None
        return site.refuse(
            candidate.index,
            "entityQuotaError",
            "NON_ARCHIVED_QUOTA_EXCEEDED",
            extra={
                "entityType": site.contract.entity_type,
                "quota": str(limit.maximum),
                "quotaScope": "ACCOUNT" if number is None else "PARENT_ENTITY",
            },
            scope=parent_noun,
        )

    def look(items: list[Item], scene: Scene) -> bool:
        is_room = len(scene.table(name)) + len(items) <= limit.maximum
        return is_room or scene.sandbox.choices.get("entityLimits") == UNLIMITED

    return with_look(check, look)
