"""A partner's plan as the work of an event: its runs, its peak, and whether that fits."""

import tomllib

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.command.estimate import plan_named
from adsmock.harness.volume.estimate import estimate
from adsmock.harness.volume.plan import MINUTES, parse_plan
from adsmock.loadtests import planned_work as module
from adsmock.loadtests.limit_search import search
from adsmock.loadtests.plan import document, parse
from adsmock.loadtests.planned_work import plan_fit, planned_work, quotas_of, with_rates
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.work_queue import Target
from tests.unit.loadtests.fixtures import ManualClock, NoChance, plan

TEXT = """
name = "ours"
quotas = {"sp.write" = 1}
[[advertisers]]
name = "us"
region = "NA"
timezone = "UTC"
count = 60
campaigns = 20
keywords = 1000
targets = 200
[[advertisers]]
name = "de"
region = "EU"
timezone = "UTC"
count = 2
campaigns = 5
[[work]]
feature = "bids"
at = ["10:00"]
spread = "10m"
share = 0.5
changed = 0.5
event = 2
advertisers = ["us"]
[[work]]
feature = "launch"
at = ["12:00"]
campaigns = 3
advertisers = ["de"]
[[work]]
feature = "reports"
at = ["05:00"]
types = ["spCampaigns", "spTargeting"]
advertisers = ["de"]
"""


@pytest.fixture
def ours():
    return parse_plan(tomllib.loads(TEXT))


def by_work(work):
    return {(each.work, each.role): each for each in work.arrivals}


def test_a_run_becomes_items_of_a_role_at_its_rate_on_the_day_of_the_event(ours):
    found = by_work(planned_work(ours, load()))

    bids = found["bids", "optimizer"]
    assert bids.items == 1000 * 0.5 * 0.5 + 200 * 0.5 * 0.5
    assert bids.rates[600] == pytest.approx(60 * 2 / 600), "60 advertisers in ten minutes, twice"
    assert sum(rate > 0 for rate in bids.rates) == 10
    assert sum(bids.rates) * 60 == pytest.approx(120)
    assert found["launch", "builder"].items == 3
    reports = found["reports", "reporter"]
    assert sum(reports.rates) * 60 == pytest.approx(2 * 2), "two advertisers, two types"
    assert found.keys() == {("bids", "optimizer"), ("launch", "builder"), ("reports", "reporter")}


@pytest.mark.parametrize(
    ("structure", "role", "runs"), [("lists", "reader", 5), ("exports", "exporter", 4)]
)
def test_a_copy_of_an_account_is_as_many_lists_or_exports_as_its_estimate(
    ours, structure, role, runs
):
    text = TEXT + '[[work]]\nfeature = "sync"\nat = ["03:00"]\nadvertisers = ["de"]\n'
    text += f'[pattern]\nstructure = "{structure}"\n'
    found = by_work(planned_work(parse_plan(tomllib.loads(text)), load()))
    assert sum(found["sync", role].rates) * 60 == pytest.approx(2 * runs)
    other = {"reader": "exporter", "exporter": "reader"}[role]
    assert ("sync", other) not in found


def test_profiles_keep_runs_apart_and_are_no_more_than_the_advertisers(ours):
    us, de = planned_work(ours, load()).advertisers
    larger, _de = planned_work(ours, load(), scale=100).advertisers
    assert (us.profiles, us.campaigns, us.keywords) == (1, 20, 300)
    assert larger.profiles == module.MOST_PROFILES
    assert de.profiles <= 2


def test_the_event_is_the_whole_day_or_the_time_around_the_peak(ours):
    day, peak = planned_work(ours, load()), planned_work(ours, load(), seconds=120.0)

    assert day.shape.hours == 24
    assert (peak.minutes, peak.begin) == (2.0, 600 - 0.2)
    assert (day.length, peak.length) == ("the day", "2 minutes at the peak")
    assert planned_work(ours, load(), seconds=40.0).length == "40 s at the peak"
    assert day.shape.regions == ("NA", "EU")
    assert [each.name for each in day.shape.phases[:2]] == ["00:00 UTC", "02:00 UTC"]
    assert {each.name for each in peak.shape.phases} == {"09:59 UTC", "10:00 UTC", "10:01 UTC"}
    bids = by_work(peak)["bids", "optimizer"]
    assert peak.rate(bids, 0.2, 1.0) == bids.rates[600]
    assert day.rate(bids, 10 / 24, 11 / 24) == pytest.approx(bids.rates[600] / 6)


def test_the_fit_is_the_one_of_the_estimate_and_grows_with_the_scale(ours):
    quotas = quotas_of(ours, {"sp.write": {"rate": 0.5, "burst": 2.0}}, load())
    own = with_rates(ours, quotas)
    tight = max(estimate(own, load()).demand.fits, key=lambda fit: fit.share)
    fit, half = plan_fit(own, 1.0, load()), plan_fit(own, 0.5, load())

    assert (fit.quota, fit.region, fit.hour) == ("sp.write", "NA", 10.0)
    assert fit.share == tight.share == 2 * half.share
    assert fit.possible == half.possible == pytest.approx(0.8 / fit.share)
    assert "it fits" in str(plan_fit(own, fit.possible * 0.99, load()))
    assert "it does NOT fit" in str(plan_fit(own, fit.possible * 1.01, load()))


def test_observed_quotas_come_before_those_of_the_plan_and_those_before_estimates(ours):
    granted = with_rates(ours, {"sp.write": {"rate": 5.0}, "sp.read": {"rate": 7.0}})
    found = quotas_of(granted, {"sp.write": {"rate": 2.0, "burst": 3.0}}, load())
    assert found["sp.write"] == {"rate": 2.0, "burst": 3.0}
    assert found["sp.read"] == {"rate": 7.0, "burst": 14.0}
    assert found["exports.get"]["rate"] == load().quotas["exports.get"].rate
    again = quotas_of(with_rates(granted, found), {}, load())
    assert again["exports.get"] == found["exports.get"], "a burst survives the estimate"


def test_work_arrives_as_planned_and_the_profiles_of_a_group_take_turns(ours):
    work = planned_work(ours, load(), scale=10, seconds=100.0)
    targets = tuple(Target(str(n), "NA", "US", ("k",), 0.02, group="us") for n in range(4))
    clock = ManualClock()
    shared = SharedState(plan(targets=targets, planned=work, duration=100.0), clock, NoChance())
    for _tick in range(400):
        clock.at += 0.25
        shared.add_arrivals()
    arrived = {
        queue.target.profile_id: queue.arrived
        for queue in shared.queues
        if queue.role == "optimizer"
    }
    runs = 10 * 0.2 * 90  # the first ten seconds are before the peak
    assert sum(arrived.values()) == pytest.approx(runs * 300, rel=0.05)
    assert max(arrived.values()) - min(arrived.values()) <= 300
    assert shared.counters.work("builder")["arrived"] == 0, "another group's work"


@pytest.mark.parametrize("of", [2, 3])
def test_several_processes_share_the_planned_work(ours, of):
    work = planned_work(ours, load(), scale=10, seconds=100.0)
    targets = tuple(Target(str(n), "NA", "US", ("k",), 0.02, group="us") for n in range(4))
    clock = ManualClock()
    event = plan(targets=targets, planned=work, workers=of)
    shares = [SharedState(event, clock, NoChance(), index, of) for index in range(of)]
    for _tick in range(400):
        clock.at += 0.25
        for one in shares:
            one.add_arrivals()
    arrived = sum(one.counters.work("optimizer")["arrived"] for one in shares)
    assert arrived == pytest.approx(10 * 0.2 * 90 * 300, rel=0.05)


@pytest.mark.parametrize("name", ["agency", "platform", "seller-tool"])
def test_every_included_plan_becomes_work_that_survives_its_file(name, tmp_path):
    own = plan_named(name)
    work = planned_work(own, load(), seconds=60.0)
    assert work.arrivals
    assert {each.group for each in work.advertisers} == {group.name for group in own.groups}
    assert all(len(each.rates) == MINUTES for each in work.arrivals)
    plan(planned=work).write(tmp_path / "plan.json")
    assert parse(document(str(tmp_path / "plan.json"))) == plan(planned=work)


def test_a_search_tries_the_calculated_limit_after_the_load_that_was_asked_for():
    played = []

    def play(load):
        played.append(load)
        return "within" if load <= 900 else "missed"

    found = search(play, 100, 870)
    assert played[:3] == [100, 870, 1740]
    assert found.passed == 870 or 870 < found.passed <= 900
    assert search(lambda load: "within" if load < 100 else "missed", 100, 60).passed is not None
