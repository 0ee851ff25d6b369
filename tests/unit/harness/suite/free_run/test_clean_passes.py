"""The two passes without faults: how far apart they start, and the lines about what follows."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.free_run import clean_passes, rounds
from adsmock.harness.suite.free_run.limits import Limits
from adsmock.harness.suite.free_run.placement import alone
from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.free_run.traffic_samples import everything, played

LACKING = CaseRecord("A", 1, "monotonic", entries=0, lacks="no opportunity: nothing is read")
JUDGED = CaseRecord("B", 1, "monotonic", entries=1)


def test_second_pass_starts_in_a_later_second_than_the_first(monkeypatch):
    pauses, started = [], []

    def play(_stage, _case, name):
        started.append((name, list(pauses)))
        return played()

    monkeypatch.setattr(clean_passes, "play", play)
    limits = Limits(60.0, lambda: 0.0, pauses.append)

    found = clean_passes.play_clean(None, load()["T01"], limits, print)

    assert len(found) == 2
    assert sum(pauses) >= 1.0
    assert dict(started)["repeated"] == pauses


def running(*records, said=None):
    run = rounds.Run(None, Limits(60.0, lambda: 0.0, print), said, played(), everything(), (), 1.0)
    run.records = {record.case: record for record in records}
    return run


@pytest.mark.parametrize(
    ("records", "total", "line"),
    [
        ([], 1, "1 case: 1 in rounds with faults"),
        ([JUDGED], 2, "2 cases: 1 judged on these passes, 1 in rounds with faults"),
        ([JUDGED, LACKING], 2, "2 cases: 1 judged on these passes, 1 without an opportunity"),
    ],
)
def test_line_says_where_the_cases_are_judged(records, total, line):
    assert rounds._decided(running(*records), total) == line


@pytest.mark.parametrize(
    ("number", "line"),
    [(1, "1 round with faults; about"), (4, "4 rounds with faults, at most 3 at a time; about")],
)
def test_line_says_how_many_rounds_run_at_a_time(monkeypatch, number, line):
    said = []
    monkeypatch.setattr(rounds, "_play_round", lambda *_: None)

    one = alone(load()["T01"], everything())
    rounds._play_all(running(said=said.append), [one] * number, "round", print)

    assert said[0].startswith(line)
