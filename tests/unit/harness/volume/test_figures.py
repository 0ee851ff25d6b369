"""The charts of an estimate add up to its numbers, and the tightest quota comes first."""

import json
from pathlib import Path

import pytest

from adsmock.charts.chart import data
from adsmock.contracts.loader import load
from adsmock.harness.config_file import read
from adsmock.harness.volume import document, html_page
from adsmock.harness.volume.estimate import estimate
from adsmock.harness.volume.figures import charts
from adsmock.harness.volume.plan import parse_plan


@pytest.fixture(scope="module")
def found():
    plan = parse_plan(read(Path("harness/volume/plans/agency.toml"), "plan").values)
    return document.of_estimate(estimate(plan, load()))


@pytest.fixture(scope="module")
def drawn(found):
    return {chart.id: chart for chart in charts(found)}


def test_each_region_has_calls_now_and_later_and_its_quotas(drawn):
    assert list(drawn) == [
        *("calls-eu-demand", "calls-eu-optimized", "quota-eu"),
        *("calls-na-demand", "calls-na-optimized", "quota-na"),
    ]


@pytest.mark.parametrize("stage", ["demand", "optimized"])
def test_calls_add_up_to_the_calls_of_the_day(found, drawn, stage):
    total = sum(
        sum(line.values)
        for region in ("eu", "na")
        for line in drawn[f"calls-{region}-{stage}"].views[0].lines
    )
    assert total == pytest.approx(found[stage]["calls"], rel=0.001)


def test_now_and_later_share_one_scale(drawn):
    now, later = (drawn[f"calls-na-{stage}"].views[0] for stage in ("demand", "optimized"))
    assert now.top == later.top
    assert [line.name for line in now.lines] == [line.name for line in later.lines]


def test_the_tightest_quota_comes_first_and_its_highest_step_is_its_peak(found, drawn):
    fits = [fit for fit in found["demand"]["fits"] if fit["region"] == "NA"]
    tightest = max(fits, key=lambda fit: fit["share"])
    view = drawn["quota-na"].views[0]
    lines = {line.name: line for line in view.lines}
    assert view.name == tightest["quota"]
    assert max(lines["now"].values) == tightest["peak"]
    assert set(lines["quota"].values) == {tightest["rate"]}
    assert lines["80% of it"].values[0] == tightest["rate"] * 0.8
    hour, minute = map(int, tightest["at"].split(":"))
    assert lines["now"].values[hour * 4 + minute // 15] == tightest["peak"]


def test_page_opens_offline_and_says_which_quotas_are_assumed(found):
    page = html_page.render(found)
    assert page.count("<script") == 2
    assert data(charts(found)) in page
    assert " style=" not in page.partition("<script")[0]
    assert "The plan states no rate for exports.create" in page
    rows = page[page.index('id="demand"') : page.index("Over the day")]
    assert rows.index("NA reporting.get") < rows.index("EU lwa")


def test_names_in_the_data_of_charts_cannot_end_the_script(found):
    named = json.loads(json.dumps(found).replace('"NA"', '"</script><b>"'))
    assert html_page.render(named).count("<script") == 2
