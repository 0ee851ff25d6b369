"""A client that paces its calls is no herd; threads that return together prove nothing."""

import pytest

from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_retry import failing
from tests.unit.harness.suite.test_samples import verdict_of


def status_of(starts, wait) -> str:
    rows = [
        row
        for number, start in enumerate(starts)
        for row in failing(f"c{number}", start, [wait], "same-wait", retryAfter="3")
    ]
    rows.sort(key=lambda row: row["tArrive"])
    return verdict_of("T11.herd", record("T11", *rows)).status


@pytest.mark.parametrize(
    ("starts", "status"),
    [
        ([float(n) for n in range(50)], "PASS"),  # one call a second, several wait at a time
        ([4.0 * n for n in range(50)], "UNPROVEN"),  # one call after the other
        ([float(n // 8) for n in range(50)], "UNPROVEN"),  # eight threads that return together
        ([float(n) for n in range(15)], "UNPROVEN"),  # too few
    ],
)
def test_paced_calls_whose_waits_overlap_return_apart(starts, status):
    assert status_of(starts, 3.2) == status
