"""Which clients run in the large cases: those that prove something in them."""

from adsmock.harness.proof import proof_clients, without_large_cases
from adsmock.harness.proof.clients import LARGE
from adsmock.harness.suite import case

CASES = tuple(case.load().values())
LARGE_CASES = {each.id for each in CASES if each.trigger.min_calls >= LARGE}


def run_by(name):
    """Return the ids of the cases that a client runs in the matrix."""
    (client,) = proof_clients(name)
    return set(without_large_cases(client, CASES).cases or (each.id for each in CASES))


def test_five_cases_are_large():
    assert {"M01", "M02", "M04", "T13", "T14"} == LARGE_CASES


def test_broken_client_skips_only_the_large_cases_that_prove_nothing_about_it():
    everything = {each.id for each in CASES}

    assert run_by("no-jitter") == everything - LARGE_CASES
    assert run_by("timid") & LARGE_CASES == {"T13"}


def test_correct_clients_run_all_cases():
    assert run_by("reference") == run_by("benign:poll-30s") == {each.id for each in CASES}


def test_each_large_case_is_run_by_a_client_that_it_must_catch():
    ran = set().union(*(run_by(each.label) for each in proof_clients("mutant:*")))

    assert ran == {each.id for each in CASES}
