"""Clients that are wrong in how long they wait."""

from __future__ import annotations

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.limiter import Limiter
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.context import Attempt, Lane
from adsmock.harness.client.retry.policy import RetryPolicy
from adsmock.harness.mutants.mutant import Mutant

CLIP = 15.0
"""Seconds to which a Retry-After is cut: more than any case but T02 asks for."""


NINE = 9


class _DeafPolicy(RetryPolicy):
    """Does not read Retry-After."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        del attempt
        return None


class NoRetryAfter(AdsClient):
    """Backs off by its own schedule whatever the service asks for."""

    policy_class = _DeafPolicy


class _ClippingPolicy(RetryPolicy):
    """Waits no longer than it likes."""

    def retry_after(self, attempt: Attempt | None) -> float | None:
        asked = super().retry_after(attempt)
        return None if asked is None else min(asked, CLIP)


class ClippedRetryAfter(AdsClient):
    """Cuts a long Retry-After to its own maximum delay."""

    policy_class = _ClippingPolicy


class _ConstantBackoff(ExponentialBackoff):
    """Waits about the same each time."""

    def delay(self, retry: int) -> float:
        del retry
        return super().delay(1)


class ConstantBackoff(AdsClient):
    """Waits one to two seconds before every retry, or Retry-After."""

    backoff_class = _ConstantBackoff


class _LinearBackoff(ExponentialBackoff):
    """Waits one second more each time."""

    def delay(self, retry: int) -> float:
        return super().delay(1) * retry


class LinearBackoff(AdsClient):
    """Adds to its delay where it should multiply it."""

    backoff_class = _LinearBackoff


class _ExactBackoff(ExponentialBackoff):
    """Doubles to the millisecond."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        return max(self.delay(retry), floor)


class NoJitter(AdsClient):
    """Waits exactly 1, 2, 4 seconds."""

    backoff_class = _ExactBackoff


class _CommonBackoff(ExponentialBackoff):
    """Draws its jitter from one seed, anew for each call."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        delay = self.delay(retry)
        return max(delay, floor) + delay * (retry * 0.37 % 1)


class SameSeed(AdsClient):
    """Jitters, but equally in every worker and every call."""

    backoff_class = _CommonBackoff


class _LongBackoff(ExponentialBackoff):
    """Lets the delay grow far beyond a minute."""

    def delay(self, retry: int) -> float:
        return min(130.0, 2.0 ** (retry - 1))


class _NinePolicy(RetryPolicy):
    """Makes nine retries, so that long waits end within the time a call may take."""

    def allows(self, attempt: Attempt | None, retries: int) -> bool:
        return super().allows(attempt, retries) and retries < NINE


class LongWaits(AdsClient):
    """Has no maximum delay to speak of."""

    backoff_class = _LongBackoff
    policy_class = _NinePolicy


class _NoBackoff(ExponentialBackoff):
    """Waits for nothing."""

    def wait(self, retry: int, floor: float = 0.0) -> float:
        del retry, floor
        return 0.0


class _OpenLimiter(Limiter):
    """Holds nobody back."""

    def admit(self, lane: Lane) -> None:
        """Let everyone pass."""

    def pause(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""


class ZeroWait(AdsClient):
    """Tries again at once, whatever it was told."""

    backoff_class = _NoBackoff
    limiter_class = _OpenLimiter


class Herd(AdsClient):
    """Comes back to the second, with all of its workers."""

    backoff_class = _ExactBackoff
    limiter_class = _OpenLimiter


class _AloneLimiter(Limiter):
    """Tells nobody of a named wait."""

    def pause(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""

    def slow_down(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""


class WorkersAlone(AdsClient):
    """Lets each worker find out by itself that a route is throttled."""

    limiter_class = _AloneLimiter


MUTANTS = (
    Mutant(
        "herd",
        "comes back to the second, with all of its workers",
        ("M01.ratio", "T05.jitter", "T10.pause", "T11.herd", "T13.ratio"),
        Herd,
    ),
    Mutant(
        "workers-alone",
        "lets every worker run into a throttled route by itself",
        ("M01.ratio", "T10.pause", "T13.ratio"),
        WorkersAlone,
    ),
    Mutant(
        "no-retry-after",
        "ignores Retry-After; its own backoff is right",
        (
            "E05.early",
            "T01.early",
            "T02.early",
            "T10.pause",
            "X04.early",
        ),
        NoRetryAfter,
    ),
    Mutant(
        "clipped-retry-after",
        "cuts a long Retry-After to 15 seconds",
        ("T02.early",),
        ClippedRetryAfter,
    ),
    Mutant(
        "constant-backoff",
        "waits about one second before every retry; honours Retry-After",
        ("B06.growth", "O01.rpo", "O03.rpo", "O03.rto", "T03.growth", "T04.curve"),
        ConstantBackoff,
    ),
    Mutant(
        "linear-backoff",
        "waits a second more after each failure",
        ("O03.rpo", "T04.curve"),
        LinearBackoff,
    ),
    Mutant("no-jitter", "waits exactly 1, 2, 4 seconds", ("T05.jitter",), NoJitter),
    Mutant(
        "same-seed", "draws the same jitter in every worker and call", ("T05.jitter",), SameSeed
    ),
    Mutant("long-waits", "lets its delay grow beyond two minutes", ("T07.cap",), LongWaits),
    Mutant(
        "zero-wait",
        "tries again at once, whatever it was told",
        (
            "B01.paced",
            "B06.growth",
            "E01.paced",
            "E04.paced",
            "E05.early",
            "G01.resumes",
            "M01.ratio",
            "M06.lost",
            "N02.paced",
            "O01.load",
            "O01.rpo",
            "O01.rto",
            "O02.rpo",
            "O03.load",
            "O03.rpo",
            "O03.rto",
            "R06.slower",
            "T01.early",
            "T02.early",
            "T03.growth",
            "T04.curve",
            "T05.jitter",
            "T08.paced",
            "T10.pause",
            "T11.herd",
            "T13.goodput",
            "T13.ratio",
            "X04.early",
        ),
        ZeroWait,
    ),
)
