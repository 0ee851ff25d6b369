"""What ``exec --scenario`` says about a scenario that did nothing."""

import pytest

from adsmock.mockserver.command.idle_scenario import idle
from adsmock.mockserver.core.journal import Entry


def call(status=200, **members):
    return Entry("POST", "/x", 0.0, operation="sp.campaigns.list", status=status, **members)


def test_a_program_that_met_only_the_quiet_start_is_advised_to_scale_the_scenario():
    found = idle("prime-day", None, [call(), call()])

    assert "the scenario prime-day did nothing while the program ran" in found
    assert "It lasts 76h" in found
    assert "--over 2m" in found
    assert "It lasts 2m" in idle("prime-day", "PT2M", [])


def test_a_scenario_without_a_length_is_not_scaled():
    found = idle("region-dark", None, [call()])

    assert "--over" not in found
    assert "scenarios.list" in found


@pytest.mark.parametrize(
    "entry", [call(429), call(503, fault={"id": "x", "kind": "http"})], ids=["429", "fault"]
)
def test_a_fault_or_a_throttled_call_is_an_effect(entry):
    assert idle("prime-day", None, [call(), entry]) is None


@pytest.mark.parametrize("name", ["deprecation", "hanging-reports"])
def test_dates_and_durations_act_without_a_fault(name):
    assert idle(name, None, [call()]) is None
