"""One verdict for one behavior: whatever the threads do first, a refresh without a lock is seen."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import Noise
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.journal_rows import call, grant, met, record

LIST = "sp.campaigns.list"
CALLS = 20


class _Even:
    """A source of numbers without chance."""

    def random(self) -> float:
        return 0.5


EVEN = _Even()


def status_of(rows) -> str:
    (verdict,) = judge_case(load()["A04"], record("A04", *rows)).verdicts
    return verdict.status


def journal_of(threads: int, random, *, has_lock: bool, own_tokens: bool = False):
    """Return the calls of some threads that take 20 lists from a queue; each is refused once.

    With a lock, the first thread of a group fetches the next token for all. Without, each does.
    """
    rows, now = [grant(0)], 1.0
    tokens = [f"own-{n}" if own_tokens else "shared" for n in range(threads)]
    for start in range(0, CALLS, threads):
        numbers = range(start, min(CALLS, start + threads))
        answered = now + 0.7
        for place, number in enumerate(numbers):
            at = now + random.random() * 0.3
            fault = met("refused-together")
            rows.append(
                call(LIST, at, 401, chain=f"c{number}", token=tokens[place], fault=fault)
                | {"tSend": 500 + answered + place / 1000}
            )
        fetchers = numbers[:1] if has_lock else numbers
        rows += [grant(answered + 0.05 + random.random() * 0.3) for _ in fetchers]
        for place, number in enumerate(numbers):
            tokens[place] = f"new-{start}" if has_lock else f"new-{number}"
            rows.append(call(LIST, answered + 0.4, chain=f"c{number}", token=tokens[place]))
        now = answered + 0.5
    return sorted(rows, key=lambda row: row["tArrive"])


@pytest.mark.parametrize("own_tokens", [True, False], ids=["own-tokens", "one-first-token"])
@given(threads=st.integers(4, CALLS), random=st.randoms(use_true_random=False))
def test_refresh_without_a_lock_is_always_a_warning(own_tokens, threads, random):
    rows = journal_of(threads, random, has_lock=False, own_tokens=own_tokens)

    assert status_of(rows) == "WARN"


@given(threads=st.integers(4, CALLS), random=st.randoms(use_true_random=False))
def test_refresh_under_a_lock_always_passes(threads, random):
    assert status_of(journal_of(threads, random, has_lock=True)) == "PASS"


def test_calls_at_one_moment_of_a_frozen_clock_are_grouped_by_the_machine_s_times():
    rows = journal_of(5, EVEN, has_lock=True)
    for row in rows:
        row |= {"cArrive": 1782907200.0, "cSend": 1782907200.0}
    frozen = record("A04", *rows, timebase="sandbox")

    (verdict,) = judge_case(load()["A04"], frozen).verdicts
    assert (verdict.status, verdict.numbers["groups"]) == ("PASS", 4)


@pytest.mark.parametrize(("threads", "status"), [(3, "UNPROVEN"), (4, "WARN")])
def test_the_text_and_the_limit_name_the_same_number_of_calls(threads, status):
    assert status_of(journal_of(threads, EVEN, has_lock=False)) == status


def token_trouble(*waits, noise=None):
    """Return the verdict on token requests that got 503 before each wait."""
    times = list(accumulate(waits, initial=0.0))
    trouble = {"chain": "lwa", "status": 503, "fault": met("token-trouble")}
    failed = [grant(at, took=0.0) | trouble for at in times[:-1]]
    rows = [*failed, grant(times[-1]) | {"chain": "lwa"}, call(LIST, times[-1] + 1)]
    verdicts = judge_case(load()["A08"], replace(record("A08", *rows), noise=noise)).verdicts
    return next(one for one in verdicts if one.check == "A08.waits")


@pytest.mark.parametrize(
    ("waits", "status"),
    [
        ((1.0, 2.0, 4.0), "PASS"),
        ((1.0, 0.01, 4.0), "PASS"),  # full jitter
        ((0.08, 0.12, 0.26), "PASS"),
        ((0.21, 0.11, 0.24), "UNPROVEN"),
        ((0.21, 0.08, 0.06), "UNPROVEN"),
        ((5.0, 2.4, 1.1), "WARN"),  # each below half of the one before
        ((5.0, 2.4, 1.3), "PASS"),
        ((0.008, 0.008, 0.008), "WARN"),
        ((0.01, 0.01, 0.01), "UNPROVEN"),
    ],
)
def test_waits_at_the_token_endpoint_prove_a_backoff_or_nothing(waits, status):
    assert token_trouble(*waits).status == status


def test_noise_excuses_shrinking_waits_and_no_missing_ones():
    noise = Noise(samples=40, mean=0.3, median=0.3, p99=0.6, spread=0.1, lag_p99=0.0)

    assert token_trouble(5.0, 2.4, 1.1, noise=noise).status == "INCONCLUSIVE"
    assert token_trouble(0.008, 0.008, 0.008, noise=noise).status == "WARN"
