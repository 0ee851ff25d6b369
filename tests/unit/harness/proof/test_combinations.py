"""Random combinations of clients: repeatable, different, half of them correct."""

from collections import Counter

import pytest

from adsmock.harness.combination import CombinationError
from adsmock.harness.proof import combined_client, random_combinations


def test_same_seed_gives_the_same_combinations():
    first, second = random_combinations(40, 7), random_combinations(40, 7)

    assert first.clients == second.clients
    assert random_combinations(40, 8).clients != first.clients


def test_half_of_them_are_correct_and_none_comes_twice():
    clients = random_combinations(200, 3).clients

    assert Counter(one.kind for one in clients) == {"benign": 100, "mutant": 100}
    assert len({one.label for one in clients}) == 200
    assert all(bool(one.kills) == (one.kind == "mutant") for one in clients)


def test_choices_that_conflict_are_skipped_with_their_reason():
    skipped = random_combinations(200, 3).skipped

    assert skipped
    assert all("override" in reason or "of its own" in reason for reason in skipped.values())
    with pytest.raises(CombinationError):
        combined_client(next(iter(skipped)))


def test_broken_combination_runs_the_cases_that_catch_its_defects():
    client = combined_client("mutant:no-jitter+mutant:float-ids")

    assert client.label == "mutant:no-jitter+mutant:float-ids"
    assert client.cases == {"T05", "D01"}
    assert client.habit == "waits exactly 1, 2, 4 seconds, and reads ids as floating-point numbers"


def test_correct_combination_runs_all_cases():
    assert combined_client("benign:no-gzip+benign:small-pages").cases == frozenset()
