"""When a machine is too noisy, on both sides of each limit."""

from dataclasses import dataclass

import pytest

from adsmock.harness.suite.checks.noise import noisy
from adsmock.harness.suite.journal import CaseView, Noise
from tests.unit.harness.suite.journal_rows import record


@dataclass
class Machine:
    """How noisy a machine is, in seconds."""

    lag: float = 0.0
    late: float = 0.0
    samples: int = 40

    def view(self) -> CaseView:
        noise = Noise(
            samples=self.samples,
            mean=0.0,
            median=0.0,
            p99=self.late,
            spread=0.0,
            lag_p99=self.lag,
        )
        return CaseView.of(record("T03", noise=noise))


@pytest.mark.parametrize(
    ("machine", "shortest", "reason"),
    [
        (Machine(lag=0.25, late=0.25), None, None),
        (Machine(lag=0.251), None, "the mock's event loop was late by 251 ms (p99)"),
        (Machine(late=0.251), None, "the noise monitor was late by 251 ms (p99)"),
        (Machine(late=0.5), 2.0, None),
        (Machine(late=0.25), 1.0, None),
        (
            Machine(late=0.251),
            1.0,
            "the noise monitor was late by 251 ms (p99), compared with waits of 1.00 s",
        ),
        (Machine(samples=0), None, "no call of the noise monitor succeeded"),
        (Machine(samples=1), None, None),
    ],
    ids=str,
)
def test_machine_is_noisy_above_its_limits(machine, shortest, reason):
    assert noisy(machine.view(), shortest) == reason


def test_virtual_time_is_never_noisy():
    assert noisy(CaseView.of(record("T03"))) is None
