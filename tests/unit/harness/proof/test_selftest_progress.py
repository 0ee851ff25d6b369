"""The time left of a selftest: from the rows that are complete, over the jobs that work."""

import pytest

from adsmock.harness.command.selftest import time_left


@pytest.mark.parametrize(
    ("taken", "rows", "jobs", "left"),
    [
        ([10.0], 9, 1, 90.0),
        ([10.0], 9, 2, 45.0),
        ([10.0, 20.0], 100, 2, 750.0),
        ([10.0], 1, 2, 10.0),
        ([10.0], 3, 8, 10.0),
        ([10.0], 0, 2, 0.0),
    ],
)
def test_rows_are_shared_by_the_jobs_that_have_one(taken, rows, jobs, left):
    assert time_left(taken, rows, jobs) == left
