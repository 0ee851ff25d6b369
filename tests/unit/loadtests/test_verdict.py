import pytest

from adsmock.loadtests.planned_work import PlanFit
from adsmock.loadtests.reconciliation import Reconciliation, named, reconcile
from adsmock.loadtests.threshold import Threshold, compare, thresholds
from adsmock.loadtests.verdict import ENOUGH, MockLoad, gaps, limits, measures
from tests.unit.loadtests.outcome import CALM, outcome, report


def process(cpu=0.2, late=0.01):
    calm = {"cpu": 0.1, "late": 0.0, "seen": 60.0}
    return {"processes": [calm, calm | {"cpu": cpu, "late": late}]}


@pytest.mark.parametrize(
    ("seen", "mock_load", "named"),
    [
        (outcome(), CALM, ["nothing"]),
        (outcome(), MockLoad(), ["nothing"]),
        (outcome(**process(cpu=0.86)), CALM, ["generator"]),
        (outcome(has_warned=True), CALM, ["generator"]),
        (outcome(**process(late=1.5)), CALM, ["machine"]),
        (outcome(), MockLoad(cpu=0.86), ["mock"]),
        (outcome(), MockLoad(loop_lag=0.3), ["mock"]),
        (outcome(), MockLoad(cpu=0.6, loop_lag=0.3), ["mock"]),
        (outcome(), MockLoad(cpu=0.1, loop_lag=0.3), ["machine"]),
        (outcome(accepted=98, throttled=4), CALM, ["plan"]),
        (outcome(accepted=990, throttled=200), CALM, ["integration"]),
        (outcome(accepted=199, throttled=1), CALM, ["nothing"]),
        (outcome(done=300), CALM, ["integration"]),
        (
            outcome(accepted=1, throttled=60, **process(cpu=0.99)),
            MockLoad(cpu=0.9),
            ["generator", "mock", "plan"],
        ),
        (
            outcome(accepted=98, throttled=4),
            MockLoad(cpu=0.01, loop_lag=0.3),
            ["plan", "machine"],
        ),
    ],
)
def test_limit_is_named(seen, mock_load, named):
    assert [each.name for each in limits(seen, mock_load, measures(seen))] == named


def test_statement_names_one_limit_and_what_else_was_seen():
    seen = outcome(accepted=40, throttled=4, done=300)

    assert report(seen, MockLoad(cpu=0.01, loop_lag=0.276)).statement == (
        "The quotas were the limit: they refused 4 calls, 9.1%. Also the machine: the mock's loop "
        "was late by 276 ms while it used 1% of its core"
    )


def test_a_program_that_never_called_is_the_limit_and_its_last_words_say_why():
    seen = outcome(accepted=0, done=0, died=2)
    seen.counters.add("death", "exit code 1: no such file", times=2)
    seen.counters.add("error", "reader", "late", times=1)
    found = limits(seen, CALM, measures(seen))
    said = ": 2 of its tasks or copies ended with: exit code 1: no such file"
    assert [(each.name, each.why) for each in found] == [("integration", f"it made no call{said}")]
    assert gaps(seen) == [f"no call was made{said}"]
    assert gaps(outcome(accepted=0)) == ["no call was made"]


def test_work_that_the_program_does_not_support_is_in_the_sentence():
    seen = outcome(done=600)
    seen.counters.add("work", "exporter", "arrived", times=18)
    seen.counters.add("work", "exporter", "unsupported", times=18)
    (limit,) = limits(seen, CALM, measures(seen))
    assert limit.name == "nothing"
    assert limit.why.startswith("600 of 600 work items were done")
    assert limit.why.endswith("; 18 others were not done, because the program supports none")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (
            outcome(done=600, reconciliation=Reconciliation(3, 0, 600)),
            "The integration was the limit: 3 acknowledged writes not in the store",
        ),
        (
            outcome(done=600, reconciliation=Reconciliation(2, 5, 600), died=4),
            (
                "The integration was the limit: 2 acknowledged writes not in the store, "
                "5 doubled writes, 4 deaths of a copy of the program"
            ),
        ),
        (
            outcome(accepted=90, throttled=10, reconciliation=Reconciliation(50, 0, 600)),
            (
                "The quotas were the limit: they refused 10 calls, 10.0%. "
                "Also the integration: 50 acknowledged writes not in the store"
            ),
        ),
        (
            outcome(accepted=0, failed=600, done=0),
            (
                "The integration was the limit: work was left undone although few calls were "
                "refused: optimizer; 600 calls failed"
            ),
        ),
        (
            outcome(accepted=50, failed=50, audited=40),
            (
                "No limit was reached: neither quotas nor the mock nor this machine held the "
                "program up; it did 0 written items, 0 reads, 0 exports, 0 reports; 50 calls failed"
            ),
        ),
        (
            outcome(accepted=990, throttled=200, done=600, died=1),
            (
                "The integration was the limit: 200 calls (16.8%) were refused, and it made 19.5 "
                "calls for each one that the work needs; 1 death of a copy of the program"
            ),
        ),
    ],
)
def test_what_a_program_said_and_did_not_do_is_in_the_statement(seen, said):
    assert report(seen).statement == said


def test_an_internal_error_of_the_mock_is_the_mocks():
    seen = outcome()
    seen.counters.called(1, "NA", "exports.get", 500, 3.0)
    (limit,) = limits(seen, CALM, measures(seen))
    assert (limit.name, limit.why) == ("mock", "it answered 500 to 1 calls")


def test_measures_are_numbers_of_the_counts():
    measured = measures(outcome(accepted=180, throttled=18, failed=2))
    assert measured == {
        "throttled_share": pytest.approx(0.09),
        "failed_share": pytest.approx(0.01),
        "goodput": 1.0,
        "completed:optimizer": 1.0,
        "backlog": 0.0,
        "lost": 0.0,
        "doubled": 0.0,
        "calls_ratio": pytest.approx(200 / 60),  # 590 of 600 done, a call for ten, one token
        "p95:sp.keywords.update": 12.0,
        "p99:sp.keywords.update": 12.0,
    }


def test_a_backlog_is_what_waits_beyond_the_time_to_gather():
    assert measures(outcome(done=560))["backlog"] == 0.0  # four seconds of work
    assert measures(outcome(done=500))["backlog"] == pytest.approx(6.0)


@pytest.mark.parametrize("part", ENOUGH)
def test_a_percentile_is_that_of_many_calls_or_none(part):
    name = f"{part}:sp.keywords.update"
    assert name in measures(outcome(accepted=ENOUGH[part]))
    assert name not in measures(outcome(accepted=ENOUGH[part] - 1))


def test_every_threshold_is_measured_and_can_be_missed():
    good = measures(outcome(accepted=100)) | {"calls_ratio": 1.0}
    assert all(each.holds for each in compare(good, thresholds()))
    for name in good:
        worse = good | {name: 0.0 if name.startswith(("goodput", "completed")) else 1e9}
        missed = [each.name for each in compare(worse, thresholds()) if not each.holds]
        assert missed == [name]


def test_a_worker_that_fell_silent_leaves_a_gap():
    calm = {"cpu": 0.1, "late": 0.0, "seen": 60.0}
    assert report(outcome(processes=[calm, calm], workers=2)).gaps == []
    lost = report(outcome(accepted=100, processes=[calm, calm | {"seen": 30.0}], workers=2))
    assert lost.gaps == ["1 of 2 workers stopped reporting before the end"]
    assert lost.status == "incomplete"


def test_a_run_without_calls_is_incomplete():
    seen = outcome(accepted=0)
    assert "no call was made" in report(seen).gaps


@pytest.mark.parametrize(
    ("seen", "mock_load", "status"),
    [
        (outcome(accepted=100), CALM, "within"),
        (outcome(accepted=100), MockLoad(cpu=0.99), "within"),
        (outcome(accepted=40, done=300), CALM, "missed"),
        (outcome(accepted=40, done=300), MockLoad(cpu=0.99), "incomplete"),
        (outcome(accepted=40, done=300, **process(late=3.0)), CALM, "incomplete"),
        (outcome(accepted=100, throttled=100), MockLoad(cpu=0.99), "missed"),
        (
            outcome(accepted=100, reconciliation=Reconciliation(1, 0, 9)),
            MockLoad(cpu=0.99),
            "missed",
        ),
        (outcome(accepted=100, workers=2), CALM, "incomplete"),
        (outcome(accepted=100, elapsed=30.0), CALM, "incomplete"),
    ],
)
def test_what_a_busy_machine_explains_is_incomplete_and_all_else_is_missed(seen, mock_load, status):
    assert report(seen, mock_load).status == status


def test_threshold_states_one_bound():
    for bounds in ({}, {"at_most": 1.0, "at_least": 1.0}):
        with pytest.raises(ValueError, match="either"):
            Threshold("x", "ms", "because", **bounds)


def test_threshold_holds_at_its_bound():
    assert Threshold("x", "ms", "because", at_most=1.0).holds(1.0)
    assert not Threshold("x", "ms", "because", at_least=1.0).holds(0.99)


def built(number, **rest):
    return {"campaignId": f"c{number}", "name": f"Built {number:06d}"} | rest


GROUP = {"campaignId": "c1", "adGroupId": "g1", "name": "Group 0"}
STATE = {
    "1": {
        "sp.campaigns": [built(1), built(2), {"campaignId": "c9", "name": "Event 1"}],
        "sp.adGroups": [GROUP],
        "sp.keywords": [
            {"keywordId": each, "bid": bid, "campaignId": "c9", "adGroupId": "g9"}
            | {"keywordText": each, "matchType": "EXACT"}
            for each, bid in (("k1", 0.5), ("k2", 0.7))
        ],
    },
    "2": {"sp.campaigns": [built(1)]},
}


@pytest.mark.parametrize(
    ("made", "bids", "doubtful", "lost"),
    [
        ([("1", "sp.campaigns", "c1"), ("1", "sp.adGroups", "g1")], {"k1": 0.5}, [], 0),
        ([("1", "sp.campaigns", "c3")], {}, [], 1),
        ([("2", "sp.campaigns", "c2")], {}, [], 1),
        ([("1", "sp.productAds", "a1")], {}, [], 1),
        ([], {"k1": 0.6}, [], 1),
        ([], {"k1": 0.6}, ["k1"], 0),
        ([], {"k9": 0.6}, [], 1),
    ],
)
def test_what_was_acknowledged_must_be_in_the_store(made, bids, doubtful, lost):
    assert reconcile(STATE, made, bids, doubtful).lost == lost


@pytest.mark.parametrize(
    ("resource", "again", "says"),
    [
        ("sp.campaigns", built(1), "sp.campaigns Built 000001 of profile 1"),
        ("sp.adGroups", GROUP | {"adGroupId": "g2"}, "sp.adGroups c1 Group 0 of profile 1"),
    ],
)
def test_a_part_of_a_new_structure_that_is_there_twice_is_doubled(resource, again, says):
    shelves = STATE["1"] | {resource: [*STATE["1"][resource], again]}
    found = reconcile(STATE | {"1": shelves}, [], {}, [])
    assert (found.lost, found.doubled, found.examples) == (0, 1, (says,))


def test_campaigns_of_other_profiles_and_those_that_were_there_are_nobodys_double():
    assert reconcile(STATE, [("1", "sp.campaigns", "c1")], {}, []).doubled == 0


def test_acknowledged_campaigns_are_named_as_the_store_names_them():
    made = [("1", "sp.campaigns", "c1"), ("1", "sp.adGroups", "g1"), ("1", "sp.campaigns", "c7")]
    assert named(STATE, made) == [("1", "Built 000001"), ("1", "c7")]


def test_a_role_that_the_program_does_not_support_is_left_out_with_its_waiting_work():
    seen = outcome()
    seen.counters.add("work", "exporter", "arrived", times=40)
    seen.counters.add("came", 3, "exporter", times=40)
    seen.counters.add("work", "exporter", "unsupported", times=30)
    assert "completed:exporter" not in measures(seen)
    seen.counters.add("work", "reporter", "arrived", times=40)
    seen.counters.add("came", 3, "reporter", times=40)
    assert measures(seen)["completed:reporter"] == 0.0


def test_items_that_wait_for_a_program_that_supports_none_count_as_unsupported():
    seen = outcome(done=600)
    seen.counters.add("work", "exporter", "arrived", times=9)
    seen.counters.add("work", "exporter", "unsupported", times=6)
    assert seen.counters.work("exporter")["unsupported"] == 9
    assert seen.counters.waiting() == 0
    assert seen.counters.work()["unsupported"] == 9


def test_a_program_that_only_fetched_tokens_is_the_limit():
    seen = outcome(accepted=0, audited=1, died=0)
    seen.counters.called(1, "NA", "lwa.token", 200, 3.0)
    assert (
        report(seen).statement == "The integration was the limit: it did none of the event's work"
    )
    seen.counters.add("did", "reads")
    assert report(seen).statement.startswith("No limit was reached: neither")


def test_work_that_arrived_too_late_to_be_done_is_not_due():
    seen = outcome()
    seen.counters.add("work", "exporter", "arrived", times=9)
    seen.counters.add("came", 58, "exporter", times=9)
    assert "completed:exporter" not in measures(seen)
    seen.counters.add("came", 3, "exporter", times=9)
    assert measures(seen)["completed:exporter"] == 0.0


def test_a_plan_that_does_not_fit_is_the_limit_where_no_call_was_refused():
    fit = PlanFit("ours", 1.0, "sp.read", "NA", 0.92, 0.8, 10.0, ("dashboard",))
    (limit,) = limits(outcome(), CALM, measures(outcome()), fit)
    assert (limit.name, limit.why) == (
        "plan",
        "the busiest minute of the plan needs 92% of sp.read in NA, and 80% may be used",
    )
    undone = limits(outcome(done=300), CALM, measures(outcome(done=300)), fit)
    assert [each.name for each in undone] == ["plan", "integration"]
    smaller = PlanFit("ours", 0.5, "sp.read", "NA", 0.46, 0.8, 10.0, ("dashboard",))
    assert limits(outcome(), CALM, measures(outcome()), smaller)[0].name == "nothing"


def test_a_run_that_was_stopped_blames_no_integration_for_work_that_waits():
    seen = outcome(done=300, duration=600.0)
    assert [each.name for each in limits(seen, CALM, measures(seen))] == ["nothing"]
