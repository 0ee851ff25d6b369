"""The charts of a rehearsal show what was counted, on scales that can be compared."""

from adsmock.loadtests.figures import charts
from adsmock.loadtests.series import series
from adsmock.loadtests.shape import Phase, Shape, shapes
from tests.unit.loadtests.event import SECONDS, event
from tests.unit.loadtests.outcome import outcome, report


def found(shown):
    return {chart.id: chart for chart in charts(shown.series)}


def lines(chart, view=0):
    return {line.name: line for line in chart.views[view].lines}


def test_every_region_has_calls_and_quotas_then_times_and_work():
    assert list(found(event())) == [
        *("load-na", "quota-na", "load-eu", "quota-eu", "load-fe", "quota-fe"),
        *("times", "queue"),
    ]


def test_regions_share_one_scale_and_name_their_own_phases():
    drawn = found(report(outcome()))
    assert len({drawn[f"load-{region}"].views[0].top for region in ("na", "eu", "fe")}) == 1
    assert [band.name for band in drawn["load-eu"].bands] == [
        *("lead-up", "opening", "hot hours", "tail")
    ]


def test_the_quota_that_refused_most_is_shown_first_with_its_ceiling():
    quota = found(event())["quota-na"]
    assert [view.name for view in quota.views] == ["sp.write", "sp.read"]
    ceiling = lines(quota)["ceiling"]
    assert ceiling.kind == "limit"
    assert ceiling.values[:34] == (4.0,) * 34
    assert ceiling.values[34:41] == (4.0 * 0.3,) * 7
    assert set(ceiling.values[41:110]) == {4.0 * 0.8}
    assert quota.views[0].top >= max(ceiling.values)


def test_faults_are_named_bands_of_the_regions_that_they_reach():
    drawn = found(event())
    named = {
        region: [
            (band.kind, band.name, band.begin, band.end)
            for band in drawn[f"load-{region}"].bands
            if band.kind != "phase"
        ]
        for region in ("na", "eu", "fe")
    }
    everywhere = ("fault", "bad-gzip, 50%", 0.0, 120.0)
    assert named == {
        "na": [("fault", "status 503, 2%", 34.0, 41.0), everywhere],
        "eu": [("fault", "400 ms slower", 48.0, 54.0), everywhere],
        "fe": [("outage", "outage", 77.0, 79.0), everywhere],
    }
    assert drawn["load-fe"].bands[-2].detail == "77.0 to 79.0 s, rule prime-day.dark"


def test_the_axis_has_seconds_and_hours_of_the_event():
    axis = found(event())["times"].axis
    assert (axis.end, axis.event) == (SECONDS, 76)
    assert (axis.label(60.0), axis.hour(60.0)) == ("60 s", "38.0")


def test_a_table_has_the_rows_of_its_chart():
    chart = found(event())["quota-na"]
    assert chart.columns == ["second", "hour of the event"]
    rows = chart.rows(chart.views[0])
    assert len(rows) == SECONDS
    assert rows[36][:2] == ["36", "22.8"]
    assert rows[36][5] == "1.2"


def test_three_percentiles_are_lines_and_waiting_work_has_one_for_each_region():
    drawn = found(event())
    assert list(lines(drawn["times"])) == ["p50", "p95", "p99"]
    assert lines(drawn["times"])["p99"].values[50] > lines(drawn["times"])["p99"].values[60]
    assert list(lines(drawn["queue"])) == [
        *("North America", "Europe", "Far East", "exports and reports in progress")
    ]


def test_summaries_have_numbers_for_those_who_cannot_see_the_chart():
    drawn = found(event())
    assert drawn["load-na"].views[0].summary == (
        "North America: calls: 354 accepted, 120 throttled, 18 failed; "
        "at most 19 per second, at second 35."
    )
    assert "the ceiling is 1.2 to 4 per second" in drawn["quota-na"].views[0].summary


def test_phases_of_one_name_are_one_band_and_minutes_have_no_hours():
    rows = [("09:59 UTC", 0.0, 0.1), ("10:00 UTC", 0.1, 0.2), ("10:00 UTC", 0.2, 0.3)]
    parts = tuple(
        Phase(name, (region,), begin, end, 0.5, 0.5)
        for region in ("NA", "EU")
        for name, begin, end in rows
    )
    course = series(outcome(), Shape("plan", "a peak", 0.3, parts))
    spans = [(each.name, round(each.begin), round(each.end)) for each in course.phases]
    assert spans == [("09:59 UTC", 0, 20), ("10:00 UTC", 20, 60)]
    assert {chart.axis.event for chart in charts(course)} == {0.0}
    assert charts(series(outcome(), shapes()["prime-day"]))[0].axis.event > 70
