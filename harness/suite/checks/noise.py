"""When a machine is too noisy to judge a client by the time that things took.

Knows the figures of the control client and of the mock's own loop. Lower limits need none of it:
no machine makes a wait shorter than it was.
"""

from __future__ import annotations

from adsmock.harness.suite.journal import CaseView

LAG_LIMIT = 0.250
ERROR_SHARE = 0.25
"""When a machine is quiet enough: the server's lag at the 99th percentile, in seconds; the
control client's error at the 99th percentile, as a share of the shortest judged wait."""

LATE_LIMIT = 0.250
"""The control client's error at the 99th percentile, in seconds, where no single wait is judged
but rates, recovery and upper limits: a quarter of the shortest backoff, which is 1 s.

Measured on two cores, 46 waits of 0.25 s each (mean, 99th percentile; lag of the loop): quiet 2.7
and 6 ms; 6 ms. Beside 2 busy processes 9 and 25 ms; 17 ms. 6: 9 and 34 ms; 11 ms. 12: 12 and 40 ms;
8 ms. Simulated for 60 clients beside 12: 143 ms in the middle, 636 ms at the 99th percentile. So
what is called noisy here is a machine that swaps or starves, not one that is merely busy.
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
        return "the control client beside the run got no call through"
    if noise.lag_p99 > LAG_LIMIT:
        return f"the mock was late by {noise.lag_p99 * 1000:.0f} ms at the 99th percentile"
    limit = LATE_LIMIT if shortest is None else ERROR_SHARE * shortest
    if noise.p99 > limit:
        beside = f", beside waits of {shortest:.2f} s" if shortest is not None else ""
        return (
            f"the control client was late by {noise.p99 * 1000:.0f} ms at the 99th percentile"
            + beside
        )
    return None
