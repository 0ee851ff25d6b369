"""First retries, on both sides of each limit."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.journal import Noise
from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_retry import many
from tests.unit.harness.suite.test_samples import verdict_of


def paced(wait: float, mean: float = 0.0, p99: float = 0.0) -> str:
    """Return the status of N02.paced for twelve first waits on a machine with this noise."""
    rows = many(12, [wait], "reset-once", 0)
    end = many(1, [2.0] * 4, "reset-for-ever", 0, success=False)
    noise = Noise(samples=40, mean=mean, median=mean, p99=p99, spread=0.0, lag_p99=0.0)
    return verdict_of("N02.paced", replace(record("N02", *rows, *end), noise=noise)).status


@pytest.mark.parametrize(("wait", "status"), [(0.0151, "PASS"), (0.0149, "FAIL")])
def test_first_waits_are_15_ms_on_average(wait, status):
    assert paced(wait) == status


@pytest.mark.parametrize("mean", [0.006, 0.0149, 0.015, 0.077])
def test_noise_decides_nothing_about_short_waits_and_makes_no_failure(mean):
    assert paced(0.020, mean, p99=0.2) == "INCONCLUSIVE"


@pytest.mark.parametrize("mean", [0.006, 0.0149, 0.015, 0.077])
def test_wait_below_the_floor_is_the_clients_own_whatever_the_noise(mean):
    assert paced(0.014, mean, p99=0.2) == "FAIL"


@pytest.mark.parametrize(("wait", "status"), [(0.17, "PASS"), (0.16, "INCONCLUSIVE")])
def test_waits_above_twice_the_mean_delay_are_the_clients_own(wait, status):
    # 15 ms and twice 77 ms; one stall of 3 s is the largest delay, and the wait it hit is dropped
    assert paced(wait, mean=0.077, p99=3.0) == status
