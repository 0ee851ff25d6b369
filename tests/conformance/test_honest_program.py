"""A correct program with any habit reaches exit 0 through each driver of programs.

``make habits`` runs every habit; here are two, in few cases.
"""

import pytest

from tests.conformance.honest import DRIVERS, conform

pytestmark = pytest.mark.one_python

FEW = ("A03", "B01", "L01", "N04", "P01")


@pytest.mark.slow(50)
@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("habit", ["batches-of-one", "connection-per-call"])
def test_program_with_a_habit_passes(control, tmp_path, driver, habit):
    code, found = conform(driver, habit, tmp_path, "--server", control, "--cases", ",".join(FEW))

    assert code == 0, found
