"""The use of each quota over time, and its ceiling, which falls while other clients use a part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adsmock.contracts.loader import load
from adsmock.loadtests.counters import OUTCOMES, Counters
from adsmock.loadtests.injected import Injected
from adsmock.mockserver.core.load_window import LoadWindow, Tier, share_of, tier_of, waiting_of

CEILING = "ceiling"

Rates = Mapping[str, Mapping[str, float]]
Curves = dict[str, list[float]]


def quota_use(
    counters: Counters, quotas: Rates, injected: Injected, *, width: int, steps: int
) -> dict[str, dict[str, Curves]]:
    """Return the curves by region and quota class: outcomes and ceiling, as weight per second.

    A call counts with its documented weight. Classes that nobody called are absent. Jobs of the
    program itself do not lower the ceilings here, although they lower the mock's.
    """
    contracts = load()
    found: dict[str, dict[str, Curves]] = {}
    for (second, region, name, outcome), times in counters.of("call"):
        operation = contracts.operations.get(str(name))
        if operation is None:
            continue
        classes = found.setdefault(str(region), {})
        curves = classes.setdefault(
            operation.quota, {each: [0.0] * steps for each in (*OUTCOMES, CEILING)}
        )
        step = min(int(second) // width, steps - 1)
        curves[str(outcome)][step] += times * operation.weight / width
    middles = [(step + 0.5) * width for step in range(steps)]
    for region, classes in found.items():
        for name, curves in classes.items():
            rate = quotas[name]["rate"] if name in quotas else contracts.quotas[name].rate
            curves[CEILING] = [
                rate * _share(name, region, at, injected.load_windows) for at in middles
            ]
    return {region: dict(sorted(found[region].items())) for region in sorted(found)}


def _share(name: str, region: str, at: float, windows: Iterable[LoadWindow]) -> float:
    """Return the part of a quota that others leave."""
    tiers = [Tier(each.jobs, each.share) for each in load().quotas[name].tiers]
    windows = tuple(windows)
    return share_of(windows, region, at) * tier_of(tiers, waiting_of(windows, region, at))
