"""The table shows the same numbers of both runs, and a dash for what a run cannot know."""

from adsmock.loadtests.comparison import NUMBERS, compare, lines
from tests.unit.loadtests.outcome import outcome, report


def test_both_runs_stand_side_by_side():
    rows = compare(report(outcome(accepted=150, throttled=50)), report(outcome(accepted=60)))
    found = {row.name: (row.ours, row.reference) for row in rows}
    assert found["calls"] == ("200", "60")
    assert found["throttled calls"] == ("25.0%", "0.0%")
    assert found["work items done"] == ("590 of 600", "590 of 600")
    assert len(found) == len(NUMBERS)
    text = list(lines(rows, "your program"))
    assert text[0].split() == ["your", "program", "reference", "client"]


def test_a_program_with_its_own_work_has_no_work_items():
    own = report(outcome(audited=40, died=0))
    rows = {row.name: row.ours for row in compare(own, report(outcome()))}
    assert rows["work items done"] == rows["lost writes"] == "-"
    assert rows["calls by the minimum"] == "5"
