"""When a machine is too noisy to judge a client by timing.

Lower limits do not need this: no machine makes a wait shorter than it was.
"""

from __future__ import annotations

from adsmock.harness.suite.journal import CaseView

LAG_LIMIT = 0.250
ERROR_SHARE = 0.25
"""Limits of a quiet machine: the mock's p99 lag in seconds, and the control client's p99 error as a
share of the shortest judged wait."""

LATE_LIMIT = 0.250
"""The control client's p99 error limit in seconds for rates, recovery and upper limits: a quarter
of the shortest backoff, which is 1 s.

Measured on two cores, 46 waits of 0.25 s each, as mean, p99; lag of the loop. Quiet: 2.7, 6; 6 ms.
Next to 2 busy processes: 9, 25; 17 ms. Next to 6: 9, 34; 11 ms. Next to 12: 12, 40; 8 ms. Simulated
for 60 clients next to 12: median 143 ms, p99 636 ms. So a noisy machine is one that swaps or
starves, not one that is merely busy.
"""


def noisy(view: CaseView, shortest: float | None = None) -> str | None:
    """Return why a machine was too noisy, None when it was quiet or the time virtual.

    Args:
        view: the case.
        shortest: the shortest wait in seconds that single waits are judged by; None where only
            means over many, rates or upper limits are.
    """
    noise = view.record.noise
    if noise is None:
        return None
    if not noise.samples:
        return "no call of the noise monitor succeeded"
    if noise.lag_p99 > LAG_LIMIT:
        return f"the mock's event loop was late by {noise.lag_p99 * 1000:.0f} ms (p99)"
    limit = LATE_LIMIT if shortest is None else ERROR_SHARE * shortest
    if noise.p99 > limit:
        waits = f", compared with waits of {shortest:.2f} s" if shortest is not None else ""
        return f"the noise monitor was late by {noise.p99 * 1000:.0f} ms (p99){waits}"
    return None
