"""The metrics of a brand in a category node on a date.

All numbers follow from the seed (assumed). Counts of a node are the sums of the nodes below it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from adsmock.mockserver.core import seeded_random

Path = tuple[str, ...]

_COUNTS: dict[str, str] = {
    "brandedSearchesOnly": "brandedSearches",
    "viewedDetailPageOnly": "viewedDetailPage",
    "brandedSearchesAndDetailPageViews": "brandedSearchesAndDetailPageViews",
    "addToCarts": "addToCarts",
    "brandCustomers": "brandCustomers",
    "highValueCustomers": "highValueCustomers",
}
"""The brand's own counts, and how the metrics of its category begin."""
_MEDIAN, _TOP = "CategoryMedian", "CategoryTopPerformers"
_SHARES = {
    "brandedSearchesOnly": 30,
    "brandedSearchesAndDetailPageViews": 12,
    "addToCarts": 20,
    "brandCustomers": 15,
    "highValueCustomers": 3,
}
"""Of 100 viewers of detail pages, roughly."""
_SUBSCRIBERS = "totalSnSCustomers"
_RATE_STEPS = (0, 5, 10, 20, 30, 40, 60, 80, 100)
"""The bounds between which an engagement rate is shown (documented: the values of the sample)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A category node: its path from the root, and the categories below it, or itself."""

    path: Path
    leaves: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The path as reports write it."""
        return "/Categories/" + "/".join(self.path)


def nodes_of(leaves: list[Path]) -> list[Node]:
    """Return the nodes over categories, each before those below it."""
    paths = dict.fromkeys(path[:depth] for path in leaves for depth in range(1, len(path) + 1))
    return [
        Node(path, tuple(leaf for leaf in leaves if leaf[: len(path)] == path))
        for path in sorted(paths)
    ]


def metrics_of(seed: tuple[object, ...], node: Node, day: date, weeks: int) -> dict[str, str]:
    """Return every metric as text, for a look-back period of this many weeks."""
    counts: Counter[str] = Counter()
    for leaf in node.leaves:
        counts.update(_counts(seed, leaf, day, weeks))
    views = counts["viewedDetailPageOnly"]
    place = (*seed, *node.path, day.toordinal(), weeks)
    found = {name: str(counts[name]) for name in (*_COUNTS, _SUBSCRIBERS)}
    for name, stem in _COUNTS.items():
        level = counts[name] + 1
        found[f"{stem}{_MEDIAN}"] = str(level * _percent(60, 160, *place, name) // 100)
        top = str(level * _percent(400, 900, *place, name, "top") // 100)
        found[f"{stem}{_TOP}"] = top
        returned = _percent(100, 1_500, *place, name, "return")
        found[f"{name}ReturnOnEngagement"] = _decimal(returned)
        found[f"{stem}ROE{_MEDIAN}"] = _decimal(returned * 4 // 5)
        found[f"{stem}ROE{_TOP}"] = _decimal(returned * 4)
    found["addToCartsCategoryPerformers"] = found[f"addToCarts{_TOP}"]
    found["customerConversionRate"] = f"{counts['brandCustomers'] / max(views, 1):.5f}"
    for name, least, most in (
        ("customerConversionRate", 8, 20),
        ("newToBrandCustomerRate", 60, 100),
    ):
        found.setdefault(name, _decimal(_percent(least, most, *place, name)))
        found[f"{name}{_MEDIAN}"] = _decimal(_percent(least, most, *place, name, "median"))
        found[f"{name}{_TOP}"] = _decimal(_percent(most, 2 * most, *place, name, "top"))
    for owner in ("", _MEDIAN, _TOP):
        at = seeded_random.integer(len(_RATE_STEPS) - 1, *place, "engaged", owner)
        found[f"engagedShopperRate{owner}LowerBound"] = str(_RATE_STEPS[at])
        found[f"engagedShopperRate{owner}UpperBound"] = str(_RATE_STEPS[at + 1])
    for name in ("awarenessIndex", "considerationIndex", "salesIndex"):
        found[name] = _decimal(_percent(0, 100, *place, name))
    return found


def _counts(seed: tuple[object, ...], leaf: Path, day: date, weeks: int) -> dict[str, int]:
    place = (*seed, *leaf, day.toordinal(), weeks)
    views = weeks * _percent(50, 700, *place, "views")
    counts = {
        name: views * share * _percent(50, 150, *place, name) // 10_000
        for name, share in _SHARES.items()
    }
    subscribers = counts["brandCustomers"] // 5
    return {"viewedDetailPageOnly": views, **counts, _SUBSCRIBERS: subscribers}


def _percent(least: int, most: int, *place: object) -> int:
    return least + seeded_random.integer(most - least, *place)


def _decimal(hundredths: int) -> str:
    return f"{hundredths / 100:g}"
