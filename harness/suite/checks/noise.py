"""When a machine is too noisy to judge a client by timing.

No machine makes a wait shorter than it was. A single wait below a lower limit is the client's own,
so such limits do not need this. A mean above one may be the machine's: see ``reaches``.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

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


QUIET_MEAN = 0.015
"""Seconds of the control client's mean delay on a quiet machine."""

OWN_WAITS = 2.0
"""On a noisy machine, waits above this multiple of the control client's mean delay are the
client's own.

Simulated, 3,000 runs of 12 waits, mean delays of 30 to 200 ms, exponential or with one stall in 60
waits: an immediate retry passes in none.
"""


def reaches(view: CaseView, waits: Sequence[float], floor: float) -> bool | None:
    """Return whether the waits of a client average at least ``floor``, None if noise hides it.

    Noise only makes waits longer: a mean below the floor is the client's own. Above it the client
    must keep the floor without the noise: on a quiet machine the mean, on a noisy one also the
    median, which no single stall changes, and with a margin.
    """
    mean = fmean(waits)
    if mean < floor:
        return False
    late = view.record.noise.mean if view.record.noise else 0.0
    own = mean - late if late < QUIET_MEAN else min(mean, median(waits)) - OWN_WAITS * late
    return True if own >= floor else None
