"""How long a program waits because of a fault."""

from __future__ import annotations

from math import ceil

from adsmock.harness.suite.case import Fault

BACKOFF_SECONDS = 1.5
"""The wait of a typical program after its first failure; it doubles with each attempt."""


def seconds_of(fault: Fault) -> float:
    """Return the waits that a fault costs a program that obeys Retry-After and backs off."""
    times: int = fault.when.get("times", 1)
    retry_after: int | str = fault.effect.get("retryAfter") or 0
    if isinstance(retry_after, str):
        retry_after = int(retry_after.rpartition(":")[2])
    attempt: int | list[int] = fault.when.get("attempt", 1)
    if isinstance(attempt, list):
        chains = ceil(times / (attempt[1] - attempt[0] + 1))
        return chains * BACKOFF_SECONDS * float(2 ** min(5, int(attempt[1])))
    if "lasts" in fault.when:
        return float(str(fault.when["lasts"])[2:-1])  # such as PT30S
    slow = {"timeout-after-commit": 60.0, "drip": 300.0}.get(fault.kind, 0.0)
    backoff: float = BACKOFF_SECONDS * (1 << (int(attempt) - 1))
    return times * max(float(retry_after), backoff, slow)
