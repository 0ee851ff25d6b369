"""Bounds of a quota contain the true rate of the bucket that refused."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adsmock.harness.volume.audit.quota_bounds import quota_bounds
from adsmock.harness.volume.document import quotas_toml
from adsmock.loadtests.shape import quotas
from tests.unit.harness.volume.test_audit import seen


def through_bucket(rate, burst, every, count, start=0.0):
    """Return calls at a steady pace, as a token bucket answers them."""
    level, calls = burst, []
    for number in range(count):
        level = min(burst, level + rate * every) if number else burst
        status = 200 if level >= 1 else 429
        level -= status == 200
        calls.append(seen(start + number * every, "sp.campaigns.list", status=status))
    return calls


@given(st.floats(0.5, 20), st.integers(1, 60), st.floats(1.2, 6))
def test_the_bounds_contain_the_rate(rate, burst, pressure):
    assume(burst >= rate * 5)
    calls = through_bucket(rate, float(burst), 1 / (rate * pressure), 800)
    for found in quota_bounds(calls):
        assert found.lowest <= rate + 1e-6
        assert found.highest >= rate - 1e-6


def test_a_minute_of_refusals_gives_narrow_bounds_and_the_burst():
    (found,) = quota_bounds(through_bucket(4.0, 8.0, 0.1, 700))
    assert (found.region, found.quota, found.confidence) == ("NA", "sp.read", "high")
    assert found.lowest == pytest.approx(4.0, abs=0.1)
    assert found.highest == pytest.approx(4.0, abs=0.1)
    assert found.burst == 8


def test_a_short_chain_is_of_low_confidence():
    (found,) = quota_bounds(through_bucket(2.0, 4.0, 0.1, 100))
    assert found.confidence == "low"


@pytest.mark.parametrize("status", [200, 429])
def test_without_two_real_refusals_there_are_no_bounds(status):
    assert quota_bounds([seen(1, "sp.campaigns.list", status=status)]) == []


def test_injected_refusals_say_nothing():
    calls = [seen(at, "sp.campaigns.list", status=429, fault="http") for at in range(9)]
    assert quota_bounds(calls) == []


def test_the_file_is_one_that_a_rehearsal_takes(tmp_path):
    found = quota_bounds(through_bucket(4.0, 8.0, 0.1, 700))
    (tmp_path / "ours.toml").write_text(quotas_toml(found))
    assert quotas(tmp_path / "ours.toml") == {"sp.read": {"rate": 4.0, "burst": 8.0}}


def test_calls_that_a_fault_only_slowed_down_took_quota_too():
    calls = [replace(call, fault="latency") for call in through_bucket(4.0, 8.0, 0.1, 700)]
    (found,) = quota_bounds(
        [replace(call, fault="") if call.status == 429 else call for call in calls]
    )
    assert found.lowest <= 4.0 <= found.highest
