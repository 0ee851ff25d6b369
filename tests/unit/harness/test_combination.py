"""Clients as one: what combines, and what conflicts."""

from itertools import combinations

import pytest

from adsmock.harness.client import AdsClient
from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.client.retry.backoff import ExponentialBackoff
from adsmock.harness.combination import CombinationError, combined
from adsmock.harness.compliant_variants import COMPLIANT_VARIANTS
from adsmock.harness.mutants import MUTANTS

LABELS = [f"mutant:{name}" for name in MUTANTS] + [f"benign:{name}" for name in COMPLIANT_VARIANTS]


@pytest.mark.parametrize("label", LABELS)
def test_a_single_client_is_itself(label):
    kind, _, name = label.partition(":")
    row = (MUTANTS if kind == "mutant" else COMPLIANT_VARIANTS)[name]

    assert combined(label).factory is row.factory
    assert combined(label).kills == frozenset(getattr(row, "kills", ()))


def test_different_parts_are_taken_from_both():
    one = combined("mutant:no-jitter+benign:small-pages")

    assert one.factory.backoff_class is MUTANTS["no-jitter"].factory.backoff_class
    assert one.factory.pager_class is COMPLIANT_VARIANTS["small-pages"].factory.pager_class
    assert one.factory.policy_class is AdsClient.policy_class
    assert one.kills == {"T05.jitter"}
    assert one.cases == {"T05"}
    assert one.habits == ("waits exactly 1, 2, 4 seconds", "reads small pages")


def test_different_methods_of_one_part_are_inherited_from_both():
    backoff = combined("benign:base-2s+benign:full-jitter").factory.backoff_class
    waits = [backoff(SeededRandom(7)).wait(1) for _ in range(3)]

    assert issubclass(backoff, ExponentialBackoff)
    assert backoff(SeededRandom(7)).delay(1) == 2.0
    assert 0 <= min(waits) < max(waits, default=0) + 1e-9 <= 2.0


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("benign:full-jitter+benign:equal-jitter", "both override ExponentialBackoff.wait"),
        ("mutant:herd+mutant:workers-alone", "Limiter.pause, Limiter.slow_down"),
        ("benign:profiles-first+benign:reads-back", "both override AdsClient.create"),
        ("benign:shared-token+benign:no-gzip", "shared-token runs clients of its own"),
        ("mutant:no-retry+mutant:no-retry", "RetryPolicy.allows"),
    ],
)
def test_what_both_override_is_named(label, reason):
    with pytest.raises(CombinationError, match=reason):
        combined(label)


@pytest.mark.parametrize("label", ["mutant:nobody", "benign:no-jitter", "other:no-jitter", ""])
def test_unknown_client_is_a_key_error(label):
    with pytest.raises(KeyError):
        combined(label)


def test_most_pairs_combine():
    pairs = list(combinations(LABELS, 2))
    conflicts = 0
    for first, second in pairs:
        try:
            combined(f"{first}+{second}")
        except CombinationError:
            conflicts += 1

    assert conflicts < len(pairs) / 5


def test_workers_are_those_of_the_most_parallel_client():
    assert combined("benign:concurrent-32+benign:no-gzip").workers == 32
