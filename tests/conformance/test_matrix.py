"""The suite proves itself: the reference passes everything, each broken client is caught."""

import pytest

from harness.command import selftest
from harness.mutants import MUTANTS
from harness.suite.case import load


@pytest.mark.slow
def test_kill_matrix_is_exact(control):
    # One test for the whole matrix: it is played once, whichever worker gets it.
    rows = selftest.matrix(control, 7)

    assert {name: word for name, _, word in rows} == dict.fromkeys(["reference", *MUTANTS], "exact")
    statuses = {name: found for name, found, _ in rows}
    assert statuses["reference"] == dict.fromkeys(load(), "PASS")
    caught = {
        case
        for name in MUTANTS
        for case, status in statuses[name].items()
        if status in {"FAIL", "WARN"}
    }
    judged = {
        case.id
        for case in load().values()
        if any(check.severity != "INFO" for check in case.checks)
    }
    assert caught == judged


def test_every_must_check_has_a_killer():
    musts = {
        check.id for case in load().values() for check in case.checks if check.severity == "MUST"
    }
    kills = {check for mutant in MUTANTS.values() for check in mutant.kills}

    assert musts <= kills
