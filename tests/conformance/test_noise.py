"""A run in real time on a loaded machine: figures in the record, and no false alarm."""

import subprocess
import sys

import pytest

from adsmock.harness.suite import noise_monitor, runner
from adsmock.harness.suite.case import load
from adsmock.harness.suite.drivers import reference
from adsmock.harness.suite.judge import judge_run

BUSY = 6
SPIN = "while True: pass"


@pytest.fixture
def loaded():
    """Keep the machine busy with more processes than it has cores."""
    spinning = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(BUSY)]
    yield
    for one in spinning:
        one.kill()
        one.wait()


@pytest.mark.slow
@pytest.mark.one_python
@pytest.mark.usefixtures("loaded")
def test_reference_in_real_time_raises_no_alarm_on_a_loaded_machine(control):
    cases = tuple(load()[name] for name in ("B01", "N06"))
    record = runner.run(reference(real_time=True), runner.Selection(cases, "full"), 7, control)

    verdict = judge_run(record, load())

    found = {one.check: one.status for case in verdict.cases for one in case.verdicts}
    assert not set(found.values()) & {"FAIL", "WARN", "ERROR"}, found
    for case in record.cases:
        assert case.noise is not None
        assert case.noise.samples > 2


def test_control_client_leaves_no_sandbox_behind(control):
    plane = runner.Plane(control)
    before = {one["id"] for one in plane.sandboxes()}

    with noise_monitor.running(control, 7) as monitor:
        assert {one["id"] for one in plane.sandboxes()} > before
        assert monitor.samples()

    assert {one["id"] for one in plane.sandboxes()} == before
    plane.close()
