"""A whole event that was never run: three regions, ceilings that fall, faults, waiting work."""

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.injected import Moment, injected
from adsmock.loadtests.reconciliation import Reconciliation
from adsmock.loadtests.report import Report
from adsmock.loadtests.series import series
from adsmock.loadtests.shape import quotas, shapes
from adsmock.loadtests.threshold import compare, thresholds
from adsmock.loadtests.verdict import Outcome, gaps, limits, measures
from tests.unit.loadtests.outcome import CALM, SETTINGS

SECONDS = 120

FAULTS = {
    "faults": [
        {
            "id": "prime-day.dark",
            "match": {"region": ["FE"]},
            "when": {"probability": 1.0, "from": "+PT77S", "until": "+PT79S", "lasts": None},
            "effect": {"kind": "outage"},
        },
        {
            "id": "prime-day.unavailable-na",
            "match": {"region": ["NA"], "operation": ["sp.*"]},
            "when": {"probability": 0.02, "from": "+PT34S", "until": "+PT41S", "lasts": None},
            "effect": {"kind": "http", "status": 503, "dialect": "gateway"},
        },
        {
            "id": "prime-day.slow",
            "match": {"region": "EU"},
            "when": {"probability": 1.0, "from": "+PT48S", "until": None, "lasts": "PT6S"},
            "effect": {"kind": "latency", "latencyMs": 400},
        },
        {
            "id": "ours",
            "match": {},
            "when": {"probability": 0.5, "from": None, "until": None, "lasts": None},
            "effect": {"kind": "bad-gzip"},
        },
    ]
}
THROTTLE = {
    "loadWindows": [
        {
            "region": region,
            "from": f"2026-11-30T12:{begin // 60:02d}:{begin % 60:02d}.000Z",
            "until": f"2026-11-30T12:{end // 60:02d}:{end % 60:02d}.000Z",
            "share": share,
            "waiting": waiting,
        }
        for region, begin, end, share, waiting in (
            ("FE", 9, 15, 0.3, 240),
            ("EU", 20, 26, 0.3, 240),
            ("NA", 34, 41, 0.3, 240),
            ("NA", 41, 110, 0.8, 60),
        )
    ]
}
START = Moment(began=1_796_040_000.0, played=0.0)  # 2026-11-30T12:00:00Z


def planned():
    return injected(FAULTS, THROTTLE, START, float(SECONDS))


def counted(shape):
    """Return the counts of an integration that gets what the quotas allow."""
    counters = Counters()
    behind = dict.fromkeys(shape.regions, 0)
    for second in range(SECONDS):
        for region in shape.regions:
            level = shape.level(region, second / SECONDS)
            asked, ceiling = round(9 * level), 4 if level < 0.65 else 2
            accepted = min(asked, ceiling)
            is_dark = region == "FE" and 77 <= second < 79
            for number in range(accepted):
                status = 503 if is_dark or (number == 1 and second % 5 == 0) else 207
                took = (40 + 9 * number) * (6 if region == "EU" and 48 <= second < 54 else 1)
                counters.called(second, region, "sp.keywords.update", status, float(took))
            for _each in range((asked - accepted) * 2):
                counters.called(second, region, "sp.keywords.update", 429, 3.0)
            for _each in range(asked // 3):
                counters.called(second, region, "sp.campaigns.list", 200, 30.0)
            behind[region] = max(0, behind[region] + asked - ceiling)
            counters.add("wait", second, region, times=behind[region])
            counters.add("jobs", second, region, times=second % 4)
    counters.add("work", "optimizer", "arrived", times=900)
    counters.add("work", "optimizer", "done", times=860)
    for number in range(SECONDS // 2):
        counters.add("window", "optimizer", str(number % 2), number // 2, times=10)
    return counters


def event():
    """Return the report of the event."""
    shape = shapes()["prime-day"]
    settings = SETTINGS | {"duration": float(SECONDS), "quotas": quotas()}
    seen = Outcome(
        counters=counted(shape),
        elapsed=float(SECONDS),
        duration=float(SECONDS),
        processes=[{"cpu": 0.2, "late": 0.01, "seen": float(SECONDS)}],
        regions=shape.regions,
        reconciliation=Reconciliation(0, 0, 600),
    )
    measured = measures(seen)
    return Report(
        settings,
        seen,
        CALM,
        measured,
        limits(seen, CALM, measured),
        compare(measured, thresholds()),
        gaps(seen),
        series(seen, shape, settings["quotas"], planned()),
    )
