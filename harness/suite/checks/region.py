"""Checks of where a call goes.

Source: API overview, each region has its own host and its own data; documented.
"""

from __future__ import annotations

from collections import Counter

from harness.suite.checks.finding import Finding, broken, counted, holds, row, unproven
from harness.suite.journal import CaseView


def profiles_stay_in_their_region(view: CaseView) -> Finding:
    """Hold when every call for a profile arrived at the host of its own region."""
    scoped = [entry for entry in view.api if entry.profile_id in view.region_of]
    home = view.region_of
    astray = [entry for entry in scoped if entry.region != home[str(entry.profile_id)]]
    calls = dict(sorted(Counter(str(entry.region) for entry in scoped).items()))
    if astray:
        first = astray[0]
        return broken(
            f"{len(astray)} of {counted(len(scoped), 'call')} went to a foreign region; call "
            f"{first.seq} for a profile of {home[str(first.profile_id)]} went to {first.region}",
            [
                row(entry, f"profile of {home[str(entry.profile_id)]} asked for at {entry.region}")
                for entry in astray
            ],
            calls=calls,
            astray=len(astray),
        )
    if not scoped:
        return unproven("no call named a profile of this sandbox")
    where = ", ".join(f"{region} {count}" for region, count in calls.items())
    return holds(f"all {counted(len(scoped), 'call')} went home: {where}", calls=calls, astray=0)


JUDGES = (profiles_stay_in_their_region,)
