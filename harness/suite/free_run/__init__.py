"""A free run: the program's own work, first without faults and then with them.

Two clean passes show what the program calls and what it achieves. The second one starts two seconds
later, so that a time in a name differs. Each later round places the faults of several cases on
those calls, in a fresh sandbox with the same data. What the clean passes achieved is the intent:
after a round, the same must be there exactly once, or the program must have ended with an exit code
other than 0.

Other rooms import ``run`` and ``Limits``.
"""

from adsmock.harness.suite.free_run.limits import Limits
from adsmock.harness.suite.free_run.run import run

__all__ = ["Limits", "run"]
