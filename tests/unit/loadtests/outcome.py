"""Outcomes of rehearsals that were never run."""

from adsmock.harness.suite import case
from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.loadtests.counters import Counters
from adsmock.loadtests.reconciliation import Reconciliation
from adsmock.loadtests.report import Report
from adsmock.loadtests.series import series
from adsmock.loadtests.shape import shapes
from adsmock.loadtests.threshold import compare, thresholds
from adsmock.loadtests.verdict import MockLoad, Outcome, gaps, limits, measures

CALM = MockLoad(cpu=0.1, loop_lag=0.01)
SETTINGS = {
    "behavior": "well-behaved",
    "behavior_title": "shares tokens",
    "shape": "prime-day",
    "title": "a sales event",
    "duration": 60.0,
    "users": 60,
    "workers": 1,
    "seed": 1,
    "quotas": {"sp.write": {"rate": 4, "burst": 8}},
}


def outcome(accepted=200, throttled=0, failed=0, done=590, **members):
    """Sixty seconds of updates; work arrives every two seconds at each of two profiles."""
    counters = Counters()
    for times, status in ((accepted, 207), (throttled, 429), (failed, 503)):
        for number in range(times):
            counters.called(
                number % 60, ("NA", "EU")[number % 2], "sp.keywords.update", status, 12.0
            )
    counters.add("work", "optimizer", "arrived", times=600)
    counters.add("work", "optimizer", "done", times=done)
    for number in range(60):
        counters.add("window", "optimizer", str(number % 2), number // 2, times=10)
        counters.add("demand", number, "NA", times=10)
        counters.add("came", number, "optimizer", times=10)
        counters.add("wait", number, "NA", times=number)
    values = {
        "elapsed": 60.0,
        "duration": 60.0,
        "processes": [{"cpu": 0.2, "late": 0.01, "seen": 60.0}],
        "regions": ("NA", "EU", "FE"),
        "reconciliation": Reconciliation(0, 0, 600),
    }
    return Outcome(counters, **values | members)


def judged():
    """The cases of a peak over a journal in which nobody was seen."""
    names = ("M01", "M06")
    meta = RunMeta("load", "load:reference", None, "peak", 1, names, filtered=True)
    records = tuple(CaseRecord(name, 1, "monotonic", entries=0) for name in names)
    return judge_run(RunRecord(meta, records), case.load())


def report(seen, mock_load=CALM, bounds=None, judged=None):
    measured = measures(seen)
    return Report(
        SETTINGS,
        seen,
        mock_load,
        measured,
        limits(seen, mock_load, measured),
        compare(measured, bounds or thresholds()),
        gaps(seen),
        series(seen, shapes()["prime-day"]),
        judged,
    )
