"""The pace of a client: lowered by a 429, won back slowly, and without a herd after a pause."""

import pytest

from adsmock.harness.client.clock import RemoteClock
from adsmock.harness.client.limiter import QUOTA_SHARE, SLOW_DOWN_FACTOR, Limiter
from adsmock.harness.client.retry.context import RateLimitKey

LIMIT_KEY = RateLimitKey("NA", "sp.campaigns.list", "sp.read")
OTHER = RateLimitKey("EU", "sp.campaigns.list", "sp.read")


class LimiterFixture:
    def __init__(self, rate=10.0, burst=10.0):
        self.moment = 1000.0
        self.clock = RemoteClock(self.moment, self.advance)
        quota = type("Q", (), {"rate": rate, "burst": burst})
        self.limiter = Limiter({"sp.read": quota}, self.clock, self.clock)

    def advance(self, seconds):
        self.moment += seconds
        return self.moment

    def seconds_for(self, calls, limit_key=LIMIT_KEY):
        start = self.clock.now()
        for _ in range(calls):
            self.limiter.admit(limit_key)
        return self.clock.now() - start


def test_pace_falls_after_a_429_and_only_in_its_region():
    fixture = LimiterFixture()
    fixture.limiter.slow_down(LIMIT_KEY, 0.0)

    assert fixture.seconds_for(9) == pytest.approx(
        9 / (10 * QUOTA_SHARE * SLOW_DOWN_FACTOR), rel=0.1
    )
    assert fixture.seconds_for(9, OTHER) == 0


def test_several_429_at_once_count_as_one():
    once, often = LimiterFixture(), LimiterFixture()
    once.limiter.slow_down(LIMIT_KEY, 0.0)
    for _ in range(5):
        often.limiter.slow_down(LIMIT_KEY, 0.0)

    assert often.seconds_for(20) == pytest.approx(once.seconds_for(20))


def test_pace_is_won_back():
    fixture = LimiterFixture()
    fixture.limiter.slow_down(LIMIT_KEY, 0.0)
    fixture.clock.sleep(120)
    fixture.seconds_for(9)

    assert fixture.seconds_for(90) == pytest.approx(90 / (10 * QUOTA_SHARE), rel=0.05)


def test_calls_behind_a_pause_do_not_come_as_a_herd():
    fixture = LimiterFixture()
    fixture.limiter.pause(LIMIT_KEY, 5.0)
    fixture.limiter.slow_down(LIMIT_KEY, 5.0)

    assert fixture.seconds_for(1) >= 5.0
    assert fixture.seconds_for(5) > 0.5
