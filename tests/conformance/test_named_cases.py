"""What is judged in addition to the cases that ``--cases`` names."""

import shlex

import pytest

from tests.conformance.test_exit import INTEGRATION, checks_of, conform

pytestmark = pytest.mark.one_python


def test_list_that_ends_at_a_short_page_loses_work_whatever_cases_are_named(control, tmp_path):
    short = shlex.join([*INTEGRATION, "--short"])
    done = conform(tmp_path, "--cmd", short, "--server", control, "--cases", "P03")

    assert done.returncode == 1, done.stdout + done.stderr
    found = checks_of(tmp_path)
    assert found["P03.continues"] == "WARN"
    assert found["I12.lost"] == "FAIL"
