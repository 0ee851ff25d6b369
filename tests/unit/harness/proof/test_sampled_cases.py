"""Which cases a client runs in the matrix: a broken one its own and a sample of the others."""

from collections import Counter

import pytest

from adsmock.harness.mutants import MUTANTS
from adsmock.harness.proof import own_cases, proof_clients, with_sampled_cases
from adsmock.harness.proof.clients import LARGE, SHARE
from adsmock.harness.suite import case

CASES = tuple(case.load().values())
LARGE_CASES = {each.id for each in CASES if each.trigger.min_calls >= LARGE}
BROKEN = proof_clients("mutant:*")


def run_by(client, seed=7):
    """Return the ids of the cases that a client runs in the matrix."""
    return with_sampled_cases(client, CASES, seed).cases


def test_five_cases_are_large():
    assert {"M01", "M02", "M04", "T13", "T14"} == LARGE_CASES


def test_broken_client_runs_its_own_cases_and_few_others():
    for client in BROKEN:
        assert own_cases(client, CASES) <= run_by(client)
        assert run_by(client) & LARGE_CASES <= own_cases(client, CASES)
        assert len(run_by(client)) < len(CASES) / 2


def test_own_cases_are_those_of_its_checks_and_those_where_its_invariants_show():
    (timid,) = proof_clients("timid")

    assert own_cases(timid, CASES) == {"M06", "T13"}
    for client in BROKEN:
        assert set(MUTANTS[client.name].cases) <= own_cases(client, CASES)


def test_broken_clients_together_run_each_case_many_times():
    runs = Counter(name for client in BROKEN for name in run_by(client))

    for each in CASES:
        if each.every:
            assert runs[each.id] == len(BROKEN), "an invariant is judged for each client"
        elif each.id not in LARGE_CASES:
            assert runs[each.id] > len(BROKEN) / SHARE / 2
    assert runs.keys() == {each.id for each in CASES}


def test_seed_chooses_the_sample():
    assert run_by(BROKEN[0]) == run_by(BROKEN[0])
    assert run_by(BROKEN[0]) != run_by(BROKEN[0], seed=8)


@pytest.mark.parametrize("label", ["reference", "benign:poll-30s"])
def test_correct_clients_run_all_cases(label):
    (client,) = proof_clients(label)

    assert with_sampled_cases(client, CASES, 7) == client
