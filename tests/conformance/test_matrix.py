"""The suite proves itself: the reference passes everything, each broken client is caught."""

import pytest

from harness.command import selftest
from harness.mutants import MUTANTS
from harness.suite.case import load

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def matrix(control):
    return {name: (statuses, word) for name, statuses, word in selftest.matrix(control, 7)}


def test_reference_passes_every_case(matrix):
    statuses, word = matrix["reference"]

    assert word == "exact"
    assert statuses == dict.fromkeys(load(), "PASS")


@pytest.mark.parametrize("name", MUTANTS)
def test_broken_client_is_caught_by_its_checks_and_by_no_other(matrix, name):
    assert matrix[name][1] == "exact"


def test_every_case_is_shown_to_catch_somebody(matrix):
    caught = {
        case
        for statuses, _ in matrix.values()
        for case, status in statuses.items()
        if status in {"FAIL", "WARN"}
    }

    assert caught == set(load())


def test_every_must_check_has_a_killer():
    musts = {
        check.id for case in load().values() for check in case.checks if check.severity == "MUST"
    }
    kills = {check for mutant in MUTANTS.values() for check in mutant.kills}

    assert musts <= kills
