"""Names of the profiles of a sandbox, equal in every sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def labels(profiles: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return a name for each profile id that is equal in every sandbox, such as ``NA.US``."""
    found: dict[str, str] = {}
    seen = Counter[str]()
    for row in profiles:
        name = f"{row['region']}.{row['countryCode']}"
        seen[name] += 1
        found[str(row["profileId"])] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return found
