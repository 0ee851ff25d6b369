"""Retries by their nouns: backoff, Retry-After, checkers, budget, policy, chain."""

from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.client import Reply, SeededRandom
from adsmock.harness.client.errors import (
    GaveUp,
    Refused,
    ScopeRefused,
    TransportError,
    Untrusted,
    VersionGone,
)
from adsmock.harness.client.retry import checker
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.client.retry.budget import CAPACITY, RetryBudget
from adsmock.harness.client.retry.context import Attempt, Kind, retry_after
from adsmock.harness.client.retry.policy import RETRIES, Decision, RetryPolicy
from tests.unit.harness.client.fake_service import NA, START, ClientFixture, json_reply, throttled

LIST = "/sp/campaigns/list"
RETRY = st.integers(1, 200)
UNKNOWN = [
    Attempt(Kind.CREATE, reply=json_reply(500, {})),
    Attempt(Kind.CREATE, reply=json_reply(503, {})),
    Attempt(Kind.CREATE, reply=Reply(207, {}, b"<html>")),
    Attempt(Kind.CREATE, error=TransportError("reset", "")),
    Attempt(Kind.CREATE, error=TransportError("timeout", "")),
    Attempt(Kind.CREATE, error=TransportError("truncated", "")),
]


class FrozenClock:
    def now(self):
        return START


def policy(seed=1):
    return RetryPolicy(ExponentialBackoff(SeededRandom(seed)), FrozenClock())


@given(retry=RETRY, seed=st.integers())
def test_backoff_stays_between_the_delay_and_twice_the_delay(retry, seed):
    delay = min(60.0, 2.0 ** (retry - 1))
    assert delay <= ExponentialBackoff(SeededRandom(seed)).wait(retry) < 2 * delay


@given(
    retry=RETRY,
    seed=st.integers(),
    floor=st.floats(0, 10_000),
    initial=st.floats(0.001, 10),
    factor=st.floats(1, 4),
)
def test_backoff_never_undercuts_a_floor_on_any_schedule(retry, seed, floor, initial, factor):
    backoff = ExponentialBackoff(SeededRandom(seed))
    backoff.initial, backoff.factor = initial, factor
    assert backoff.wait(retry, floor) >= floor


def test_backoff_spreads_workers_that_got_the_same_second():
    waits = [ExponentialBackoff(SeededRandom(seed)).wait(1, floor=30) for seed in range(20)]
    assert max(waits) - min(waits) > 0.2


@given(seconds=st.integers(0, 100_000), seed=st.integers(), retry=RETRY)
def test_policy_never_undercuts_retry_after(seconds, seed, retry):
    attempt = Attempt(Kind.READ, reply=throttled(seconds))
    assert policy(seed).wait(attempt, retry) >= seconds


@given(seconds=st.integers(-1000, 100_000))
def test_retry_after_reads_an_http_date_against_now(seconds):
    date = format_datetime(datetime.fromtimestamp(START + seconds, UTC), usegmt=True)
    assert retry_after(throttled(date), START) == max(0, seconds)


@pytest.mark.parametrize("written", ["", "soon", "-1", "1e9", "²", "Wed, 99 Foo 2026 00:00:00 GMT"])
def test_retry_after_ignores_what_is_neither_seconds_nor_a_date(written):
    assert retry_after(throttled(written), START) is None


@pytest.mark.parametrize("status", [400, 403, 404, 406, 409, 410, 415, 422])
@pytest.mark.parametrize("kind", list(Kind))
def test_policy_stops_at_refusals(status, kind):
    assert policy().decide(Attempt(kind, reply=json_reply(status, {}))) is Decision.STOP


@pytest.mark.parametrize("attempt", UNKNOWN)
def test_policy_verifies_a_create_whose_outcome_is_unknown(attempt):
    assert policy().decide(attempt) is Decision.VERIFY


@pytest.mark.parametrize("kind", set(Kind) - {Kind.CREATE})
@pytest.mark.parametrize("error", [429, 500, 502, 503, 504])
def test_policy_retries_everything_else_after_transient_trouble(kind, error):
    assert policy().decide(Attempt(kind, reply=json_reply(error, {}))) is Decision.RETRY


@pytest.mark.parametrize(
    "attempt",
    [
        Attempt(Kind.CREATE, reply=throttled()),
        Attempt(Kind.CREATE, error=TransportError("connect", "")),
    ],
)
def test_policy_retries_a_create_that_cannot_have_been_done(attempt):
    assert policy().decide(attempt) is Decision.RETRY


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"half": ', b"null"])
def test_success_without_json_is_unreadable(body):
    attempt = Attempt(Kind.READ, reply=Reply(200, {}, body))
    assert checker.is_unreadable(attempt)
    assert not checker.is_success(attempt)


@given(st.lists(st.booleans(), max_size=400))
def test_budget_stays_between_nothing_and_its_capacity(moves):
    budget = RetryBudget()
    for spend in moves:
        had = budget.left
        if spend:
            assert budget.spend() == (had >= 1)
        else:
            budget.refill()
        assert 0 <= budget.left <= CAPACITY


def test_chain_gives_up_after_ten_retries_and_says_why():
    fixture = ClientFixture()
    fixture.plan(LIST, *[json_reply(503, {})] * 50)
    with pytest.raises(GaveUp, match="after 10 retries: 503"):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(LIST)) == RETRIES + 1


def test_chain_waits_grow_and_are_capped():
    fixture = ClientFixture()
    fixture.plan(LIST, *[throttled()] * 10)
    fixture.client.list("sp.campaigns", NA)
    at = [sent.at for sent in fixture.service.to(LIST)]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    for retry, gap in enumerate(gaps, 1):
        assert min(60, 2 ** (retry - 1)) <= gap + 1e-6 < 2 * 60 + 1e-6


def test_chain_keeps_retry_after_on_the_wire():
    fixture = ClientFixture()
    fixture.plan(LIST, throttled(3), throttled(1), throttled(4))
    fixture.client.list("sp.campaigns", NA)
    at = [sent.at for sent in fixture.service.to(LIST)]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    early = [gap for gap, asked in zip(gaps, [3, 1, 4], strict=True) if gap + 1e-6 < asked]
    assert early == []


def test_chain_gives_up_rather_than_wait_for_hours():
    fixture = ClientFixture()
    fixture.plan(LIST, throttled(7200))
    with pytest.raises(GaveUp, match="the wait of 7200 s exceeds"):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(LIST)) == 1


def test_stranger_is_left_at_once():
    fixture = ClientFixture()
    fixture.plan("na.test" + LIST, *[TransportError("untrusted", "no such authority")] * 5)
    with pytest.raises(Untrusted, match="no such authority"):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to("na.test" + LIST)) == 1


def test_garbled_success_is_tried_three_times_in_all():
    fixture = ClientFixture()
    fixture.plan(LIST, *[Reply(200, {}, b"<html>")] * 9)
    with pytest.raises(GaveUp):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(LIST)) == 3


def test_budget_of_a_dark_region_is_its_own():
    fixture = ClientFixture()
    fixture.plan("na.test" + LIST, *[TransportError("connect", "")] * 500)
    for _ in range(15):
        with pytest.raises(GaveUp):
            fixture.client.list("sp.campaigns", NA)
    tried = len(fixture.service.to("na.test" + LIST))
    assert tried <= CAPACITY + 15 + fixture.service.grants
    fixture.plan("eu.test/eu" + LIST, throttled(), throttled())
    assert fixture.client.list("sp.campaigns", "222") == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (403, Refused), (404, VersionGone), (406, VersionGone), (410, VersionGone)],
)
def test_refusal_is_final_and_named(status, error):
    fixture = ClientFixture()
    fixture.plan(LIST, *[json_reply(status, {"message": "no"})] * 3)
    with pytest.raises(error, match="no") as caught:
        fixture.client.list("sp.campaigns", NA)
    assert type(caught.value) is error
    assert len(fixture.service.to(LIST)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Scope header is missing",
        "Not authorized to access scope 12",
        "No matching advertiser found for scope",
    ],
)
def test_scope_refusal_costs_no_token(text):
    fixture = ClientFixture()
    fixture.plan(LIST, *[json_reply(401, {"code": "401", "details": text})] * 3)
    with pytest.raises(ScopeRefused):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(LIST)) == 1
    assert fixture.service.grants == 1
