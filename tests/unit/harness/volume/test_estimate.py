"""The estimate: what each habit costs, when calls fall, and what closes a gap."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace
from rich.console import Console

from adsmock.contracts.loader import load
from adsmock.harness.config_file import DocumentError, read
from adsmock.harness.volume import document, table
from adsmock.harness.volume.call_model import Polling
from adsmock.harness.volume.day import bursts, utc_offset
from adsmock.harness.volume.estimate import STRUCTURE_ADVICE, estimate, volume
from adsmock.harness.volume.feature import features, habits
from adsmock.harness.volume.plan import (
    BEST,
    AdvertiserGroup,
    Pattern,
    PlanError,
    VolumePlan,
    Work,
    parse_plan,
)

PLANS = sorted(Path("harness/volume/plans").glob("*.toml"))
CONTRACTS = load()
GROUP = AdvertiserGroup(
    "one",
    "NA",
    "UTC",
    1,
    {"campaigns": 2000, "ad_groups": 2500, "ads": 10, "keywords": 5000, "targets": 0},
)

patterns = st.builds(
    Pattern,
    batch=st.integers(0, 1000),
    page=st.integers(0, 1000),
    ids=st.integers(0, 1000),
    structure=st.sampled_from(["auto", "lists", "exports"]),
    extended=st.booleans(),
    unchanged=st.booleans(),
    intraday=st.sampled_from(["stream", "reports"]),
    report_days=st.integers(1, 31),
    profiles_kept=st.booleans(),
    token_minutes=st.floats(0, 59),
    resent=st.floats(0, 1),
)


def plan_of(*work, group=GROUP, **more):
    return VolumePlan(
        "test",
        (group,),
        tuple(replace(one, groups=frozenset({group.name})) for one in work),
        **more,
    )


def calls_of(plan, pattern=BEST):
    return {row.operation: row.calls for row in volume(plan, pattern, CONTRACTS).rows}


def test_an_account_is_read_in_full_pages():
    found = calls_of(plan_of(Work("sync", (0,))), replace(BEST, structure="lists"))
    assert found["sp.campaigns.list"] == 2
    assert found["sp.adGroups.list"] == 3
    assert found["sp.keywords.list"] == 5
    assert found["sp.targets.list"] == 1


def test_exports_take_one_job_a_kind():
    found = calls_of(
        plan_of(Work("sync", (0,)), export_seconds=60), replace(BEST, structure="exports")
    )
    assert {name: found[f"exports.{name}.create"] for name in ("campaigns", "targets")} == {
        "campaigns": 1,
        "targets": 1,
    }
    assert found["exports.get"] == 4 * 5


def test_writes_fill_batches_with_what_changes():
    work = Work("bids", (0, 600), share=0.5, changed=0.5)
    assert calls_of(plan_of(work))["sp.keywords.update"] == 2 * 2
    assert calls_of(plan_of(work), replace(BEST, unchanged=True))["sp.keywords.update"] == 2 * 3
    assert calls_of(plan_of(work), replace(BEST, batch=10))["sp.keywords.update"] == 2 * 125


def test_an_hourly_report_becomes_two_a_day_with_a_stream():
    hourly = Work("reports", tuple(range(0, 1440, 60)), types=("spCampaigns",), days=3)
    assert calls_of(plan_of(hourly), replace(BEST, intraday="reports"))["reporting.create"] == 24
    assert calls_of(plan_of(hourly))["reporting.create"] == 2


def test_times_are_the_advertisers_own():
    group = replace(GROUP, timezone="America/Los_Angeles")
    (burst,) = [
        one
        for one in bursts(plan_of(Work("budgets", (120,)), group=group), BEST, CONTRACTS)
        if one.operation == "sp.campaigns.update"
    ]
    assert burst.start == 9 * 60
    assert utc_offset("Asia/Tokyo", "2026-07-07") == 540


def test_the_peak_is_that_of_the_busiest_minute_and_names_its_causes():
    work = [
        Work("budgets", (0,), spread=2, name="budgets", event=60),
        Work("bids", (1,), spread=1, name="bids", event=12),
    ]
    (fit,) = [
        one for one in volume(plan_of(*work), BEST, CONTRACTS).fits if one.quota == "sp.write"
    ]
    assert fit.minute == 1
    assert fit.peak == pytest.approx((2 * 60 / 2 + 5 * 12) / 60)
    assert dict(fit.causes) == {"budgets": 0.5, "bids": 0.5}


def test_work_that_passes_midnight_counts_at_the_start_of_the_day():
    found = volume(plan_of(Work("budgets", (1439,), spread=2)), BEST, CONTRACTS)
    (row,) = [one for one in found.rows if one.operation == "sp.campaigns.update"]
    assert (row.hours[23], row.hours[0]) == (1, 1)


@given(patterns)
def test_no_pattern_costs_less_than_the_best(pattern):
    plan = plan_of(
        Work("sync", (60,)),
        Work("status", (0, 300)),
        Work("bids", (0, 240), share=0.3, changed=0.2),
        Work("reports", tuple(range(0, 1440, 120)), types=("spCampaigns",), days=20),
        Work("profiles", (0, 60)),
    )
    assert volume(plan, pattern, CONTRACTS).weight >= volume(plan, BEST, CONTRACTS).weight


@given(st.floats(1, 20))
def test_spreading_a_gap_as_advised_closes_it(event):
    work = Work("bids", (0,), spread=1, event=event * 100)
    plan = plan_of(work)
    for gap in estimate(plan, CONTRACTS).gaps:
        wider = replace(plan, work=(replace(plan.work[0], spread=int(gap.stretch) + 1),))
        assert not [
            one for one in estimate(wider, CONTRACTS).gaps if one.fit.quota == gap.fit.quota
        ]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_included_plans_are_estimated(path):
    found = estimate(parse_plan(read(path, "plan").values), CONTRACTS)
    assert found.demand.calls >= found.optimized.calls > 0
    assert all(0 <= fit.minute < 1440 for fit in found.demand.fits)


def test_the_plans_show_the_three_ways_it_can_end():
    found = {
        path.stem: estimate(parse_plan(read(path, "plan").values), CONTRACTS) for path in PLANS
    }
    assert found["agency"].fits
    assert not found["seller-tool"].fits
    assert not found["seller-tool"].gaps
    assert found["platform"].gaps


def test_every_member_of_a_pattern_is_a_habit_with_advice():
    assert {member.name for member in fields(Pattern)} <= set(habits())


def test_every_feature_can_be_planned():
    schema = plan_schema()
    named = set(schema["properties"]["work"]["items"]["properties"]["feature"]["enum"])
    assert named == set(features())
    assert set(schema["properties"]["pattern"]["properties"]) == {
        member.name for member in fields(Pattern)
    }


def plan_schema():
    return json.loads(Path("contracts/meta/plan.schema.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = 'x'\nwork = []\nadvertisers = []", "less than 1 item"),
        ("name = 'x'\nbatch = 3", "advertisers is missing"),
        (
            "pattern = {batches = 3}\nname = 'x'\nadvertisers = []\nwork = []",
            "batches: unknown key",
        ),
        ("name = ", "TOML"),
    ],
)
def test_a_wrong_plan_is_refused_in_one_line(tmp_path, text, says):
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(DocumentError, match=says):
        read(path, "plan")


def test_work_for_nobody_is_refused():
    values = {
        "name": "x",
        "advertisers": [{"name": "a", "region": "NA", "timezone": "UTC", "count": 1}],
        "work": [{"feature": "sync", "every": "1d", "advertisers": ["b"]}],
    }
    with pytest.raises(
        PlanError, match=r"work\.0\.advertisers: no group is called b: choose from a"
    ):
        parse_plan(values)


def test_a_plan_takes_iso_8601_durations(tmp_path):
    text = (
        "name = 'x'\n[[advertisers]]\nname = 'a'\nregion = 'NA'\ntimezone = 'UTC'\ncount = 1\n"
        "[[work]]\nfeature = 'sync'\nevery = '{every}'\nspread = '{spread}'\n"
    )
    plans = []
    for every, spread in (("6h", "15m"), ("PT6H", "PT15M")):
        path = tmp_path / "plan.toml"
        path.write_text(text.format(every=every, spread=spread))
        plans.append(parse_plan(read(path, "plan").values))

    assert plans[0] == plans[1]
    assert plans[0].work[0].starts == (0, 360, 720, 1080)
    assert plans[0].work[0].spread == 15


def test_a_polling_that_names_one_member_keeps_the_other_defaults():
    values = {
        "name": "x",
        "advertisers": [{"name": "a", "region": "NA", "timezone": "UTC", "count": 1}],
        "work": [{"feature": "sync", "every": "1d"}],
        "pattern": {"export_poll": {"first": 7}},
    }
    assert parse_plan(values).pattern.export_poll == Polling(7, 1.5, 60)


def shown(plan):
    console = Console(record=True, width=200, file=StringIO())
    found = document.of_estimate(estimate(plan, CONTRACTS))
    table.show_estimate(found, console)
    return found, console.export_text()


groups = st.builds(
    lambda campaigns, keywords, count: AdvertiserGroup(
        "one",
        "NA",
        "UTC",
        count,
        {
            "campaigns": campaigns,
            "ad_groups": campaigns,
            "ads": campaigns,
            "keywords": keywords,
            "targets": 0,
        },
    ),
    st.integers(1, 20_000),
    st.integers(1, 60_000),
    st.integers(1, 400),
)


@given(
    patterns, groups, st.dictionaries(st.sampled_from(["sp.read", "sp.write"]), st.floats(1, 99))
)
def test_no_sentence_of_an_estimate_disagrees_with_its_numbers(pattern, group, quotas):
    work = (
        Work("sync", (0,), name="sync"),
        Work("bids", (60, 120), name="bids", changed=0.5, event=3.0),
    )
    found, text = shown(plan_of(*work, group=group, pattern=pattern, quotas=quotas))
    largest = {stage: _largest(found, stage) for stage in ("demand", "optimized")}
    fits = {stage: share <= found["headroom"] for stage, share in largest.items()}
    assert ("The plan fits: " in text) == fits["demand"]
    assert ("does not fit" in text) == (not fits["demand"] and not fits["optimized"])
    stage = "demand" if fits["demand"] else "optimized"
    assert f"{largest[stage]:.0%} at" in text.partition("Tightest: ")[2]
    assert not re.search(r"-\d", text.partition("2. review")[2].partition("3. after")[0])
    for name in ("sp.read", "sp.write"):
        if name in found["assumed"]:
            assert name not in quotas
    for row in found["review"]:
        assert row["best"] != row["now"]
        if row["habit"] == "structure":
            assert row["advice"] == STRUCTURE_ADVICE[row["best"]]


def _largest(found, stage):
    return max(fit["share"] for fit in found[stage]["fits"])


def test_the_tightest_quota_is_the_first_row():
    found, text = shown(parse_plan(read(PLANS[0], "plan").values))
    fits = text.partition("as called now")[2].splitlines()
    first = next(line for line in fits if line.startswith("│"))
    tightest = max(found["demand"]["fits"], key=lambda fit: fit["share"])
    assert tightest["quota"] in first
    assert "Amazon publishes no quotas" in text
