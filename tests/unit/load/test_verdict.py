import pytest

from loadtests.threshold import Threshold, compare, thresholds
from loadtests.verdict import Strain, limits, measures

IDLE = Strain(cpu=0.1, loop_lag=0.01)


def result(**changes):
    whole = {
        "elapsed": 60.0,
        "generatorCpu": 0.2,
        "generatorWarned": False,
        "calls": {"accepted": 1000, "throttled": 0, "failed": 0},
        "operations": {"sp.campaigns.list": {"p95": 12.0}, "lwa.token": {"p95": 40.0}, "x": {}},
        "changes": {"arrived": 600, "done": 590, "refused": 0, "waiting": 10},
    }
    return whole | changes


def calls(accepted, throttled, failed=0):
    return {"accepted": accepted, "throttled": throttled, "failed": failed}


@pytest.mark.parametrize(
    ("seen", "strain", "named"),
    [
        (result(), IDLE, ["nothing"]),
        (result(), Strain(), ["nothing"]),
        (result(generatorCpu=0.86), IDLE, ["generator"]),
        (result(generatorWarned=True), IDLE, ["generator"]),
        (result(), Strain(cpu=0.86), ["mock"]),
        (result(), Strain(loop_lag=0.3), ["mock"]),
        (result(), Strain(cpu=0.6, loop_lag=0.3), ["mock"]),
        (result(), Strain(cpu=0.1, loop_lag=0.3), ["machine"]),
        (result(calls=calls(979, 21)), IDLE, ["plan"]),
        (result(calls=calls(990, 10)), IDLE, ["nothing"]),
        (
            result(generatorCpu=0.99, calls=calls(1, 9)),
            Strain(cpu=0.9),
            ["generator", "mock", "plan"],
        ),
    ],
)
def test_limit_is_named(seen, strain, named):
    assert [each.name for each in limits(seen, strain)] == named


def test_measures_are_what_the_thresholds_speak_of():
    measured = measures(result(calls=calls(900, 90, 10)))
    assert measured == {
        "throttled_share": pytest.approx(0.09),
        "failed_share": pytest.approx(0.01),
        "goodput": 1.0,
        "backlog": pytest.approx(1.0),
        "p95": 40.0,
    }
    assert {each.measure for each in thresholds()} == set(measured)


def test_a_run_without_work_is_not_within_the_thresholds():
    nothing = {"arrived": 0, "done": 0, "refused": 0, "waiting": 0}
    measured = measures(result(calls=calls(0, 0), changes=nothing))
    assert not all(each.holds for each in compare(measured))


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("throttled_share", 0.5),
        ("failed_share", 0.02),
        ("goodput", 0.5),
        ("backlog", 60.0),
        ("p95", 5000.0),
    ],
)
def test_every_threshold_can_be_broken(measure, value):
    good = measures(result())
    assert all(each.holds for each in compare(good))
    broken = [each.threshold.measure for each in compare(good | {measure: value}) if not each.holds]
    assert broken == [measure]


def test_a_bound_holds_at_its_own_value():
    assert Threshold("a", "s", "why", at_most=1.0).holds(1.0)
    assert not Threshold("a", "s", "why", at_most=1.0).holds(1.01)
    assert Threshold("a", "s", "why", at_least=1.0).holds(1.0)
    assert not Threshold("a", "s", "why", at_least=1.0).holds(0.99)


@pytest.mark.parametrize("bounds", [{}, {"at_most": 1.0, "at_least": 0.0}])
def test_a_threshold_states_one_bound(bounds):
    with pytest.raises(ValueError, match="either"):
        Threshold("a", "s", "why", **bounds)


def test_changes_of_the_last_seconds_are_not_due_yet():
    late = {"arrived": 600, "done": 290, "refused": 0, "waiting": 310}
    assert measures(result(changes=late))["goodput"] == pytest.approx(290 / (600 - 2 * 10))
