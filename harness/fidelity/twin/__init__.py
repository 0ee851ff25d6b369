"""The fixed plan that is sent to the service and to a mock, call by call."""

from adsmock.harness.fidelity.twin.plan import Step, read_plan
from adsmock.harness.fidelity.twin.run import Budget, TwinRun, Twins, run
from adsmock.harness.fidelity.twin.side import Side

__all__ = ["Budget", "Side", "Step", "TwinRun", "Twins", "read_plan", "run"]
